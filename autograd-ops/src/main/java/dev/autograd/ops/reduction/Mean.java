package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.reduce.Axes;
import dev.autograd.kernel.reduce.Reduce;
import dev.autograd.ops.shape.Expand;
import dev.autograd.ops.shape.Ints;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// The average over dimensions.
///
/// - **Formula** `y = Σ x / n`, `dx = g / n` expanded, a view that takes no memory
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`, or `[.., 1, ..]`
/// - **DType** f32, f64
/// - **Smooth** everywhere
/// - **ONNX** ReduceMean (13)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.mean.html
///
/// @param dims the dimensions to average over; none means all
/// @param keepDim whether they stay, with size 1
public record Mean(Ints dims, boolean keepDim) implements Reduction {

  /// Makes the prototype, which averages everything.
  public Mean() {
    this(Ints.NONE, false);
  }

  /// Averages `x` over `dims`, or over all dimensions if none are given; nothing averages to NaN.
  ///
  /// @throws AutogradException (`DTYPE`) if `x` is not floating, (`INDEX`, `ARGUMENT`) as [Sum#sum]
  public static Tensor mean(Tensor x, int[] dims, boolean keepDim) {
    return new Mean(Ints.of(dims), keepDim).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Mean over(Ints dims, boolean keepDim) {
    return new Mean(dims, keepDim);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Dims.requireFloating("mean", x);
    Axes axes = Dims.axes(x, gone(x.shape()));
    Storage y = Storage.empty(x.dtype(), axes.outputs());
    if (x.dtype() == DType.F32) {
      Reductions.read(x, axes, all -> Reduce.mean(all, axes, y.floats(), 0));
    } else {
      Reductions.read(x, axes, all -> Reduce.mean(all, axes, y.doubles(), 0));
    }
    return Tensor.of(y, left(x.shape()));
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Shape from = ctx.inputShape(0);
    int n = Dims.count(from, gone(from));
    return new Tensor[] {Expand.expand(restored(g, from).div(n), from.dims())};
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    return OnnxReduce.reduce(graph, "ReduceMean", in[0], gone(in[0].shape()), keepDim);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Mean(), s.randn(2, 3));
    s.add(new Mean(Ints.of(-1), false), s.randn(2, 3));
    s.add(new Mean(Ints.of(0, 2), true), s.randn(2, 3, 4).transpose(0, 1));
    s.add(new Mean(Ints.of(1), false), s.randn(0, 2));
    s.add(new Mean(), s.randn());
    s.reject(new Mean(), "floating-point", s.indices(3, 2));
    s.reject(new Mean(Ints.of(3), false), "dimension must lie in", s.randn(2, 3));
  }
}
