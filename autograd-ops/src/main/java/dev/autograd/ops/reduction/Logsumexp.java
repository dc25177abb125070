package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.reduce.Axes;
import dev.autograd.kernel.reduce.Reduce;
import dev.autograd.ops.shape.Ints;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// The logarithm of the sum of exponentials over dimensions, without overflow.
///
/// - **Formula** `y = ln Σ eˣ`, `dx = g · e^(x − y)`; where all are −∞, `y = −∞` and `dx = 0`
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`, or `[.., 1, ..]`
/// - **DType** f32, f64
/// - **Smooth** everywhere
/// - **ONNX** ReduceLogSumExp (13)
/// - **Source** P. Blanchard, D. Higham, N. Higham, Accurately computing the log-sum-exp and
///   softmax functions (2021)
///
/// @param dims the dimensions; none means all
/// @param keepDim whether they stay, with size 1
public record Logsumexp(Ints dims, boolean keepDim) implements Reduction {

  /// Makes the prototype, which folds everything.
  public Logsumexp() {
    this(Ints.NONE, false);
  }

  /// Returns `ln Σ eˣ` over `dims`, or over all dimensions if none are given.
  ///
  /// @throws AutogradException (`DTYPE`) if `x` is not floating, (`INDEX`, `ARGUMENT`) as [Sum#sum]
  public static Tensor logsumexp(Tensor x, int[] dims, boolean keepDim) {
    return new Logsumexp(Ints.of(dims), keepDim).apply(x);
  }

  @Override
  public Logsumexp over(Ints dims, boolean keepDim) {
    return new Logsumexp(dims, keepDim);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Dims.requireFloating("logsumexp", x);
    Axes axes = Dims.axes(x, gone(x.shape()));
    Storage v = Storage.empty(x.dtype(), axes.outputs());
    if (x.dtype() == DType.F32) {
      Reduce.logSumExp(x.memory().floats(), x.offset(), axes, v.floats(), 0);
    } else {
      Reduce.logSumExp(x.memory().doubles(), x.offset(), axes, v.doubles(), 0);
    }
    Tensor y = Tensor.of(v, left(x.shape()));
    if (ctx.needs(0)) {
      ctx.save(x, y);
    }
    return y;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor x = ctx.saved(0);
    Tensor y = ctx.saved(1);
    Shape from = x.shape();
    // With 0 for y = −∞ the weights are e^(−∞) = 0 instead of e^(−∞ + ∞).
    Tensor shift = y.maskedFill(y.detach().eq(Double.NEGATIVE_INFINITY), 0);
    return new Tensor[] {x.sub(restored(shift, from)).exp().mul(restored(g, from))};
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    return OnnxReduce.reduce(graph, "ReduceLogSumExp", in[0], gone(in[0].shape()), keepDim);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Logsumexp(), s.randn(2, 3));
    s.add(new Logsumexp(Ints.of(1), false), s.randn(2, 3));
    s.add(new Logsumexp(Ints.of(0, -1), true), s.randn(2, 3, 4).transpose(0, 1));
    s.add(new Logsumexp(Ints.of(0), false), s.uniform(900, 1000, 3));
    s.add(new Logsumexp(Ints.of(1), false), s.randn(0, 2));
    s.add(new Logsumexp(), s.randn());
    s.reject(new Logsumexp(), "floating-point", s.indices(3, 2));
  }
}
