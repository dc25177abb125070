package dev.autograd.ops.loss;

import static dev.autograd.kernel.expr.Formulas.abs;
import static dev.autograd.kernel.expr.Formulas.exp;
import static dev.autograd.kernel.expr.Formulas.log1p;
import static dev.autograd.kernel.expr.Formulas.max;
import static dev.autograd.kernel.expr.Formulas.sigmoid;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.Samples;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cross-entropy of a coin whose logit is given; never overflows.
///
/// - **Formula** `w (max(z, 0) − z t + ln(1 + e^−|z|))`, `dz = w (σ(z) − t) g`, `dt = −w z g`. With
///   weights v of the positive targets: `w ((1 − t) z + (1 + (v − 1) t) s)`, `s = max(−z, 0) + ln(1
///   + e^−|z|)`
/// - **Shapes** `z, t [*]`, weights broadcast `→ []`, `[*]` without reduction
/// - **DType** f32, f64, promoted to one
/// - **Smooth** everywhere
/// - **ONNX** decomposed
/// - **Saves** z, t and the weights
///
/// @param reduction what becomes of the single losses
/// @param weighted whether there is a weight for each element, the third operand
/// @param positiveWeighted whether there is a weight of the positive targets, the last operand
public record BinaryCrossEntropyWithLogits(
    Reduction reduction, boolean weighted, boolean positiveWeighted) implements ElementwiseLoss {

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

  @Override
  public int operands() {
    return 2 + (weighted ? 1 : 0) + (positiveWeighted ? 1 : 0);
  }

  @Override
  public BinaryCrossEntropyWithLogits reducing(Reduction reduction) {
    return new BinaryCrossEntropyWithLogits(reduction, weighted, positiveWeighted);
  }

  @Override
  public Expr formula(Expr... in) {
    Expr z = in[0];
    Expr t = in[1];
    Expr tail = log1p(exp(abs(z).neg()));
    Expr each =
        positiveWeighted
            ? Expr.ONE.sub(t).mul(z).add(factor(in).mul(max(z.neg(), Expr.ZERO).add(tail)))
            : max(z, Expr.ZERO).sub(z.mul(t)).add(tail);
    return weighted ? each.mul(in[2]) : each;
  }

  /// Returns the factor of what a positive target costs.
  private static Expr factor(Expr... in) {
    return in[1].mul(in[in.length - 1].sub(1)).add(1);
  }

  @Override
  public Expr slope(int by, Expr... in) {
    Expr z = in[0];
    Expr t = in[1];
    Expr each;
    if (by == 0) {
      each =
          positiveWeighted
              ? Expr.ONE.sub(t).sub(factor(in).mul(sigmoid(z.neg())))
              : sigmoid(z).sub(t);
    } else {
      Expr softplus = max(z.neg(), Expr.ZERO).add(log1p(exp(abs(z).neg())));
      each = positiveWeighted ? in[in.length - 1].sub(1).mul(softplus).sub(z) : z.neg();
    }
    return weighted ? each.mul(in[2]) : each;
  }

  @Override
  public Object form() {
    return List.of(getClass(), weighted, positiveWeighted);
  }

  @Override
  public void samples(Samples s) {
    for (Reduction r : Reduction.values()) {
      s.add(
          new BinaryCrossEntropyWithLogits(r, false, false), s.randn(3, 4), s.uniform(0, 1, 3, 4));
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
    s.add(
        new BinaryCrossEntropyWithLogits(Reduction.SUM, false, false),
        s.randn(0, 2),
        s.randn(0, 2));
    s.reject(this, "must have the same shape", s.randn(3), s.uniform(0, 1, 3, 1));
  }
}
