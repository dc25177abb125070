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

/// The gradient of [Softmax] from the incoming gradient `g` and its result `y`, in one pass.
///
/// - **Formula** `dx = y (g − Σ g y)`; with h its gradient: `dg = y (h − Σ h y)`, `dy = h (g − Σ g
///   y) − g Σ h y`
/// - **Shapes** `g [*], y [*] → dx [*]`
/// - **DType** f32, f64
/// - **Smooth** everywhere
/// - **ONNX** decomposed
/// - **Saves** g, y
///
/// @param dim the dimension of the softmax
public record SoftmaxGrad(int dim) implements Function {

  /// Makes the operation along the last dimension.
  public SoftmaxGrad() {
    this(-1);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor dx = SoftmaxKernels.backward(name(), in[0], in[1], dim);
    if (ctx.needs(0) || ctx.needs(1)) {
      ctx.save(in);
    }
    return dx;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor h) {
    Tensor g = ctx.saved(0);
    Tensor y = ctx.saved(1);
    int[] along = {dim};
    return new @Nullable Tensor[] {
      ctx.needs(0) ? new SoftmaxGrad(dim).apply(h, y) : null,
      ctx.needs(1)
          ? h.mul(g.sub(g.mul(y).sum(along, true))).sub(g.mul(h.mul(y).sum(along, true)))
          : null
    };
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return batch.along(name(), dim, SoftmaxGrad::new, in);
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    var f = new OnnxFormula(graph);
    if (in[0].shape().rank() == 0) {
      return f.mul(in[0], 0.0);
    }
    int axis = in[0].shape().axis(name(), dim);
    return f.mul(in[1], f.sub(in[0], f.sum(f.mul(in[0], in[1]), axis)));
  }

  @Override
  public void samples(Samples s) {
    s.add(this, s.randn(3, 4), s.uniform(0.1, 0.9, 3, 4));
    s.add(new SoftmaxGrad(0), s.randn(3, 4), s.uniform(0.1, 0.9, 3, 4));
    s.add(new SoftmaxGrad(1), s.randn(2, 4, 3).transpose(1, 2), s.uniform(0.1, 0.9, 2, 3, 4));
    s.add(this, s.randn(0, 3), s.randn(0, 3));
    s.reject(this, "must have the same shape", s.randn(2, 3), s.randn(3, 2));
  }
}
