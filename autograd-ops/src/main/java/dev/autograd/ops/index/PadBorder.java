package dev.autograd.ops.index;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorCopy;
import dev.autograd.ops.memory.TensorIndex;
import dev.autograd.ops.shape.Ints;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A border around a tensor that repeats its own entries: reflected, replicated or circular;
/// copies.
///
/// - **Formula** `y[.., i, ..] = x[.., source(i − low), ..]`, `source` being as [Border] says; `dx`
///   adds up `g` over all copies of an entry
/// - **Shapes** `x: [.., n, ..] → y: [.., low + n + high, ..]`
/// - **DType** f32, f64, i64, i32, u8, bool
/// - **Smooth** everywhere
/// - **ONNX** Pad (13); Slice, Concat where it is circular
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.pad.html
///
/// @param border what is repeated
/// @param low how many entries come before, one amount for each of the last dimensions, in order
/// @param high how many entries come after, as many as `low`
public record PadBorder(Border border, Ints low, Ints high) implements Function {
  /// Makes the prototype, which reflects one entry on either side of the last dimension.
  public PadBorder() {
    this(Border.REFLECT, Ints.of(1), Ints.of(1));
  }

  /// Surrounds the last dimensions of `x` with its own entries.
  ///
  /// @param padding amounts before and after the last dimension, then those of the one before it, …
  /// @throws AutogradException (`ARGUMENT`) if the amounts are odd in number, too many, negative,
  ///   or greater than the border has entries to repeat
  public static Tensor pad(Tensor x, int[] padding, Border border) {
    if (padding.length % 2 != 0) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "pad_border: amounts come in pairs, before and after a dimension, got "
              + Ints.of(padding));
    }
    int n = padding.length / 2;
    int[] low = new int[n];
    int[] high = new int[n];
    for (int d = 0; d < n; d++) {
      low[d] = padding[2 * (n - 1 - d)];
      high[d] = padding[2 * (n - 1 - d) + 1];
    }
    return new PadBorder(border, Ints.of(low), Ints.of(high)).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor y = in[0];
    int lead = lead(y.shape());
    for (int i = 0; i < low.size(); i++) {
      long[] at = sources(y.shape(), lead + i, i);
      Shape to = y.shape().with(lead + i, at.length);
      y = Tensor.of(TensorIndex.select("pad_border", y, lead + i, at, Shape.of(at.length)), to);
    }
    return low.isEmpty() ? TensorCopy.contiguous(y) : y;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Shape from = ctx.inputShape(0);
    int lead = lead(from);
    Tensor dx = g;
    for (int i = low.size() - 1; i >= 0; i--) {
      int d = lead + i;
      Tensor zeros = Tensor.zeros(dx.shape().with(d, from.size(d)), g.dtype());
      dx = IndexAdd.indexAdd(zeros, d, Tensor.of(sources(from, d, i)), dx);
    }
    return new Tensor[] {dx};
  }

  private long[] sources(Shape from, int d, int i) {
    int n = from.size(d);
    long[] at = new long[low.get(i) + n + high.get(i)];
    for (int k = 0; k < at.length; k++) {
      at[k] = border.source(k - low.get(i), n);
    }
    return at;
  }

  /// Returns the first dimension with a border.
  private int lead(Shape from) {
    int lead = from.rank() - low.size();
    if (lead < 0 || low.size() != high.size()) {
      throw refused("takes at most an amount before and one after each dimension", from);
    }
    for (int i = 0; i < low.size(); i++) {
      int limit = border.limit(from.size(lead + i));
      if (Math.min(low.get(i), high.get(i)) < 0) {
        throw refused("amounts cannot be negative", from);
      }
      if (Math.max(low.get(i), high.get(i)) > limit) {
        throw refused(
            "a border of kind "
                + border
                + " has at most "
                + limit
                + " entries in dimension "
                + (lead + i),
            from);
      }
    }
    return lead;
  }

  private AutogradException refused(String rule, Shape from) {
    return new AutogradException(
        ErrorKind.ARGUMENT,
        "pad_border: " + rule + ", got " + low + " and " + high + " for shape " + from);
  }

  private Shape padded(Shape from) {
    int lead = lead(from);
    for (int i = 0; i < low.size(); i++) {
      from = from.with(lead + i, low.get(i) + from.size(lead + i) + high.get(i));
    }
    return from;
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    lead(Batch.sampleShape(in[0]));
    return apply(in); // amounts are of the last dimensions
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    Value x = in[0];
    int rank = x.shape().rank();
    int lead = lead(x.shape());
    if (low.isEmpty()) {
      return graph.node("Identity", Map.of(), x.dtype(), x.shape(), x);
    }
    if (border == Border.CIRCULAR) {
      for (int i = 0; i < low.size(); i++) {
        x = wrapped(graph, x, lead + i, low.get(i), high.get(i));
      }
      return x;
    }
    long[] pads = new long[2 * rank];
    for (int i = 0; i < low.size(); i++) {
      pads[lead + i] = low.get(i);
      pads[rank + lead + i] = high.get(i);
    }
    return graph.node(
        "Pad",
        Map.of("mode", border == Border.REFLECT ? "reflect" : "edge"),
        x.dtype(),
        padded(x.shape()),
        x,
        graph.constant(pads));
  }

  private static Value wrapped(OnnxGraph graph, Value x, int d, int before, int after) {
    List<Value> parts = new ArrayList<>();
    if (before > 0) {
      parts.add(slice(graph, x, d, -before, Integer.MAX_VALUE, before));
    }
    parts.add(x);
    if (after > 0) {
      parts.add(slice(graph, x, d, 0, after, after));
    }
    return graph.node(
        "Concat",
        Map.of("axis", d),
        x.dtype(),
        x.shape().with(d, before + x.shape().size(d) + after),
        parts.toArray(Value[]::new));
  }

  private static Value slice(OnnxGraph graph, Value x, int d, long start, long end, int size) {
    return graph.node(
        "Slice",
        Map.of(),
        x.dtype(),
        x.shape().with(d, size),
        x,
        graph.constant(start),
        graph.constant(end),
        graph.constant(d));
  }

  @Override
  public void samples(Samples s) {
    for (Border each : Border.values()) {
      s.add(new PadBorder(each, Ints.of(1), Ints.of(1)), s.randn(3));
      s.add(new PadBorder(each, Ints.of(2, 0), Ints.of(1, 1)), s.randn(2, 4, 3));
      s.add(new PadBorder(each, Ints.of(1, 1), Ints.of(0, 2)), s.randn(3, 2).transpose(0, 1));
      s.add(new PadBorder(each, Ints.of(1), Ints.of(1)), s.randn(0, 3));
      s.add(new PadBorder(each, Ints.NONE, Ints.NONE), s.randn());
      s.reject(new PadBorder(each, Ints.of(1), Ints.of(0)), "at most 0 entries", s.randn(0));
    }
    s.reject(this, "takes at most an amount", s.randn());
    s.reject(new PadBorder(border, Ints.of(3), Ints.of(0)), "at most 2 entries", s.randn(3));
    s.reject(new PadBorder(border, Ints.of(-1), Ints.of(0)), "cannot be negative", s.randn(3));
  }
}
