package dev.autograd.ops.shape;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorCopy;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A constant border around a tensor; copies. Negative amounts cut entries off.
///
/// - **Formula** `y[.., low + i, ..] = x[.., i, ..]`, `value` elsewhere; `dx = g` without the
///   border
/// - **Shapes** `x: [.., n, ..] → y: [.., low + n + high, ..]`
/// - **DType** all
/// - **Smooth** everywhere
/// - **ONNX** Pad (13)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.pad.html
///
/// @param low how many entries come before, one amount for each of the last dimensions, in order
/// @param high how many entries come after, as many as `low`
/// @param value what the border holds
public record Pad(Ints low, Ints high, double value) implements Function {

  /// Makes the prototype, which adds a zero on either side of the last dimension.
  public Pad() {
    this(Ints.of(1), Ints.of(1), 0);
  }

  /// Surrounds the last dimensions of `x` with `value`.
  ///
  /// @param padding amounts before and after the last dimension, then those of the one before it, …
  /// @throws AutogradException (`ARGUMENT`) if the amounts are odd in number, too many, or leave a
  ///   negative size
  public static Tensor pad(Tensor x, int[] padding, double value) {
    if (padding.length % 2 != 0) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "pad: amounts come in pairs, before and after a dimension, got " + Ints.of(padding));
    }
    int n = padding.length / 2;
    int[] low = new int[n];
    int[] high = new int[n];
    for (int d = 0; d < n; d++) {
      low[d] = padding[2 * (n - 1 - d)];
      high[d] = padding[2 * (n - 1 - d) + 1];
    }
    return new Pad(Ints.of(low), Ints.of(high), value).apply(x);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Shape to = padded(x.shape());
    Storage y = Storage.zeros(x.dtype(), to.numel());
    int[] strides = to.strides();
    if (value != 0) {
      TensorCopy.fill(to.dims(), value, y, 0, strides);
    }
    int[] from = x.strides();
    int[] inner = x.shape().dims();
    int source = x.offset();
    int target = 0;
    int lead = inner.length - low.size();
    for (int i = 0; i < low.size(); i++) {
      int d = lead + i;
      source += Math.max(0, -low.get(i)) * from[d];
      target += Math.max(0, low.get(i)) * strides[d];
      inner[d] = Math.max(0, inner[d] + Math.min(0, low.get(i)) + Math.min(0, high.get(i)));
    }
    TensorCopy.copy(inner, x.memory(), source, from, y, target, strides);
    return Tensor.of(y, to);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    int[] before = new int[low.size()];
    int[] after = new int[low.size()];
    for (int i = 0; i < before.length; i++) {
      before[i] = -low.get(i);
      after[i] = -high.get(i);
    }
    return new Tensor[] {new Pad(Ints.of(before), Ints.of(after), 0).apply(g)};
  }

  private Shape padded(Shape from) {
    int[] to = from.dims();
    int lead = to.length - low.size();
    if (lead < 0 || low.size() != high.size()) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "pad: takes at most an amount before and one after each dimension, got "
              + low
              + " and "
              + high
              + " for shape "
              + from);
    }
    for (int i = 0; i < low.size(); i++) {
      to[lead + i] += low.get(i) + high.get(i);
      if (to[lead + i] < 0) {
        throw new AutogradException(
            ErrorKind.ARGUMENT,
            "pad: more entries are cut off than there are, got "
                + low
                + " and "
                + high
                + " for shape "
                + from);
      }
    }
    return Shape.of(to);
  }

  /// Adds a zero border to one dimension.
  static OnnxGraph.Value onnxPad(
      OnnxGraph graph, OnnxGraph.Value x, int axis, int before, int after) {
    int rank = x.shape().rank();
    long[] pads = new long[2 * rank];
    pads[axis] = before;
    pads[rank + axis] = after;
    int size = x.shape().size(axis) + before + after;
    return onnxPad(graph, x, pads, 0, x.shape().with(axis, size));
  }

  private static OnnxGraph.Value onnxPad(
      OnnxGraph graph, OnnxGraph.Value x, long[] pads, double value, Shape to) {
    if (x.dtype() != DType.BOOL) {
      return graph.node(
          "Pad",
          Map.of("mode", "constant"),
          x.dtype(),
          to,
          x,
          graph.constant(pads),
          graph.scalar(x.dtype(), value));
    }
    // Runtimes pad numbers only.
    OnnxGraph.Value bytes = graph.node("Cast", Map.of("to", DType.I32), DType.I32, x.shape(), x);
    OnnxGraph.Value padded =
        graph.node(
            "Pad",
            Map.of("mode", "constant"),
            DType.I32,
            to,
            bytes,
            graph.constant(pads),
            graph.scalar(DType.I32, value != 0 ? 1 : 0));
    return graph.node("Cast", Map.of("to", DType.BOOL), DType.BOOL, to, padded);
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    padded(Batch.sampleShape(in[0]));
    return apply(in); // amounts are of the last dimensions
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    Shape from = in[0].shape();
    Shape to = padded(from);
    int lead = from.rank() - low.size();
    long[] pads = new long[2 * from.rank()];
    for (int i = 0; i < low.size(); i++) {
      pads[lead + i] = low.get(i);
      pads[from.rank() + lead + i] = high.get(i);
    }
    return onnxPad(graph, in[0], pads, value, to);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Pad(), s.randn(2, 3));
    s.add(new Pad(Ints.of(1, 0), Ints.of(0, 2), 1.5), s.randn(3, 2).transpose(0, 1));
    s.add(new Pad(Ints.of(-1), Ints.of(2), 0), s.randn(2, 3));
    s.add(new Pad(Ints.of(-1), Ints.of(-2), 0), s.randn(3));
    s.add(new Pad(Ints.of(2), Ints.of(-3), 0), s.randn(2));
    s.add(new Pad(Ints.NONE, Ints.NONE, 0), s.randn());
    s.add(new Pad(Ints.of(1), Ints.of(1), 0), s.randn(0));
    s.reject(new Pad(Ints.of(-2), Ints.of(-2), 0), "more entries are cut off", s.randn(3));
    s.reject(new Pad(Ints.of(1, 1), Ints.of(1, 1), 0), "at most an amount", s.randn(3));
  }
}
