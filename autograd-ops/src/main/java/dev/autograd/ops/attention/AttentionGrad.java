package dev.autograd.ops.attention;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.MultiFunction;
import dev.autograd.Tensor;
import dev.autograd.kernel.attention.Attention;
import dev.autograd.kernel.attention.AttentionShape;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import java.util.Arrays;
import java.util.Objects;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/// The gradients of [ScaledDotProductAttention] without the matrix of weights, for a backward that
/// records nothing.
///
/// Takes the gradient of the result, the result `y [*, L, F]`, its logarithms `[*, L, 1]`, q, k, v
/// and the mask, if there is one; returns those of dq, dk and dv that are wanted, with all leading
/// dimensions.
record AttentionGrad(
    boolean causal, @Nullable Double scale, boolean masked, boolean dq, boolean dk, boolean dv)
    implements MultiFunction {

  @Override
  public boolean differentiable() {
    return false;
  }

  @Override
  public Tensor[] forward(Context ctx, Tensor... in) {
    DType dtype = Operands.floating(name(), Arrays.copyOf(in, 6));
    Tensor q = in[3];
    Tensor k = in[4];
    Tensor v = in[5];
    Tensor mask = masked ? in[6] : null;
    // Batched, the gradient of the result may have a dimension that no operand has.
    AttentionStack stack = AttentionStack.of(q, k, v, mask, scale, causal).with(in[0].shape());
    AttentionShape s = stack.shape();
    Tensor lse = in[2].contiguous();
    Tensor gq = dq ? stack.result(q, s.queries(), s.size(), dtype) : null;
    Tensor gk = dk ? stack.result(k, s.keys(), s.size(), dtype) : null;
    Tensor gv = dv ? stack.result(v, s.keys(), s.valueSize(), dtype) : null;
    Attention.backward(
        s,
        stack.matrices(q, s.queries(), s.size()),
        stack.matrices(k, s.keys(), s.size()),
        stack.matrices(v, s.keys(), s.valueSize()),
        stack.optional(mask, s.queries(), s.keys()),
        stack.matrices(in[1], s.queries(), s.valueSize()),
        lse.memory().array(),
        lse.offset(),
        stack.matrices(in[0], s.queries(), s.valueSize()),
        stack.optional(gq, s.queries(), s.size()),
        stack.optional(gk, s.keys(), s.size()),
        stack.optional(gv, s.keys(), s.valueSize()));
    return Stream.of(gq, gk, gv).filter(Objects::nonNull).toArray(Tensor[]::new);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
    throw new IllegalStateException("attention_grad is never recorded");
  }

  @Override
  public Tensor[] batched(Batch batch, Tensor... in) {
    Tensor[] all = in.clone();
    boolean[] mapped = batch.mapped().clone();
    Tensor[] repeated = batch.repeated(in);
    for (int i = 0; i < 3; i++) {
      // The gradients are of every sample.
      all[i] = repeated[i];
      mapped[i] = true;
    }
    return apply(new Batch(batch.size(), mapped).aligned(all));
  }

  @Override
  public Value[] onnx(OnnxGraph graph, Value... in) {
    var op = new ScaledDotProductAttention(causal, scale, masked);
    return new AttentionOnnx(graph, op).gradients(this, in);
  }
}
