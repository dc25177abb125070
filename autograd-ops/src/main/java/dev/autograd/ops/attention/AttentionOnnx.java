package dev.autograd.ops.attention;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Attention as ONNX nodes, with the matrix of weights.
///
/// @param graph the graph that is written
/// @param op the operation
record AttentionOnnx(OnnxGraph graph, ScaledDotProductAttention op) {

  /// Adds the result and the logarithms of the sums of exponentials.
  Value[] results(Value q, Value k, Value v, @Nullable Value mask) {
    var f = new OnnxFormula(graph);
    Value scores = scores(q, k, mask);
    Value least = graph.scalar(q.dtype(), Double.NEGATIVE_INFINITY);
    Value zero = graph.scalar(q.dtype(), 0);
    int last = scores.shape().rank() - 1;
    Value greatest = f.max(scores, last);
    Value blind = f.equal(greatest, least);
    Value p =
        graph.node(
            "Softmax",
            Map.of("axis", (long) last),
            q.dtype(),
            scores.shape(),
            f.where(blind, zero, scores));
    Value y = matmul(f.where(blind, zero, p), v);
    Value shift = f.where(blind, zero, greatest);
    Value sums = f.sum(f.unary("Exp", f.sub(scores, shift)), last);
    Value lse = f.add(shift, f.unary("Log", sums));
    return new Value[] {y, expanded(lse, y.shape())};
  }

  /// Returns `[*, L, 1]` without its last dimension and with the leading ones of the result.
  private Value expanded(Value lse, Shape result) {
    Shape to = Shape.of(Arrays.copyOf(result.dims(), result.rank() - 1));
    Shape own = lse.shape();
    Value x = new OnnxFormula(graph).reshape(lse, Arrays.copyOf(own.dims(), own.rank() - 1));
    if (x.shape().equals(to)) {
      return x;
    }
    long[] dims = new long[to.rank()];
    for (int d = 0; d < dims.length; d++) {
      dims[d] = to.size(d);
    }
    return graph.node("Expand", Map.of(), x.dtype(), to, x, graph.constant(dims));
  }

  /// Adds the gradients that are wanted from the operands of [AttentionGrad].
  Value[] gradients(AttentionGrad wanted, Value... in) {
    var f = new OnnxFormula(graph);
    Value g = in[0];
    Value lse = in[2];
    Value q = in[3];
    Value k = in[4];
    Value v = in[5];
    Value least = graph.scalar(q.dtype(), Double.NEGATIVE_INFINITY);
    Value most = graph.scalar(q.dtype(), Double.POSITIVE_INFINITY);
    Value shift = f.where(f.equal(lse, least), most, lse);
    Value p = f.unary("Exp", f.sub(scores(q, k, in.length > 6 ? in[6] : null), shift));
    int last = g.shape().rank() - 1;
    Value d = f.sum(f.mul(g, in[1]), last);
    Value ds = f.mul(f.mul(p, f.sub(matmul(g, f.transpose(v)), d)), op.factor(q.shape()));
    List<Value> all = new ArrayList<>();
    if (wanted.dq()) {
      all.add(matmul(ds, k));
    }
    if (wanted.dk()) {
      all.add(matmul(f.transpose(ds), q));
    }
    if (wanted.dv()) {
      all.add(matmul(f.transpose(p), g));
    }
    return all.toArray(Value[]::new);
  }

  /// Adds the products of queries and keys, -inf where a key is not seen.
  private Value scores(Value q, Value k, @Nullable Value mask) {
    var f = new OnnxFormula(graph);
    Value least = graph.scalar(q.dtype(), Double.NEGATIVE_INFINITY);
    Value scores = f.mul(matmul(q, f.transpose(k)), op.factor(q.shape()));
    if (mask != null) {
      scores = mask.dtype() == DType.BOOL ? f.where(mask, scores, least) : f.add(scores, mask);
    }
    if (op.causal()) {
      var hidden = ScaledDotProductAttention.future(q.shape().size(-2), k.shape().size(-2));
      scores = f.where(graph.constant(hidden), least, scores);
    }
    return scores;
  }

  private Value matmul(Value a, Value b) {
    Shape lead =
        AttentionStack.leading(
            AttentionStack.leading(a.shape()), AttentionStack.leading(b.shape()));
    Shape to = AttentionStack.stacked(lead, a.shape().size(-2), b.shape().size(-1));
    return graph.node("MatMul", Map.of(), a.dtype(), to, a, b);
  }
}
