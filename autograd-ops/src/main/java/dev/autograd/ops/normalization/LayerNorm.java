package dev.autograd.ops.normalization;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ForwardMode;
import dev.autograd.GradMode;
import dev.autograd.MultiFunction;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Arrays;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Normalises the last dimensions to mean 0 and variance 1, then scales and shifts.
///
/// - **Formula** `x̂ = (x − mean) rstd`, `rstd = 1 / √(var + eps)` with the biased variance, `y =
///   x̂ w + b`; with `gw = g w`: `dx = rstd (gw − mean(gw) − x̂ mean(gw x̂))`, `dw = Σ g x̂`, `db =
///   Σ g`
/// - **Shapes** `x [*, S], w [S], b [S] → y [*, S], mean, rstd [*, 1…]`
/// - **DType** f32, f64
/// - **Smooth** where eps > 0
/// - **ONNX** LayerNormalization (17), decomposed in f64
/// - **Saves** x, w, mean, rstd
/// - **Source** Ba, Kiros, Hinton, https://arxiv.org/abs/1607.06450
///
/// @param normalized the sizes of the dimensions that are normalised, S
/// @param eps what is added to the variance
/// @param weight whether there is a scale, the second operand
/// @param bias whether there is a shift, the last operand
public record LayerNorm(Shape normalized, double eps, boolean weight, boolean bias)
    implements MultiFunction {

  /// Makes the operation over a last dimension of 4, with scale and shift.
  public LayerNorm() {
    this(Shape.of(4), 1e-5, true, true);
  }

  /// Checks the attributes.
  ///
  /// @throws dev.autograd.AutogradException (`ARGUMENT`) if no dimension is normalised
  public LayerNorm {
    if (normalized.rank() == 0) {
      throw Operands.argument("layer_norm: at least one dimension must be normalised");
    }
  }

  /// Normalises the last dimension.
  public static Tensor layerNorm(
      Tensor x, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
    return layerNorm(x, Shape.of(x.rank() == 0 ? 1 : x.size(-1)), weight, bias, eps);
  }

  /// Normalises the last dimensions, which have the sizes `normalized`.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the last dimensions of x, the weight or
  ///   the bias do not have the sizes `normalized`
  public static Tensor layerNorm(
      Tensor x, Shape normalized, @Nullable Tensor weight, @Nullable Tensor bias, double eps) {
    Tensor[] in = BatchNorm.operands("layer_norm", x, weight, bias);
    return new LayerNorm(normalized, eps, weight != null, bias != null).apply(in)[0];
  }

  @Override
  public Tensor[] forward(Context ctx, Tensor... in) {
    Operands.count("layer_norm", in, 1 + (weight ? 1 : 0) + (bias ? 1 : 0));
    DType dtype = Operands.floating("layer_norm", in);
    Shape stats = statistics(in[0].shape());
    Tensor x = in[0].contiguous();
    Tensor w = weight ? affine("weight", in[1]) : null;
    Tensor b = bias ? affine("bias", in[in.length - 1]) : null;
    Tensor y = Tensor.empty(x.shape(), dtype);
    Tensor mean = Tensor.empty(stats, dtype);
    Tensor rstd = Tensor.empty(stats, dtype);
    if (normalized.numel() > 0) {
      LayerNormKernels.forward(x, normalized.numel(), w, b, eps, y, mean, rstd);
    }
    if (ctx.needs(0) || (weight && ctx.needs(1))) {
      if (w == null) {
        ctx.save(in[0], mean, rstd);
      } else {
        ctx.save(in[0], mean, rstd, in[1]);
      }
    }
    ctx.markNonDifferentiable(mean);
    ctx.markNonDifferentiable(rstd);
    return new Tensor[] {y, mean, rstd};
  }

  /// Returns the shape of the mean, after a check of the last dimensions.
  private Shape statistics(Shape x) {
    int[] dims = x.dims();
    int kept = dims.length - normalized.rank();
    if (kept < 0
        || !Arrays.equals(Arrays.copyOfRange(dims, kept, dims.length), normalized.dims())) {
      throw Operands.shape(
          "layer_norm: the last dimensions of x must be the normalised ones, got x "
              + x
              + " and normalised "
              + normalized);
    }
    Arrays.fill(dims, kept, dims.length, 1);
    return Shape.of(dims);
  }

  private Tensor affine(String what, Tensor t) {
    if (!t.shape().equals(normalized)) {
      throw Operands.shape(
          "layer_norm: the "
              + what
              + " must have the shape of the normalised dimensions, "
              + normalized
              + ", got "
              + t.shape());
    }
    return t.contiguous();
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
    Tensor gy = g[0];
    int inputs = 1 + (weight ? 1 : 0) + (bias ? 1 : 0);
    @Nullable Tensor[] dx = new Tensor[inputs];
    if (gy == null) {
      return dx;
    }
    boolean needsWeight = weight && ctx.needs(1);
    boolean needsBias = bias && ctx.needs(inputs - 1);
    if (!ctx.needs(0) && !needsWeight) {
      dx[inputs - 1] = gy;
      return dx;
    }
    Tensor x = ctx.saved(0);
    Tensor w = weight ? ctx.saved(3) : null;
    if (GradMode.isEnabled() || ForwardMode.isDual(gy, x, w)) {
      composed(dx, gy, x, w);
      return dx;
    }
    var op = new LayerNormGrad(normalized, ctx.needs(0), needsWeight, needsBias);
    Tensor[] found =
        w == null
            ? op.apply(gy, x, ctx.saved(1), ctx.saved(2))
            : op.apply(gy, x, ctx.saved(1), ctx.saved(2), w);
    int at = 0;
    if (ctx.needs(0)) {
      dx[0] = found[at++];
    }
    if (needsWeight) {
      dx[1] = found[at++];
    }
    if (needsBias) {
      dx[inputs - 1] = found[at];
    }
    return dx;
  }

  /// Writes the gradients as operations on x and w, which can be differentiated in turn.
  private void composed(@Nullable Tensor[] dx, Tensor g, Tensor x, @Nullable Tensor w) {
    int[] axes = axes(x.shape());
    Tensor centred = x.sub(x.mean(axes, true));
    Tensor rstd = centred.square().mean(axes, true).add(eps).rsqrt();
    Tensor hat = centred.mul(rstd);
    Tensor gw = w == null ? g : g.mul(w);
    dx[0] = rstd.mul(gw.sub(gw.mean(axes, true)).sub(hat.mul(gw.mul(hat).mean(axes, true))));
    if (bias) {
      dx[dx.length - 1] = g;
    }
    if (w != null) {
      dx[1] = g.mul(hat);
    }
  }

  private int[] axes(Shape x) {
    return IntStream.range(x.rank() - normalized.rank(), x.rank()).toArray();
  }

  @Override
  public Tensor[] batched(Batch batch, Tensor... in) {
    Tensor[] aligned = batch.aligned(in);
    Tensor x = batch.repeated(aligned)[0];
    Tensor[] all = in.clone();
    all[0] = x;
    boolean own = false;
    for (int i = 1; i < in.length; i++) {
      own |= batch.has(i);
    }
    if (!own) {
      return apply(all);
    }
    Tensor[] y = new LayerNorm(normalized, eps, false, false).apply(x);
    y[0] = weight ? y[0].mul(aligned[1]) : y[0];
    y[0] = bias ? y[0].add(aligned[in.length - 1]) : y[0];
    return y;
  }

  @Override
  public Value[] onnx(OnnxGraph graph, Value... in) {
    DType dtype = in[0].dtype();
    Shape x = in[0].shape();
    Shape stats = statistics(x);
    if (dtype == DType.F32 && graph.opset() >= 17) {
      Value scale = weight ? in[1] : graph.constant(Tensor.ones(normalized, dtype));
      Value[] operands =
          bias ? new Value[] {in[0], scale, in[in.length - 1]} : new Value[] {in[0], scale};
      return graph.nodes(
          "LayerNormalization",
          Map.of("axis", (long) (x.rank() - normalized.rank()), "epsilon", (float) eps),
          new DType[] {dtype, dtype, dtype},
          new Shape[] {x, stats, stats},
          operands);
    }
    var f = new OnnxFormula(graph);
    int[] axes = axes(x);
    Value mean = f.mean(in[0], axes);
    Value centred = f.sub(in[0], mean);
    Value var = f.mean(f.mul(centred, centred), axes);
    Value rstd = f.unary("Reciprocal", f.unary("Sqrt", f.add(var, graph.scalar(dtype, eps))));
    Value y = f.mul(centred, rstd);
    y = weight ? f.mul(y, in[1]) : y;
    y = bias ? f.add(y, in[in.length - 1]) : y;
    return new Value[] {y, mean, rstd};
  }

  @Override
  public void samples(Samples s) {
    s.add(this, s.randn(3, 4), s.randn(4), s.randn(4));
    s.add(this, s.randn(2, 3, 4), s.randn(4), s.randn(4));
    s.add(this, s.randn(4), s.randn(4), s.randn(4));
    s.add(this, s.randn(4, 3).transpose(0, 1), s.randn(4), s.randn(4));
    s.add(
        new LayerNorm(Shape.of(3, 2), 1e-3, true, true),
        s.randn(2, 3, 2),
        s.randn(3, 2),
        s.randn(3, 2));
    s.add(new LayerNorm(Shape.of(5), 0.1, false, false), s.randn(2, 5));
    s.add(new LayerNorm(Shape.of(5), 1e-5, true, false), s.randn(2, 5), s.randn(5));
    s.add(new LayerNorm(Shape.of(5), 1e-5, false, true), s.randn(2, 5), s.randn(5));
    s.add(this, s.randn(0, 4), s.randn(4), s.randn(4));
    s.reject(this, "last dimensions of x", s.randn(3, 5), s.randn(4), s.randn(4));
    s.reject(this, "weight must have the shape", s.randn(3, 4), s.randn(3), s.randn(4));
  }
}
