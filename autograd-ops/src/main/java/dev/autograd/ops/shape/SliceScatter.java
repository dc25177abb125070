package dev.autograd.ops.shape;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorCopy;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// A copy of `x` with `source` written over a slice of it.
///
/// - **Formula** `y = x`, but `y[.., start + i·step, ..] = source[.., i, ..]`; `dx = g` with zeros
///   at the slice, `dsource = g` at the slice
/// - **Shapes** `x: [.., n, ..]`, `source:` the shape of the slice `→ y: [.., n, ..]`
/// - **DType** all
/// - **Smooth** everywhere
/// - **ONNX** ScatterND (16) between two Transposes
/// - **Source** https://numpy.org/doc/stable/user/basics.indexing.html
///
/// @param dim the dimension; negative counts from the end
/// @param start the first entry
/// @param end the entry before which to stop; `Integer.MAX_VALUE` for no limit
/// @param step the distance of entries, at least 1
public record SliceScatter(int dim, int start, int end, int step) implements Function {

  /// Makes the prototype, which replaces everything.
  public SliceScatter() {
    this(0, 0, Integer.MAX_VALUE, 1);
  }

  /// Returns a copy of `x` with `source` in place of `x.slice(dim, start, end, step)`.
  ///
  /// @throws AutogradException (`SHAPE`) if `source` has not the shape of the slice, (`DTYPE`) if
  ///   it has another element type, and as [Slice#slice]
  public static Tensor sliceScatter(
      Tensor x, Tensor source, int dim, int start, int end, int step) {
    return new SliceScatter(dim, start, end, step).apply(x, source);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Tensor source = in[1];
    Slice.Range r = range(x.shape());
    Shape want = x.shape().with(r.axis(), r.size());
    if (!source.shape().equals(want)) {
      throw new AutogradException(
          ErrorKind.SHAPE,
          "slice_scatter: source must have the shape of the slice, "
              + want
              + ", got "
              + source.shape());
    }
    if (source.dtype() != x.dtype()) {
      throw new AutogradException(
          ErrorKind.DTYPE,
          "slice_scatter: source must have the type of x, "
              + x.dtype()
              + ", got "
              + source.dtype());
    }
    Tensor y = TensorCopy.contiguous(x);
    int[] strides = y.strides();
    int offset = r.start() * strides[r.axis()];
    strides[r.axis()] *= step;
    TensorCopy.into(source, y.memory(), offset, strides);
    return y;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    @Nullable Tensor[] grads = new Tensor[2];
    if (ctx.needs(0)) {
      grads[0] = apply(g, Tensor.zeros(ctx.inputShape(1), g.dtype()));
    }
    if (ctx.needs(1)) {
      grads[1] = Slice.slice(g, dim, start, end, step);
    }
    return grads;
  }

  private Slice.Range range(Shape shape) {
    return new Slice(dim, start, end, step).range("slice_scatter", shape);
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    Tensor[] all = batch.repeated(in);
    int axis = range(Batch.sampleShape(all[0])).axis() + 1;
    return new SliceScatter(axis, start, end, step).apply(all);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    Slice.Range r = range(in[0].shape());
    long[] at = new long[r.size()];
    for (int i = 0; i < at.length; i++) {
      at[i] = r.start() + (long) i * step;
    }
    int[] order =
        IntStream.concat(
                IntStream.of(r.axis()),
                IntStream.range(0, in[0].shape().rank()).filter(d -> d != r.axis()))
            .toArray();
    Permute front = new Permute(Ints.of(order));
    OnnxGraph.Value x = front.onnx(graph, in[0]);
    OnnxGraph.Value rows =
        graph.node(
            "Unsqueeze",
            Map.of(),
            DType.I64,
            Shape.of(at.length, 1),
            graph.constant(at),
            graph.constant(1));
    OnnxGraph.Value y =
        graph.node("ScatterND", Map.of(), x.dtype(), x.shape(), x, rows, front.onnx(graph, in[1]));
    int[] inverse = new int[order.length];
    for (int d = 0; d < order.length; d++) {
      inverse[order[d]] = d;
    }
    return new Permute(Ints.of(inverse)).onnx(graph, y);
  }

  @Override
  public void samples(Samples s) {
    s.add(new SliceScatter(0, 1, 3, 1), s.randn(4, 2), s.randn(2, 2));
    s.add(new SliceScatter(-1, 0, 5, 2), s.randn(2, 5), s.randn(3, 2).transpose(0, 1));
    s.add(new SliceScatter(0, 2, 2, 1), s.randn(3), s.randn(0));
    s.reject(new SliceScatter(0, 0, 2, 1), "shape of the slice", s.randn(3), s.randn(3));
  }
}
