package dev.autograd.ops.normalization;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.MultiFunction;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The gradients of [BatchNorm] in one pass, for a walk that records nothing.
///
/// Takes g, x, mean, var and the weight if there is one; returns those of dx, dw, db that are
/// wanted. Where gradients are recorded, [BatchNorm] writes them as operations instead.
record BatchNormGrad(double eps, boolean dx, boolean dw, boolean db) implements MultiFunction {

  @Override
  public boolean differentiable() {
    return false;
  }

  @Override
  public Tensor[] forward(Context ctx, Tensor... in) {
    DType dtype = Operands.floating(name(), in);
    Tensor g = BatchNorm.together(in[0]);
    Tensor x = BatchNorm.together(in[1]);
    Tensor mean = BatchNorm.whole(in[2]);
    Tensor var = BatchNorm.whole(in[3]);
    Tensor w = in.length > 4 ? in[4].contiguous() : null;
    int n = x.size(0);
    int c = x.size(1);
    int s = BatchNorm.inner(x.shape());
    Tensor gx = dx ? Tensor.empty(x.shape(), dtype) : null;
    Tensor gw = dw ? Tensor.empty(Shape.of(c), dtype) : null;
    Tensor gb = db ? Tensor.empty(Shape.of(c), dtype) : null;
    BatchNormKernels.backward(g, x, n, c, s, mean, var, eps, w, gx, gw, gb);
    return BatchNorm.present(gx == null ? null : BatchNorm.apart(gx, in[1].shape()), gw, gb);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
    throw new IllegalStateException("batch_norm_grad is never recorded");
  }

  @Override
  public Tensor[] batched(Batch batch, Tensor... in) {
    Tensor[] found = apply(BatchNorm.besides(batch, 2, in));
    for (int k = 0; k < found.length; k++) {
      found[k] = batch.unfolded(found[k], dx && k == 0 ? 1 : 0);
    }
    return found;
  }

  @Override
  public Value[] onnx(OnnxGraph graph, Value... in) {
    var f = new OnnxFormula(graph);
    Shape x = in[1].shape();
    DType dtype = in[1].dtype();
    int[] axes = BatchNorm.axes(x);
    int[] per = BatchNorm.perChannel(x);
    int c = x.size(1);
    Value g = in[0];
    Value deviation = f.unary("Sqrt", f.add(in[3], graph.scalar(dtype, eps)));
    Value rstd = f.reshape(f.unary("Reciprocal", deviation), per);
    Value hat = f.mul(f.sub(in[1], f.reshape(in[2], per)), rstd);
    Value ghat = f.mul(g, hat);
    List<Value> out = new ArrayList<>(3);
    if (dx) {
      Value scale = in.length > 4 ? f.mul(rstd, f.reshape(in[4], per)) : rstd;
      Value rest = f.sub(f.sub(g, f.mean(g, axes)), f.mul(hat, f.mean(ghat, axes)));
      out.add(f.mul(scale, rest));
    }
    if (dw) {
      out.add(f.reshape(f.sum(ghat, axes), c));
    }
    if (db) {
      out.add(f.reshape(f.sum(g, axes), c));
    }
    return out.toArray(Value[]::new);
  }
}
