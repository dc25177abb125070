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
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The gradients of [LayerNorm] in one pass, for a walk that records nothing.
///
/// Takes g, x, mean, rstd and the weight if there is one; returns those of dx, dw, db that are
/// wanted. Where gradients are recorded, [LayerNorm] writes them as operations instead.
record LayerNormGrad(Shape normalized, boolean dx, boolean dw, boolean db)
    implements MultiFunction {

  @Override
  public boolean differentiable() {
    return false;
  }

  @Override
  public Tensor[] forward(Context ctx, Tensor... in) {
    DType dtype = Operands.floating(name(), in);
    Tensor g = in[0].contiguous();
    Tensor x = in[1].contiguous();
    Tensor mean = BatchNorm.whole(in[2]);
    Tensor rstd = BatchNorm.whole(in[3]);
    Tensor w = in.length > 4 ? in[4].contiguous() : null;
    Tensor gx = dx ? Tensor.empty(x.shape(), dtype) : null;
    Tensor gw = dw ? Tensor.empty(normalized, dtype) : null;
    Tensor gb = db ? Tensor.empty(normalized, dtype) : null;
    int n = normalized.numel();
    if (n > 0) {
      LayerNormKernels.backward(g, x, n, w, mean, rstd, gx, gw, gb);
    }
    return BatchNorm.present(gx, gw, gb);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
    throw new IllegalStateException("layer_norm_grad is never recorded");
  }

  @Override
  public Tensor[] batched(Batch batch, Tensor... in) {
    Tensor[] aligned = batch.aligned(in);
    Tensor[] all = batch.repeated(aligned);
    Tensor g = all[0];
    Tensor x = all[1];
    Tensor gx = null;
    if (dx) {
      var op = new LayerNormGrad(normalized, true, false, false);
      boolean shared = in.length > 4 && !batch.has(4);
      Tensor gw = in.length > 4 && !shared ? g.mul(aligned[4]) : g;
      gx = (shared ? op.apply(gw, x, all[2], all[3], in[4]) : op.apply(gw, x, all[2], all[3]))[0];
    }
    int[] rows = IntStream.range(1, x.rank() - normalized.rank()).toArray();
    Tensor gw = dw ? summed(g.mul(x.sub(all[2]).mul(all[3])), rows) : null;
    return BatchNorm.present(gx, gw, db ? summed(g, rows) : null);
  }

  private static Tensor summed(Tensor x, int... dims) {
    return dims.length == 0 ? x : x.sum(dims, false);
  }

  @Override
  public Value[] onnx(OnnxGraph graph, Value... in) {
    var f = new OnnxFormula(graph);
    int rank = in[1].shape().rank();
    int kept = rank - normalized.rank();
    int[] axes = IntStream.range(kept, rank).toArray();
    int[] rows = IntStream.range(0, kept).toArray();
    Value g = in[0];
    Value hat = f.mul(f.sub(in[1], in[2]), in[3]);
    List<Value> out = new ArrayList<>(3);
    if (dx) {
      Value gw = in.length > 4 ? f.mul(g, in[4]) : g;
      Value rest = f.sub(gw, f.mean(gw, axes));
      out.add(f.mul(in[3], f.sub(rest, f.mul(hat, f.mean(f.mul(gw, hat), axes)))));
    }
    if (dw) {
      Value each = f.mul(g, hat);
      out.add(f.reshape(kept == 0 ? each : f.sum(each, rows), normalized.dims()));
    }
    if (db) {
      out.add(f.reshape(kept == 0 ? g : f.sum(g, rows), normalized.dims()));
    }
    return out.toArray(Value[]::new);
  }
}
