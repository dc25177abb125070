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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// Normalises every channel by its mean and variance over the batch, then scales and shifts: batch
/// normalisation in training. [BatchNormEval] is its form with fixed statistics.
///
/// - **Formula** `x̂ = (x − mean) rstd`, `rstd = 1 / √(var + eps)` with the biased variance, `y =
///   x̂ w + b`; `dx = w rstd (g − mean(g) − x̂ mean(g x̂))`, `dw = Σ g x̂`, `db = Σ g`, means and
///   sums per channel
/// - **Shapes** `x [N, C, *], w [C], b [C] → y [N, C, *], mean [C], var [C]`
/// - **DType** f32, f64
/// - **Smooth** where eps > 0
/// - **ONNX** decomposed, since the running variance is the unbiased one
/// - **Saves** x, w, mean, var
/// - **Source** Ioffe, Szegedy, https://arxiv.org/abs/1502.03167
///
/// @param eps what is added to the variance
/// @param weight whether there is a scale, the second operand
/// @param bias whether there is a shift, the last operand
public record BatchNorm(double eps, boolean weight, boolean bias) implements MultiFunction {
  /// Fewer elements of a channel that follow each other are brought together.
  private static final int TOGETHER = 16;

  /// Makes the operation with scale and shift.
  public BatchNorm() {
    this(1e-5, true, true);
  }

  /// Normalises `x [N, C, *]` of two to five dimensions per channel.
  ///
  /// In training the statistics are the batch's, and the running ones, where given, move towards
  /// them by `momentum`: `running += momentum (batch − running)`, with the unbiased variance. They
  /// are buffers: nothing is recorded of that. Otherwise the running statistics are used.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if a shape does not fit, (`ARGUMENT`) if a
  ///   channel has a single value in training or the running statistics are missing otherwise
  public static Tensor batchNorm(
      Tensor x,
      @Nullable Tensor runningMean,
      @Nullable Tensor runningVar,
      @Nullable Tensor weight,
      @Nullable Tensor bias,
      boolean training,
      double momentum,
      double eps) {
    if (!training) {
      if (runningMean == null || runningVar == null) {
        throw Operands.argument(
            "batch_norm: outside training the running mean and variance are needed. Pass both, or"
                + " train.");
      }
      return BatchNormEval.batchNorm(x, runningMean, runningVar, weight, bias, eps);
    }
    Tensor[] in = operands("batch_norm", x, weight, bias);
    int c = channels("batch_norm", x.shape());
    if (runningMean != null) {
      Operands.vector("batch_norm", "running mean", runningMean, c, "channel of " + x.shape());
    }
    if (runningVar != null) {
      Operands.vector("batch_norm", "running variance", runningVar, c, "channel of " + x.shape());
    }
    Tensor[] y = new BatchNorm(eps, weight != null, bias != null).apply(in);
    try (var _ = GradMode.noGrad()) {
      if (runningMean != null) {
        runningMean.lerp_(y[1].to(runningMean.dtype()), momentum);
      }
      if (runningVar != null) {
        int m = x.numel() / c;
        // Two steps, since both numbers are sizes to whoever traces this.
        Tensor unbiased = y[2].mul((double) m).div((double) m - 1);
        runningVar.lerp_(unbiased.to(runningVar.dtype()), momentum);
      }
    }
    return y[0];
  }

  /// Returns the operands that are there, in one element type.
  static Tensor[] operands(String op, Tensor x, @Nullable Tensor weight, @Nullable Tensor bias) {
    return Operands.promoted(op, present(x, weight, bias));
  }

  static Tensor[] present(@Nullable Tensor... all) {
    List<Tensor> there = new ArrayList<>(all.length);
    for (Tensor t : all) {
      if (t != null) {
        there.add(t);
      }
    }
    return there.toArray(Tensor[]::new);
  }

  /// Returns the tensor alone in its array, for kernels that take no offset.
  static Tensor whole(Tensor t) {
    Tensor c = t.contiguous();
    return c.offset() == 0 ? c : c.clone();
  }

  static int channels(String op, Shape x) {
    if (x.rank() < 2 || x.rank() > 5) {
      throw Operands.shape(op + ": takes an input [N, C, *] of two to five dimensions, got " + x);
    }
    return x.size(1);
  }

  /// Returns the size of everything after the channels.
  static int inner(Shape x) {
    int s = 1;
    for (int i = 2; i < x.rank(); i++) {
      s *= x.size(i);
    }
    return s;
  }

  /// Returns x as the kernels read it fast: few elements of a channel that lie together are brought
  /// to the others, `[N, C, S]` as `[1, C, N S]`. Their order is the same, so are the sums.
  static Tensor together(Tensor x) {
    int n = x.size(0);
    int c = x.size(1);
    int s = inner(x.shape());
    return s > 1 && s < TOGETHER && n > 1 && c > 1
        ? x.reshape(n, c, s).transpose(0, 1).contiguous().reshape(1, c, n * s)
        : x.contiguous();
  }

  /// Returns what was computed from [#together] in the shape of x.
  static Tensor apart(Tensor y, Shape x) {
    return y.shape().equals(x)
        ? y
        : y.reshape(x.size(1), x.size(0), inner(x)).transpose(0, 1).contiguous().reshape(x.dims());
  }

  /// Returns the dimensions that are not the channels.
  static int[] axes(Shape x) {
    return IntStream.range(0, x.rank()).filter(i -> i != 1).toArray();
  }

