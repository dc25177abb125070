package dev.autograd.ops.normalization;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// The gradient of [LogSoftmax] from the incoming gradient `g` and its result `y`, in one pass.
///
/// - **Formula** `dx = g − exp(y) Σ g`; with h its gradient: `dg = h − Σ h exp(y)`, `dy = −h exp(y)
///   Σ g`
/// - **Shapes** `g [*], y [*] → dx [*]`
/// - **DType** f32, f64
/// - **Smooth** everywhere
/// - **ONNX** decomposed
/// - **Saves** g, y
///
/// @param dim the dimension of the softmax
public record LogSoftmaxGrad(int dim) implements Function {

  /// Makes the operation along the last dimension.
  public LogSoftmaxGrad() {
    this(-1);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor dx = SoftmaxKernels.logBackward(name(), in[0], in[1], dim);
    if (ctx.needs(0) || ctx.needs(1)) {
      ctx.save(in);
    }
    return dx;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor h) {
    Tensor g = ctx.saved(0);
    Tensor p = ctx.saved(1).exp();
    Tensor hp = h.mul(p);
    return new @Nullable Tensor[] {
      ctx.needs(0) ? h.sub(hp.sum(new int[] {dim}, true)) : null,
      ctx.needs(1) ? hp.mul(g.sum(new int[] {dim}, true)).neg() : null
    };
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return batch.along(name(), dim, LogSoftmaxGrad::new, in);
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    var f = new OnnxFormula(graph);
    if (in[0].shape().rank() == 0) {
      return f.mul(in[0], 0.0);
    }
    int axis = in[0].shape().axis(name(), dim);
    return f.sub(in[0], f.mul(f.unary("Exp", in[1]), f.sum(in[0], axis)));
  }

  @Override
  public void samples(Samples s) {
    s.add(this, s.randn(3, 4), s.uniform(0.1, 0.9, 3, 4));
    s.add(new LogSoftmaxGrad(0), s.randn(3, 4), s.uniform(0.1, 0.9, 3, 4));
    s.add(new LogSoftmaxGrad(1), s.randn(2, 4, 3).transpose(1, 2), s.uniform(0.1, 0.9, 2, 3, 4));
    s.add(this, s.randn(0, 3), s.randn(0, 3));
    s.reject(this, "must have the same shape", s.randn(2, 3), s.randn(3, 2));
  }
}
