package dev.autograd.ops.attention;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ForwardMode;
import dev.autograd.GradMode;
import dev.autograd.MultiFunction;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.attention.Attention;
import dev.autograd.kernel.attention.AttentionShape;
import dev.autograd.ops.normalization.SoftmaxGrad;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Attention: averages of the values, weighted by how well queries and keys agree.
///
/// - **Formula** `P = softmax(q kᵀ scale + mask)`, `y = P v`; `dv = Pᵀ g`, `dS = P (g vᵀ − Σ g vᵀ
///   P)`, `dq = dS k scale`, `dk = dSᵀ q scale`, `dmask = dS`
/// - **Shapes** `q [*, L, E], k [*, S, E], v [*, S, F], mask [*, L, S] → y [*, L, F], lse [*, L]`,
///   leading dimensions and the mask broadcast; lse is `log Σ exp(q kᵀ scale + mask)`
/// - **DType** f32, f64; the mask also bool
/// - **Smooth** everywhere
/// - **ONNX** MatMul, Softmax, Where
/// - **Saves** q, k, v, mask, y, lse
/// - **Source** Vaswani et al., https://arxiv.org/abs/1706.03762; in tiles: Dao,
///   https://arxiv.org/abs/2307.08691
///
/// P is never in memory as a whole, unless gradients are themselves differentiated or that of the
/// mask is wanted.
///
/// A key that is masked for a query has a weight of exactly 0 and gets exactly no gradient from it.
/// A query all of whose keys are masked attends to nothing: its weights and its result are 0, the
/// empty sum, and no gradient is NaN.
///
/// @param causal whether query i sees only the keys 0 to i
/// @param scale what the products are multiplied by, `null` for `1 / √E`
/// @param masked whether there is a mask, the fourth operand: bool, true where a key is seen, or
///   numbers that are added to the products
public record ScaledDotProductAttention(boolean causal, @Nullable Double scale, boolean masked)
    implements MultiFunction {
  /// Makes attention without a mask.
  public ScaledDotProductAttention() {
    this(false, null, false);
  }

  /// Returns the attention of queries to all keys.
  public static Tensor scaledDotProductAttention(Tensor q, Tensor k, Tensor v) {
    return scaledDotProductAttention(q, k, v, null, false, null);
  }

  /// Returns the attention of queries to keys; a mask and `causal` hide keys together.
  ///
  /// @param mask bool, true where a key is seen, or numbers that are added to the products
  /// @param scale what the products are multiplied by, `null` for `1 / √E`
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the sizes do not fit
  public static Tensor scaledDotProductAttention(
      Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal, @Nullable Double scale) {
    String op = "scaled_dot_product_attention";
    var attention = new ScaledDotProductAttention(causal, scale, mask != null);
    Tensor[] in = Operands.promoted(op, q, k, v);
    if (mask != null) {
      in = Arrays.copyOf(in, 4);
      in[3] = mask.dtype() == DType.BOOL ? mask : mask.to(in[0].dtype());
    }
    return attention.apply(in)[0];
  }

  /// Returns what the products of queries of a shape are multiplied by.
  double factor(Shape q) {
    return AttentionStack.scale(scale, q);
  }

  @Override
  public Tensor[] forward(Context ctx, Tensor... in) {
    Operands.count(name(), in, masked ? 4 : 3);
    Tensor q = in[0];
    Tensor k = in[1];
    Tensor v = in[2];
    Tensor mask = masked ? in[3] : null;
    DType dtype =
        mask == null || mask.dtype() == DType.BOOL
            ? Operands.floating(name(), q, k, v)
            : Operands.floating(name(), in);
    AttentionStack stack = AttentionStack.of(q, k, v, mask, scale, causal);
    AttentionShape s = stack.shape();
    Tensor y = stack.result(q, s.queries(), s.valueSize(), dtype);
    Tensor lse = Tensor.empty(rows(y.shape()), dtype);
    Attention.forward(
        s,
        stack.matrices(q, s.queries(), s.size()),
        stack.matrices(k, s.keys(), s.size()),
        stack.matrices(v, s.keys(), s.valueSize()),
        stack.optional(mask, s.queries(), s.keys()),
        stack.matrices(y, s.queries(), s.valueSize()),
        lse.memory().array());
    if (ctx.needs(0) || ctx.needs(1) || ctx.needs(2) || (masked && ctx.needs(3))) {
      Tensor[] saved = Arrays.copyOf(in, in.length + 2);
      saved[in.length] = y;
      saved[in.length + 1] = lse;
      ctx.save(saved);
    }
    ctx.markNonDifferentiable(lse);
    return new Tensor[] {y, lse};
  }

  private static Shape rows(Shape y) {
    return Shape.of(Arrays.copyOf(y.dims(), y.rank() - 1));
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
    @Nullable Tensor[] dx = new Tensor[masked ? 4 : 3];
    Tensor gy = g[0];
    if (gy == null) {
      return dx;
    }
    Tensor q = ctx.saved(0);
    Tensor k = ctx.saved(1);
    Tensor v = ctx.saved(2);
    Tensor mask = masked ? ctx.saved(3) : null;
    // The kernel has no history and no tangents, and no gradient of the mask.
    boolean needsMask = masked && ctx.needs(3);
    if (needsMask || GradMode.isEnabled() || ForwardMode.isDual(gy, q, k, v, mask)) {
      return composed(ctx, gy, q, k, v, mask);
    }
    var op = new AttentionGrad(causal, scale, masked, ctx.needs(0), ctx.needs(1), ctx.needs(2));
    int count = masked ? 4 : 3;
    Tensor y = ctx.saved(count);
    Tensor lse = ctx.saved(count + 1).unsqueeze(-1);
    Tensor[] found =
        mask == null ? op.apply(gy, y, lse, q, k, v) : op.apply(gy, y, lse, q, k, v, mask);
    int at = 0;
    for (int i = 0; i < 3; i++) {
      dx[i] = ctx.needs(i) ? found[at++] : null;
    }
    return dx;
  }

  /// Returns the gradients as operations.
  private @Nullable Tensor[] composed(
      Context ctx, Tensor gy, Tensor q, Tensor k, Tensor v, @Nullable Tensor mask) {
    @Nullable Tensor[] dx = new Tensor[masked ? 4 : 3];
    double factor = factor(q.shape());
    Tensor p = weights(q, k, mask, factor);
    if (ctx.needs(2)) {
      dx[2] = p.transpose(-2, -1).matmul(gy);
    }
    boolean needsMask = masked && ctx.needs(3);
    if (!ctx.needs(0) && !ctx.needs(1) && !needsMask) {
      return dx;
    }
    Tensor dp = gy.matmul(v.transpose(-2, -1));
    Tensor ds = new SoftmaxGrad(-1).apply(dp, p.expand(dp.shape().dims()));
    if (needsMask) {
      dx[3] = ds;
    }
    if (ctx.needs(0)) {
      dx[0] = ds.matmul(k).mul(factor);
    }
    if (ctx.needs(1)) {
      dx[1] = ds.transpose(-2, -1).matmul(q).mul(factor);
    }
    return dx;
  }

  /// Returns the weights as operations on q, k and the mask.
  private Tensor weights(Tensor q, Tensor k, @Nullable Tensor mask, double factor) {
    Tensor scores = q.matmul(k.transpose(-2, -1)).mul(factor);
    if (mask != null) {
      scores =
          mask.dtype() == DType.BOOL
              ? scores.maskedFill(mask.logicalNot(), Double.NEGATIVE_INFINITY)
              : scores.add(mask);
    }
    if (causal) {
      scores = scores.maskedFill(future(q.size(-2), k.size(-2)), Double.NEGATIVE_INFINITY);
    }
    if (scores.size(-1) == 0) {
      return scores;
    }
    Tensor blind = scores.detach().amax(new int[] {-1}, true).eq(Double.NEGATIVE_INFINITY);
    return scores.maskedFill(blind, 0).softmax(-1).maskedFill(blind, 0);
  }

  /// Returns where a key comes after the query, `[L, S]`.
  static Tensor future(int l, int s) {
    boolean[] hidden = new boolean[l * s];
    for (int i = 0; i < l; i++) {
      for (int j = i + 1; j < s; j++) {
        hidden[i * s + j] = true;
      }
    }
    return Tensor.of(hidden, l, s);
  }

  @Override
  public Tensor[] batched(Batch batch, Tensor... in) {
    Tensor[] all = in.clone();
    all[0] = batch.repeated(in)[0]; // the sums are of every sample, as they are a result
    boolean[] mapped = new boolean[in.length];
    for (int i = 0; i < in.length; i++) {
      mapped[i] = i == 0 || batch.has(i);
    }
    return apply(new Batch(batch.size(), mapped).aligned(all));
  }

  @Override
  public Value[] onnx(OnnxGraph graph, Value... in) {
    return new AttentionOnnx(graph, this).results(in[0], in[1], in[2], masked ? in[3] : null);
  }

  @Override
  public void samples(Samples s) {
    var causal = new ScaledDotProductAttention(true, null, false);
    var masked = new ScaledDotProductAttention(false, 0.5, true);
    s.add(this, s.randn(3, 4), s.randn(5, 4), s.randn(5, 2));
    s.add(this, s.randn(2, 3, 4), s.randn(2, 5, 4), s.randn(2, 5, 2));
    s.add(causal, s.randn(4, 3), s.randn(4, 3), s.randn(4, 3));
    s.add(causal, s.randn(2, 3, 2), s.randn(2, 5, 2), s.randn(2, 5, 2));
    s.add(causal, s.randn(4, 2), s.randn(2, 2), s.randn(2, 2));
    s.add(masked, s.randn(2, 3, 4), s.randn(2, 5, 4), s.randn(2, 5, 2), s.randn(3, 5));
    s.add(masked, s.randn(2, 2, 4), s.randn(2, 3, 4), s.randn(2, 3, 2), s.bools(2, 2, 3));
    s.add(
        masked,
        s.randn(2, 4),
        s.randn(3, 4),
        s.randn(3, 2),
        Tensor.of(new boolean[] {false, false, false, true, false, true}, 2, 3));
    s.add(
        this,
        s.randn(2, 3, 2, 4).transpose(1, 2),
        s.randn(2, 5, 2, 4).transpose(1, 2),
        s.randn(2, 5, 2, 3).transpose(1, 2));
    s.add(this, s.randn(0, 3, 2), s.randn(0, 4, 2), s.randn(0, 4, 2));
    s.reject(this, "takes q [*, L, E]", s.randn(3, 4), s.randn(5, 3), s.randn(5, 2));
    s.reject(
        masked, "mask must broadcast", s.randn(3, 4), s.randn(5, 4), s.randn(5, 2), s.randn(3, 4));
  }
}
