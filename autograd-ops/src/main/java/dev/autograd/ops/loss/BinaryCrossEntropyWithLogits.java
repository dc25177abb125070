package dev.autograd.ops.loss;

import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.Samples;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cross-entropy of a coin whose logit is given; never overflows.
///
/// **Formula** `w (max(z, 0) − z t + ln(1 + e^−|z|))`, `dz = w (σ(z) − t) g`, `dt = −w z g`. With
/// weights v of the positive targets: `w ((1 − t) z + (1 + (v − 1) t) s)`, `s = max(−z, 0) + ln(1 +
/// e^−|z|)`
/// **Shapes** `z, t [*]`, weights broadcast `→ []`, `[*]` without reduction **DType** f32, f64,
/// promoted to one **Smooth** everywhere **ONNX** decomposed **Saves** z, t and the weights
///
/// @param reduction what becomes of the single losses
/// @param weighted whether there is a weight for each element, the third operand
/// @param positiveWeighted whether there is a weight of the positive targets, the last operand
public record BinaryCrossEntropyWithLogits(
    Reduction reduction, boolean weighted, boolean positiveWeighted) implements Function {

  /// Makes the mean without weights.
  public BinaryCrossEntropyWithLogits() {
    this(Reduction.MEAN, false, false);
  }

  /// Returns the mean over all elements.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes differ
  public static Tensor binaryCrossEntropyWithLogits(Tensor logits, Tensor target) {
    return binaryCrossEntropyWithLogits(logits, target, null, null, Reduction.MEAN);
  }

  /// Returns the loss. Weights are not differentiated.
  ///
  /// @param weight a factor for each element, broadcast
  /// @param positiveWeight a factor for the positive targets, broadcast: more than 1 favours recall
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes do not fit
  public static Tensor binaryCrossEntropyWithLogits(
      Tensor logits,
      Tensor target,
      @Nullable Tensor weight,
      @Nullable Tensor positiveWeight,
      Reduction reduction) {
    List<Tensor> in = new ArrayList<>(List.of(logits, target));
    if (weight != null) {
      in.add(weight);
    }
    if (positiveWeight != null) {
      in.add(positiveWeight);
    }
    return new BinaryCrossEntropyWithLogits(reduction, weight != null, positiveWeight != null)
        .apply(Operands.promoted("binary_cross_entropy_with_logits", in.toArray(Tensor[]::new)));
  }

  private int operands() {
    return 2 + (weighted ? 1 : 0) + (positiveWeighted ? 1 : 0);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Operands.count(name(), in, operands());
    Operands.floating(name(), in);
    Operands.sameShape(name(), "logits", in[0], "target", in[1]);
    for (int i = 2; i < in.length; i++) {
      if (!in[i].shape().broadcastsTo(in[0].shape())) {
        throw Operands.shape(
            name()
                + ": weights must broadcast to the logits, got weight "
                + in[i].shape()
                + " and logits "
                + in[0].shape());
      }
    }
    if (ctx.needs(0) || ctx.needs(1)) {
      ctx.save(in);
    }
    Tensor z = in[0];
    Tensor t = in[1];
    Tensor tail = z.abs().neg().exp().log1p();
    Tensor each =
        positiveWeighted
            ? t.rsub(1).mul(z).add(factor(t, in[in.length - 1]).mul(z.neg().relu().add(tail)))
            : z.relu().sub(z.mul(t)).add(tail);
    return reduction.reduce(weighted ? each.mul(in[2]) : each);
  }

  private static Tensor factor(Tensor t, Tensor positiveWeight) {
    return t.mul(positiveWeight.sub(1)).add(1);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor z = ctx.saved(0);
    Tensor t = ctx.saved(1);
    Tensor each = reduction.spread(g, z.numel());
    if (weighted) {
      each = each.mul(ctx.saved(2));
    }
    @Nullable Tensor[] dx = new Tensor[operands()];
    Tensor v = positiveWeighted ? ctx.saved(operands() - 1) : null;
    if (ctx.needs(0)) {
      Tensor dz =
          v == null
              ? z.sigmoid().sub(t)
              : t.rsub(1).sub(factor(t, v).mul(z.neg().sigmoid()));
      dx[0] = dz.mul(each);
    }
    if (ctx.needs(1)) {
      Tensor dt = v == null ? z.neg() : v.sub(1).mul(z.neg().softplus()).sub(z);
      dx[1] = dt.mul(each);
    }
    return dx;
  }

  @Override
  public void samples(Samples s) {
    for (Reduction r : Reduction.values()) {
      s.add(
          new BinaryCrossEntropyWithLogits(r, false, false),
          s.randn(3, 4),
          s.uniform(0, 1, 3, 4));
    }
    s.add(
        new BinaryCrossEntropyWithLogits(Reduction.MEAN, true, true),
        new boolean[] {true, true, false, false},
        s.randn(3, 4),
        s.uniform(0, 1, 3, 4),
        s.uniform(0.5, 2, 3, 1),
        s.uniform(0.5, 2, 4));
    s.add(
        new BinaryCrossEntropyWithLogits(Reduction.SUM, false, true),
        new boolean[] {true, true, false},
        s.randn(3, 4),
        s.uniform(0, 1, 3, 4),
        s.uniform(0.5, 2));
    s.add(this, s.randn(4, 3).transpose(0, 1), s.uniform(0, 1, 3, 4));
    s.add(this, s.randn(), s.uniform(0, 1));
    s.add(new BinaryCrossEntropyWithLogits(Reduction.SUM, false, false), s.randn(0, 2), s.randn(0, 2));
    s.reject(this, "must have the same shape", s.randn(3), s.uniform(0, 1, 3, 1));
  }
}
