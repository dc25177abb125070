package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Expand;
import dev.autograd.ops.shape.Ints;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// The sum over dimensions.
///
/// - **Formula** `y = Σ x`, `dx = g` expanded, a view that takes no memory
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`, or `[.., 1, ..]`
/// - **DType** f32, f64; i64 for integers, and for bool, whose true elements are counted
/// - **Smooth** everywhere
/// - **ONNX** ReduceSum (13)
/// - **Source** N. Higham, The accuracy of floating point summation, SIAM J. Sci. Comput. 14
///   (1993): blocks are added pairwise
///
/// @param dims the dimensions to sum over; none means all
/// @param keepDim whether they stay, with size 1
public record Sum(Ints dims, boolean keepDim) implements Reduction {

  /// Makes the prototype, which sums everything.
  public Sum() {
    this(Ints.NONE, false);
  }

  /// Sums `x` over `dims`, or over all dimensions if none are given; nothing sums to 0.
  ///
  /// @throws AutogradException (`INDEX`) if there is no such dimension, (`ARGUMENT`) if one is
  ///   named twice
  public static Tensor sum(Tensor x, int[] dims, boolean keepDim) {
    return new Sum(Ints.of(dims), keepDim).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Sum over(Ints dims, boolean keepDim) {
    return new Sum(dims, keepDim);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Shape from = in[0].shape();
    return Tensor.of(Reductions.sum("sum", in[0], gone(from)), left(from));
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Shape from = ctx.inputShape(0);
    return new Tensor[] {Expand.expand(restored(g, from), from.dims())};
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    return OnnxReduce.reduce(
        graph, "ReduceSum", OnnxReduce.summable(graph, in[0]), gone(in[0].shape()), keepDim);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Sum(), s.randn(2, 3));
    s.add(new Sum(Ints.of(0), false), s.randn(2, 3));
    s.add(new Sum(Ints.of(-1, 0), true), s.randn(2, 3, 4).transpose(0, 1));
    s.add(new Sum(Ints.of(1), false), s.randn(2, 0));
    s.add(new Sum(), s.randn());
    s.add(new Sum(Ints.of(0), true), s.randn());
    s.reject(new Sum(Ints.of(2), false), "dimension must lie in", s.randn(2, 3));
    s.reject(new Sum(Ints.of(0, -2), false), "named once", s.randn(2, 3));
  }
}