  /// Returns the shape `[1, C, 1…]` in which a vector of channels meets x.
  static int[] perChannel(Shape x) {
    int[] dims = new int[x.rank()];
    Arrays.fill(dims, 1);
    dims[1] = x.size(1);
    return dims;
  }

  @Override
  public Tensor[] forward(Context ctx, Tensor... in) {
    Operands.count("batch_norm", in, 1 + (weight ? 1 : 0) + (bias ? 1 : 0));
    DType dtype = Operands.floating("batch_norm", in);
    int c = channels("batch_norm", in[0].shape());
    if ((long) in[0].size(0) * inner(in[0].shape()) == 1) {
      throw Operands.argument(
          "batch_norm: training takes more than one value for each channel, got input "
              + in[0].shape()
              + ". Use a larger batch, or evaluate with running statistics.");
    }
    Tensor x = together(in[0]);
    int n = x.size(0);
    int s = inner(x.shape());
    Tensor w = weight ? affine("weight", in[1], c, in[0].shape()) : null;
    Tensor b = bias ? affine("bias", in[in.length - 1], c, in[0].shape()) : null;
    Tensor y = Tensor.empty(x.shape(), dtype);
    Tensor mean = Tensor.empty(Shape.of(c), dtype);
    Tensor var = Tensor.empty(Shape.of(c), dtype);
    BatchNormKernels.statistics(x, n, c, s, mean, var);
    BatchNormKernels.forward(x, n, c, s, mean, var, eps, w, b, y);
    if (ctx.needs(0) || (weight && ctx.needs(1))) {
      if (w == null) {
        ctx.save(in[0], mean, var);
      } else {
        ctx.save(in[0], mean, var, in[1]);
      }
    }
    ctx.markNonDifferentiable(mean);
    ctx.markNonDifferentiable(var);
    return new Tensor[] {apart(y, in[0].shape()), mean, var};
  }

  static Tensor affine(String what, Tensor t, int c, Shape x) {
    Operands.vector("batch_norm", what, t, c, "channel of " + x);
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
      dx[inputs - 1] = gy.sum(axes(gy.shape()));
      return dx;
    }
    Tensor x = ctx.saved(0);
    Tensor w = weight ? ctx.saved(3) : null;
    if (GradMode.isEnabled() || ForwardMode.isDual(gy, x, w)) {
      composed(dx, gy, x, w);
      return dx;
    }
    var op = new BatchNormGrad(eps, ctx.needs(0), needsWeight, needsBias);
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
    Tensor scale = w == null ? rstd : rstd.mul(w.reshape(perChannel(x.shape())));
    Tensor ghat = g.mul(hat);
    dx[0] = scale.mul(g.sub(g.mean(axes, true)).sub(hat.mul(ghat.mean(axes, true))));
    if (bias) {
      dx[dx.length - 1] = g.sum(axes);
    }
    if (w != null) {
      dx[1] = ghat.sum(axes);
    }
  }

  /// The channels of all samples are channels of one batch.
  @Override
  public Tensor[] batched(Batch batch, Tensor... in) {
    channels("batch_norm", Batch.sampleShape(batch.repeated(in)[0]));
    Tensor[] y = apply(besides(batch, 1, in));
    return new Tensor[] {batch.unfolded(y[0], 1), batch.unfolded(y[1], 0), batch.unfolded(y[2], 0)};
  }

  /// Returns the operands with the channels of all samples beside each other.
  ///
  /// @param images how many of the operands have images before the channels
  static Tensor[] besides(Batch batch, int images, Tensor... in) {
    Tensor[] all = batch.repeated(in);
    for (int i = 0; i < all.length; i++) {
      all[i] = Batch.folded(all[i], i < images ? 1 : 0);
    }
    return all;
  }

  @Override
  public Value[] onnx(OnnxGraph graph, Value... in) {
    var f = new OnnxFormula(graph);
    DType dtype = in[0].dtype();
    int[] axes = axes(in[0].shape());
    int[] per = perChannel(in[0].shape());
    int c = in[0].shape().size(1);
    Value mean = f.mean(in[0], axes);
    Value centred = f.sub(in[0], mean);
    Value var = f.mean(f.mul(centred, centred), axes);
    Value y = f.div(centred, f.unary("Sqrt", f.add(var, graph.scalar(dtype, eps))));
    y = weight ? f.mul(y, f.reshape(in[1], per)) : y;
    y = bias ? f.add(y, f.reshape(in[in.length - 1], per)) : y;
    return new Value[] {y, f.reshape(mean, c), f.reshape(var, c)};
  }

  @Override
  public void samples(Samples s) {
    s.add(this, s.randn(4, 3), s.randn(3), s.randn(3));
    s.add(this, s.randn(2, 3, 4), s.randn(3), s.randn(3));
    s.add(this, s.randn(2, 3, 2, 3), s.randn(3), s.randn(3));
    s.add(this, s.randn(2, 2, 3, 3).permute(0, 3, 1, 2), s.randn(3), s.randn(3));
    s.add(new BatchNorm(0.1, false, false), s.randn(3, 2));
    s.add(new BatchNorm(1e-3, true, false), s.randn(3, 2), s.randn(2));
    s.add(new BatchNorm(1e-3, false, true), s.randn(1, 2, 5), s.randn(2));
    s.add(new BatchNorm(1e-5, false, false), s.randn(2, 1, 2, 1, 2));
    s.reject(this, "more than one value", s.randn(1, 3), s.randn(3), s.randn(3));
    s.reject(this, "weight must have shape", s.randn(2, 3), s.randn(2), s.randn(3));
    s.reject(this, "two to five dimensions", s.randn(3), s.randn(3), s.randn(3));
  }
}
