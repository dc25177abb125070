package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Ints;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// The variance over dimensions.
///
/// - **Formula** `y = Σ (x − mean)² / (n − correction)`, `dx = 2 g (x − mean) / (n − correction)`;
///   with no degrees of freedom left NaN, or infinite
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`, or `[.., 1, ..]`
/// - **DType** f32, f64
/// - **Smooth** everywhere
/// - **ONNX** ReduceMean + ReduceSum
/// - **Source** the corrected two-pass algorithm: T. Chan, G. Golub, R. LeVeque, Algorithms for
///   computing the sample variance (1983)
///
/// @param dims the dimensions; none means all
/// @param correction what is taken off the number of elements: 1 for the unbiased form
/// @param keepDim whether the dimensions stay, with size 1
public record Var(Ints dims, int correction, boolean keepDim) implements Reduction {

  /// Makes the prototype: unbiased, of everything.
  public Var() {
    this(Ints.NONE, 1, false);
  }

  /// Returns the variance of `x` over `dims`, or over all dimensions if none are given.
  ///
  /// @throws AutogradException (`DTYPE`) if `x` is not floating, (`INDEX`, `ARGUMENT`) as [Sum#sum]
  public static Tensor var(Tensor x, int[] dims, int correction, boolean keepDim) {
    return new Var(Ints.of(dims), correction, keepDim).apply(x);
  }

  @Override
  public Var over(Ints dims, boolean keepDim) {
    return new Var(dims, correction, keepDim);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    if (ctx.needs(0)) {
      ctx.save(x);
    }
    Shape from = x.shape();
    return Tensor.of(Moments.of("var", x, gone(from), correction).variance(), left(from));
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor x = ctx.saved(0);
    Shape from = x.shape();
    return new Tensor[] {Moments.backward(x, restored(g, from), gone(from), correction)};
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    return Moments.onnx(graph, in[0], gone(in[0].shape()), correction, keepDim);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Var(), s.randn(2, 3));
    s.add(new Var(Ints.of(1), 0, false), s.randn(2, 3));
    s.add(new Var(Ints.of(0, -1), 1, true), s.randn(2, 3, 4).transpose(0, 1));
    s.add(new Var(Ints.of(1), 2, false), s.randn(2, 4));
    s.add(new Var(Ints.of(1), 1, false), s.randn(0, 2));
    s.add(new Var(Ints.NONE, 0, false), s.randn());
    s.reject(new Var(), "floating-point", s.indices(3, 2));
  }
}
