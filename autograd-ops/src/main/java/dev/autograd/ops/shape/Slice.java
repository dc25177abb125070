package dev.autograd.ops.shape;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Evenly spaced entries along a dimension; a view.
///
/// - **Formula** `y[.., i, ..] = x[.., start + i·step, ..]`, `dx = g` at the entries taken, 0
///   elsewhere
/// - **Shapes** `x: [.., n, ..] → y: [.., ⌈(end − start) / step⌉, ..]`
/// - **DType** all
/// - **Smooth** everywhere
/// - **ONNX** Slice (13)
/// - **Source** https://numpy.org/doc/stable/user/basics.indexing.html
///
/// Limits count from the end if they are negative, and are then clipped into `[0, n]`.
///
/// @param dim the dimension; negative counts from the end
/// @param start the first entry
/// @param end the entry before which to stop; `Integer.MAX_VALUE` for no limit
/// @param step the distance of entries, at least 1
public record Slice(int dim, int start, int end, int step) implements Function {

  /// Makes the prototype, which takes every entry of the first dimension.
  public Slice() {
    this(0, 0, Integer.MAX_VALUE, 1);
  }

  /// Returns every `step`-th entry of `[start, end)` along `dim`.
  ///
  /// @throws AutogradException (`INDEX`) if there is no such dimension, (`ARGUMENT`) if `step` is
  ///   not positive
  public static Tensor slice(Tensor x, int dim, int start, int end, int step) {
    return new Slice(dim, start, end, step).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Range r = range("slice", x.shape());
    int[] strides = x.strides();
    int offset = r.size() == 0 ? x.offset() : x.offset() + r.start() * strides[r.axis()];
    strides[r.axis()] *= step;
    return x.alias(x.shape().with(r.axis(), r.size()), strides, offset);
  }

  @Override
  public boolean plainViews() {
    return true;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Shape shape = ctx.inputShape(0);
    Range r = range("slice", shape);
    return new Tensor[] {Unslice.unslice(g, r.axis(), r.start(), step, shape.size(r.axis()))};
  }

  /// The entries that a slice takes.
  record Range(int axis, int start, int size) {}

  /// Finds what this takes of a tensor of `shape`.
  Range range(String who, Shape shape) {
    if (shape.rank() == 0) {
      throw new AutogradException(ErrorKind.INDEX, who + ": a scalar has no dimension to slice");
    }
    if (step < 1) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          who + ": step must be positive, got " + step + ". Use flip to reverse the order.");
    }
    int axis = shape.axis(who, dim);
    int n = shape.size(axis);
    int from = Math.clamp(start < 0 ? start + n : start, 0, n);
    int to = Math.clamp(end < 0 ? end + n : end, from, n);
    return new Range(axis, from, (to - from + step - 1) / step);
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    Range r = range("slice", Batch.sampleShape(in[0]));
    return slice(in[0], r.axis() + 1, start, end, step);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    Range r = range("slice", in[0].shape());
    return graph.node(
        "Slice",
        Map.of(),
        in[0].dtype(),
        in[0].shape().with(r.axis(), r.size()),
        in[0],
        graph.constant(start),
        graph.constant(end == Integer.MAX_VALUE ? Long.MAX_VALUE : end),
        graph.constant(r.axis()),
        graph.constant(step));
  }

  @Override
  public void samples(Samples s) {
    s.add(new Slice(0, 1, 3, 1), s.randn(4, 2));
    s.add(new Slice(-1, 0, 5, 2), s.randn(2, 5));
    s.add(new Slice(1, -3, -1, 1), s.randn(4, 2).transpose(0, 1));
    s.add(new Slice(0, -100, 100, 3), s.randn(5));
    s.add(new Slice(0, 3, 1, 1), s.randn(5));
    s.add(new Slice(), s.randn(0, 2));
    s.reject(new Slice(0, 0, 1, 0), "step must be positive", s.randn(3));
    s.reject(new Slice(0, 0, 1, 1), "no dimension", s.randn());
  }
}
