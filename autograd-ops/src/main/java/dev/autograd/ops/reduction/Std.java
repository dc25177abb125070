package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Ints;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// The standard deviation over dimensions.
///
/// - **Formula** `y = √(Σ (x − mean)² / (n − correction))`, `dx = g (x − mean) / (y (n −
///   correction))`, and 0 where `y = 0`
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`, or `[.., 1, ..]`
/// - **DType** f32, f64
/// - **Smooth** where elements differ
/// - **ONNX** ReduceMean + ReduceSum + Sqrt
/// - **Source** [Var]; at 0 the subgradient of least norm
///
/// @param dims the dimensions; none means all
/// @param correction what is taken off the number of elements: 1 for the unbiased form
/// @param keepDim whether the dimensions stay, with size 1
public record Std(Ints dims, int correction, boolean keepDim) implements Reduction {

  /// Makes the prototype: unbiased, of everything.
  public Std() {
    this(Ints.NONE, 1, false);
  }

  /// Returns the standard deviation of `x` over `dims`, or over all dimensions if none are given.
  ///
  /// @throws AutogradException (`DTYPE`) if `x` is not floating, (`INDEX`, `ARGUMENT`) as [Sum#sum]
  public static Tensor std(Tensor x, int[] dims, int correction, boolean keepDim) {
    return new Std(Ints.of(dims), correction, keepDim).apply(x);
  }

  @Override
  public Std over(Ints dims, boolean keepDim) {
    return new Std(dims, correction, keepDim);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Shape from = x.shape();
    Storage v = Moments.of("std", x, gone(from), correction).variance();
    Tensor y = Tensor.of(root(v), left(from));
    if (ctx.needs(0)) {
      ctx.save(x, y);
    }
    return y;
  }

  private static Storage root(Storage v) {
    if (v.dtype() == DType.F32) {
      float[] all = v.floats();
      for (int i = 0; i < all.length; i++) {
        all[i] = (float) Math.sqrt(all[i]);
      }
    } else {
      double[] all = v.doubles();
      for (int i = 0; i < all.length; i++) {
        all[i] = Math.sqrt(all[i]);
      }
    }
    return v;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor x = ctx.saved(0);
    Tensor y = ctx.saved(1);
    Shape from = x.shape();
    Tensor flat = y.detach().eq(0);
    // The divisor is replaced before the division, so that no infinity arises to be masked after
    // it.
    Tensor ofVariance = g.div(y.maskedFill(flat, 1).mul(2)).maskedFill(flat, 0);
    return new Tensor[] {Moments.backward(x, restored(ofVariance, from), gone(from), correction)};
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    return OnnxReduce.unary(
        graph, "Sqrt", Moments.onnx(graph, in[0], gone(in[0].shape()), correction, keepDim));
  }

  @Override
  public void samples(Samples s) {
    s.add(new Std(), s.distinct(2, 3));
    s.add(new Std(Ints.of(1), 0, false), s.distinct(2, 3));
    s.add(new Std(Ints.of(0, -1), 1, true), s.distinct(2, 3, 4).transpose(0, 1));
    s.add(new Std(Ints.of(1), 1, false), s.randn(0, 2));
    s.reject(new Std(), "floating-point", s.indices(3, 2));
  }
}
