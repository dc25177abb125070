package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Ints;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// The minimum over dimensions, its gradient spread evenly over ties.
///
/// - **Formula** `y = min x`, `dx = g / (number of ties)` where `x = y`, 0 elsewhere; a NaN wins,
///   and then the NaNs share
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`, or `[.., 1, ..]`
/// - **DType** all but f16, bf16
/// - **Smooth** where the minimum is unique
/// - **ONNX** ReduceMin (13)
/// - **Source** the subgradient of least norm
///
/// @param dims the dimensions to compare over; none means all
/// @param keepDim whether they stay, with size 1
public record Amin(Ints dims, boolean keepDim) implements Reduction {

  /// Makes the prototype, which compares everything.
  public Amin() {
    this(Ints.NONE, false);
  }

  /// Takes the least element of `x` over `dims`, or over all dimensions if none are given.
  ///
  /// @throws AutogradException (`SHAPE`) if there is nothing to choose from, (`INDEX`, `ARGUMENT`)
  ///   as [Sum#sum]
  public static Tensor amin(Tensor x, int[] dims, boolean keepDim) {
    return new Amin(Ints.of(dims), keepDim).apply(x);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Tensor y = Tensor.of(Reductions.extreme("amin", x, gone(x.shape()), false), left(x.shape()));
    if (ctx.needs(0)) {
      ctx.save(x, y);
    }
    return y;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {Ties.spread(this, ctx.saved(0), ctx.saved(1), g)};
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    return OnnxReduce.extreme(graph, "ReduceMin", in[0], gone(in[0].shape()), keepDim);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Amin(), s.distinct(2, 3));
    s.add(new Amin(Ints.of(1), false), s.distinct(2, 3));
    s.add(new Amin(Ints.of(0, -1), true), s.distinct(2, 3, 4).transpose(0, 1));
    s.add(new Amin(Ints.of(1), false), s.randn(0, 2));
    s.add(new Amin(), s.randn());
    s.reject(new Amin(), "no elements to choose from", s.randn(0));
    s.reject(new Amin(Ints.of(1), false), "no elements to choose from", s.randn(2, 0));
    s.reject(new Amin(Ints.of(2), false), "dimension must lie in", s.randn(2, 3));
  }
}
