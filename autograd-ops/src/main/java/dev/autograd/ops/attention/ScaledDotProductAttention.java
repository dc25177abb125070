package dev.autograd.ops.attention;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ForwardMode;
import dev.autograd.GradMode;
import dev.autograd.MultiFunction;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.norm.Softmax;
import dev.autograd.kernel.parallel.Workers;
import dev.autograd.ops.normalization.SoftmaxGrad;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Attention: averages of the values, weighted by how well queries and keys agree.
///
/// - **Formula** `P = softmax(q kᵀ scale + mask)`, `y = P v`; `dv = Pᵀ g`, `dS = P (g vᵀ − Σ g vᵀ
///   P)`, `dq = dS k scale`, `dk = dSᵀ q scale`, `dmask = dS`
/// - **Shapes** `q [*, L, E], k [*, S, E], v [*, S, F], mask [*, L, S] → y [*, L, F], P [*, L, S]`,
///   leading dimensions and the mask broadcast
/// - **DType** f32, f64; the mask also bool
/// - **Smooth** everywhere
/// - **ONNX** MatMul, Softmax, Where
/// - **Saves** q, k, v, P
/// - **Source** Vaswani et al., https://arxiv.org/abs/1706.03762
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
  private static final int CHUNK = 1 << 14;

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

  private double scale(Shape q) {
    return scale == null ? 1 / Math.sqrt(q.size(-1)) : scale;
  }

  @Override
  public Tensor[] forward(Context ctx, Tensor... in) {
    Operands.count(name(), in, masked ? 4 : 3);
    Tensor q = in[0];
    Tensor k = in[1];
    Tensor v = in[2];
    DType dtype = Operands.floating(name(), q, k, v);
    check(q.shape(), k.shape(), v.shape());
    Tensor p = q.matmul(k.transpose(-2, -1));
    int l = q.size(-2);
    int s = k.size(-2);
    Tensor mask = masked ? broadcast(in[3], p.shape()) : null;
    if (p.numel() > 0) {
      if (dtype == DType.F32) {
        floats(p, mask, l, s, (float) scale(q.shape()));
      } else {
        doubles(p, mask, l, s, scale(q.shape()));
      }
    }
    Tensor y = p.matmul(v);
    if (ctx.needs(0) || ctx.needs(1) || ctx.needs(2) || (masked && ctx.needs(3))) {
      Tensor[] saved = Arrays.copyOf(in, in.length + 1);
      saved[in.length] = p;
      ctx.save(saved);
    }
    ctx.markNonDifferentiable(p);
    return new Tensor[] {y, p};
  }

  private static void check(Shape q, Shape k, Shape v) {
    boolean ranks = q.rank() > 1 && k.rank() > 1 && v.rank() > 1;
    if (!ranks || q.size(-1) != k.size(-1) || k.size(-2) != v.size(-2)) {
      throw Operands.shape(
          "scaled_dot_product_attention: takes q [*, L, E], k [*, S, E] and v [*, S, F], got q "
              + q
              + ", k "
              + k
              + " and v "
              + v);
    }
  }

  private static Tensor broadcast(Tensor mask, Shape to) {
    if (!mask.shape().broadcastsTo(to)) {
      throw Operands.shape(
          "scaled_dot_product_attention: the mask must broadcast to the products of queries and"
              + " keys, got mask "
              + mask.shape()
              + " and products "
              + to);
    }
    return mask.expand(to.dims());
  }

  /// Turns products into weights, row by row, in place.
  private void floats(Tensor p, @Nullable Tensor mask, int l, int s, float scale) {
    float[] ps = p.memory().floats();
    if (mask == null) {
      Softmax.weights(ps, p.offset(), p.numel() / s, s, scale, causal ? l : 0);
      return;
    }
    byte[] seen = mask.dtype() == DType.BOOL ? mask.memory().bytes() : null;
    float[] bias = seen == null ? mask.memory().floats() : null;
    int[] step = mask.strides();
    int[] size = p.shape().dims();
    int origin = mask.offset();
    int next = step[step.length - 1];
    Workers.forRange(
        p.numel() / s,
        Math.max(1, CHUNK / s),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int at = r * s;
            int maskAt = origin + rowOffset(r, size, step);
            boolean any = false;
            int visible = causal ? Math.min(s, r % l + 1) : s;
            for (int j = 0; j < s; j++) {
              boolean hidden = j >= visible || (seen != null && seen[maskAt + j * next] == 0);
              float x = hidden ? Float.NEGATIVE_INFINITY : ps[at + j] * scale;
              x = hidden || bias == null ? x : x + bias[maskAt + j * next];
              ps[at + j] = x;
              any |= x != Float.NEGATIVE_INFINITY;
            }
            if (any) {
              Softmax.forward(ps, at, 1, s, 1, ps, at);
            } else {
              Arrays.fill(ps, at, at + s, 0f);
            }
          }
        });
  }

  /// Returns where row `r` of an expanded mask begins.
  private static int rowOffset(int r, int[] size, int[] step) {
    int offset = 0;
    for (int d = size.length - 2; d >= 0; d--) {
      offset += r % size[d] * step[d];
      r /= size[d];
    }
    return offset;
  }

  /// Turns products into weights, row by row, in place.
  private void doubles(Tensor p, @Nullable Tensor mask, int l, int s, double scale) {
    double[] ps = p.memory().doubles();
    if (mask == null) {
      Softmax.weights(ps, p.offset(), p.numel() / s, s, scale, causal ? l : 0);
      return;
    }
    byte[] seen = mask.dtype() == DType.BOOL ? mask.memory().bytes() : null;
    double[] bias = seen == null ? mask.memory().doubles() : null;
    int[] step = mask.strides();
    int[] size = p.shape().dims();
    int origin = mask.offset();
    int next = step[step.length - 1];
    Workers.forRange(
        p.numel() / s,
        Math.max(1, CHUNK / s),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int at = r * s;
            int maskAt = origin + rowOffset(r, size, step);
            boolean any = false;
            int visible = causal ? Math.min(s, r % l + 1) : s;
            for (int j = 0; j < s; j++) {
              boolean hidden = j >= visible || (seen != null && seen[maskAt + j * next] == 0);
              double x = hidden ? Double.NEGATIVE_INFINITY : ps[at + j] * scale;
              x = hidden || bias == null ? x : x + bias[maskAt + j * next];
              ps[at + j] = x;
              any |= x != Double.NEGATIVE_INFINITY;
            }
            if (any) {
              Softmax.forward(ps, at, 1, s, 1, ps, at);
            } else {
              Arrays.fill(ps, at, at + s, 0);
            }
          }
        });
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
    double factor = scale(q.shape());
    // The saved weights have no history and no tangent: where one is wanted they are computed anew.
    boolean anew = GradMode.isEnabled() || ForwardMode.isDual(q, k, mask);
    Tensor p = anew ? weights(q, k, mask, factor) : ctx.saved(masked ? 4 : 3);
    if (ctx.needs(2)) {
      dx[2] = p.transpose(-2, -1).matmul(gy);
    }
    boolean needsMask = masked && ctx.needs(3);
    if (!ctx.needs(0) && !ctx.needs(1) && !needsMask) {
      return dx;
    }
    Tensor ds = new SoftmaxGrad(-1).apply(gy.matmul(v.transpose(-2, -1)), p);
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
  private static Tensor future(int l, int s) {
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
    all[0] = batch.repeated(in)[0]; // the weights are of every sample, as they are a result
    boolean[] mapped = new boolean[in.length];
    for (int i = 0; i < in.length; i++) {
      mapped[i] = i == 0 || batch.has(i);
    }
    return apply(new Batch(batch.size(), mapped).aligned(all));
  }

  @Override
  public Value[] onnx(OnnxGraph graph, Value... in) {
    var f = new OnnxFormula(graph);
    DType dtype = in[0].dtype();
    Shape q = in[0].shape();
    int l = q.size(-2);
    int s = in[1].shape().size(-2);
    Shape lead = leading(q, in[1].shape());
    Shape products = stacked(lead, l, s);
    Value least = graph.scalar(dtype, Double.NEGATIVE_INFINITY);
    Value scores =
        f.mul(graph.node("MatMul", Map.of(), dtype, products, in[0], f.transpose(in[1])), scale(q));
    if (masked) {
      scores = in[3].dtype() == DType.BOOL ? f.where(in[3], scores, least) : f.add(scores, in[3]);
    }
    if (causal) {
      scores = f.where(graph.constant(future(l, s)), least, scores);
    }
    int rank = products.rank();
    Value blind = f.equal(f.max(scores, rank - 1), least);
    Value zero = graph.scalar(dtype, 0);
    Value p =
        graph.node(
            "Softmax",
            Map.of("axis", (long) rank - 1),
            dtype,
            products,
            f.where(blind, zero, scores));
    p = f.where(blind, zero, p);
    Shape out = stacked(leading(products, in[2].shape()), l, in[2].shape().size(-1));
    return new Value[] {graph.node("MatMul", Map.of(), dtype, out, p, in[2]), p};
  }

  private static Shape leading(Shape a, Shape b) {
    return Shape.broadcast(
        "scaled_dot_product_attention",
        Shape.of(Arrays.copyOf(a.dims(), a.rank() - 2)),
        Shape.of(Arrays.copyOf(b.dims(), b.rank() - 2)));
  }

  private static Shape stacked(Shape lead, int rows, int columns) {
    int[] dims = Arrays.copyOf(lead.dims(), lead.rank() + 2);
    dims[lead.rank()] = rows;
    dims[lead.rank() + 1] = columns;
    return Shape.of(dims);
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
