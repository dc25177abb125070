package dev.autograd.ops.normalization;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Normalises every channel by a given mean and variance, then scales and shifts: batch
/// normalisation outside training.
///
/// - **Formula** `y = (x − mean) rstd w + b`, `rstd = 1 / √(var + eps)`; `dx = g w rstd`, `dw = Σ g
///   (x − mean) rstd`, `db = Σ g`; mean and var are not differentiated
/// - **Shapes** `x [N, C, *], mean, var, w, b [C] → y [N, C, *]`
/// - **DType** f32, f64
/// - **Smooth** everywhere
/// - **ONNX** BatchNormalization (15)
/// - **Saves** mean, var; x for dw, w for dx
///
/// @param eps what is added to the variance
/// @param weight whether there is a scale, the fourth operand
/// @param bias whether there is a shift, the last operand
public record BatchNormEval(double eps, boolean weight, boolean bias) implements Function {

  /// Makes the operation with scale and shift.
  public BatchNormEval() {
    this(1e-5, true, true);
  }

  static Tensor batchNorm(
      Tensor x,
      Tensor mean,
      Tensor var,
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      double eps) {
    Tensor[] in =
        Operands.promoted(
            "batch_norm", BatchNorm.present(x, mean.detach(), var.detach(), weight, bias));
    return new BatchNormEval(eps, weight != null, bias != null).apply(in);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Operands.count("batch_norm_eval", in, 3 + (weight ? 1 : 0) + (bias ? 1 : 0));
    DType dtype = Operands.floating("batch_norm", in);
    int c = BatchNorm.channels("batch_norm", in[0].shape());
    Tensor x = BatchNorm.together(in[0]);
    Tensor mean = BatchNorm.whole(BatchNorm.affine("running mean", in[1], c, in[0].shape()));
    Tensor var = BatchNorm.whole(BatchNorm.affine("running variance", in[2], c, in[0].shape()));
    Tensor w = weight ? BatchNorm.affine("weight", in[3], c, in[0].shape()) : null;
    Tensor b = bias ? BatchNorm.affine("bias", in[in.length - 1], c, in[0].shape()) : null;
    Tensor y = Tensor.empty(x.shape(), dtype);
    int s = BatchNorm.inner(x.shape());
    BatchNormKernels.forward(x, x.size(0), c, s, mean, var, eps, w, b, y);
    if (weight && ctx.needs(3)) {
      ctx.save(in[1], in[2], in[3], in[0]);
    } else if (weight && ctx.needs(0)) {
      ctx.save(in[1], in[2], in[3]);
    } else if (ctx.needs(0)) {
      ctx.save(in[1], in[2]);
    }
    return BatchNorm.apart(y, in[0].shape());
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Shape shape = ctx.inputShape(0);
    int[] per = BatchNorm.perChannel(shape);
    int[] axes = BatchNorm.axes(shape);
    int inputs = 3 + (weight ? 1 : 0) + (bias ? 1 : 0);
    @Nullable Tensor[] dx = new Tensor[inputs];
    if (ctx.needs(0)) {
      Tensor rstd = rstd(ctx);
      Tensor scale = weight ? rstd.mul(ctx.saved(2)) : rstd;
      dx[0] = g.mul(scale.reshape(per));
    }
    if (bias && ctx.needs(inputs - 1)) {
      dx[inputs - 1] = g.sum(axes);
    }
    if (weight && ctx.needs(3)) {
      Tensor centred = ctx.saved(3).sub(ctx.saved(0).reshape(per));
      dx[3] = g.mul(centred).sum(axes).mul(rstd(ctx));
    }
    return dx;
  }

  private Tensor rstd(Context ctx) {
    return ctx.saved(1).add(eps).rsqrt();
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    BatchNorm.channels("batch_norm", Batch.sampleShape(batch.repeated(in)[0]));
    for (int i = 1; i < in.length; i++) {
      if (batch.has(i)) {
        return batch.unfolded(apply(BatchNorm.besides(batch, 1, in)), 1);
      }
    }
    Tensor[] all = in.clone();
    all[0] = Batch.folded(in[0], 0);
    return batch.unfolded(apply(all), 0);
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    DType dtype = in[0].dtype();
    Shape c = Shape.of(in[0].shape().size(1));
    Value w = weight ? in[3] : graph.constant(Tensor.ones(c, dtype));
    Value b = bias ? in[in.length - 1] : graph.constant(Tensor.zeros(c, dtype));
    return graph.node(
        "BatchNormalization",
        Map.of("epsilon", (float) eps),
        dtype,
        in[0].shape(),
        in[0],
        w,
        b,
        in[1],
        in[2]);
  }

  @Override
  public void samples(Samples s) {
    boolean[] affine = {true, false, false, true, true};
    s.add(this, affine, s.randn(4, 3), s.randn(3), s.uniform(0.5, 2, 3), s.randn(3), s.randn(3));
    s.add(
        this,
        affine,
        s.randn(2, 2, 3, 3).permute(0, 3, 1, 2),
        s.randn(3),
        s.uniform(0.5, 2, 3),
        s.randn(3),
        s.randn(3));
    s.add(
        new BatchNormEval(0.1, false, false),
        new boolean[] {true, false, false},
        s.randn(1, 2),
        s.randn(2),
        s.uniform(0.5, 2, 2));
    s.add(
        new BatchNormEval(0.1, false, true),
        new boolean[] {true, false, false, true},
        s.randn(0, 2, 3),
        s.randn(2),
        s.uniform(0.5, 2, 2),
        s.randn(2));
    s.reject(
        this,
        "running mean must have shape",
        s.randn(2, 3),
        s.randn(2),
        s.randn(3),
        s.randn(3),
        s.randn(3));
  }
}
