package dev.autograd.ops.loss;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.Samples;
import java.util.List;

/// The absolute error, rounded off near zero: a parabola up to `beta`, then a line of slope 1.
///
/// - **Formula** `d = input − target`, `d² / (2 beta)` where `|d| < beta`, `|d| − beta / 2`
///   elsewhere; `dinput = clamp(d / beta, −1, 1) g`, `dtarget = −dinput`
/// - **Shapes** `input, target [*] → []`, `[*]` without reduction; nothing is broadcast, since a
///   target `[N, 1]` for an input `[N]` is a mistake that trains
/// - **DType** f32, f64, promoted to one
/// - **Smooth** once; the second derivative jumps at `beta`
/// - **ONNX** decomposed
/// - **Saves** input, target
///
/// @param beta where parabola and line meet, 0 for the absolute error
/// @param reduction what becomes of the single losses
public record SmoothL1Loss(double beta, Reduction reduction) implements ElementwiseLoss {

  /// Makes the mean with `beta` 1.
  public SmoothL1Loss() {
    this(1, Reduction.MEAN);
  }

  /// Checks the attributes.
  ///
  /// @throws dev.autograd.AutogradException (`ARGUMENT`) if `beta` is out of range
  public SmoothL1Loss {
    if (!(beta >= 0)) {
      throw Operands.argument("smooth_l1_loss: beta must be at least 0, got " + beta);
    }
  }

  /// Returns the mean with `beta` 1.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes differ
  public static Tensor smoothL1Loss(Tensor input, Tensor target) {
    return smoothL1Loss(input, target, 1, Reduction.MEAN);
  }

  /// Returns the loss.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes differ
  public static Tensor smoothL1Loss(Tensor input, Tensor target, double beta, Reduction reduction) {
    return new SmoothL1Loss(beta, reduction)
        .apply(Operands.promoted("smooth_l1_loss", input, target));
  }

  @Override
  public SmoothL1Loss reducing(Reduction reduction) {
    return new SmoothL1Loss(beta, reduction);
  }

  @Override
  public Expr formula(Expr... in) {
    Expr d = Formulas.abs(in[0].sub(in[1]));
    if (beta == 0) {
      return d;
    }
    Expr b = Expr.param(0);
    return Expr.select(d.lt(b), d.square().mul(0.5).div(b), d.sub(b.mul(0.5)));
  }

  @Override
  public Expr slope(int by, Expr... in) {
    Expr d = in[0].sub(in[1]);
    Expr dx =
        beta == 0
            ? Formulas.sign(d)
            : Formulas.max(Formulas.min(d.div(Expr.param(0)), Expr.ONE), Expr.ONE.neg());
    return by == 0 ? dx : dx.neg();
  }

  @Override
  public double[] params() {
    return new double[] {beta};
  }

  @Override
  public Object form() {
    return List.of(getClass(), beta == 0);
  }

  @Override
  public void samples(Samples s) {
    for (Reduction r : Reduction.values()) {
      s.add(new SmoothL1Loss(0.5, r), s.uniform(-0.2, 0.2, 3, 4), s.uniform(-0.2, 0.2, 3, 4));
      s.add(new SmoothL1Loss(0.5, r), s.uniform(1, 2, 3, 4), s.uniform(-1, 0, 3, 4));
    }
    s.add(this, s.uniform(-0.4, 0.4, 4, 3).transpose(0, 1), s.uniform(-0.4, 0.4, 3, 4));
    s.add(this, s.uniform(-0.4, 0.4), s.uniform(-0.4, 0.4));
    s.add(this, s.uniform(-3, -2, 3), s.uniform(0, 1, 3));
    s.add(new SmoothL1Loss(0, Reduction.MEAN), s.uniform(-3, -2, 3), s.uniform(0, 1, 3));
    s.reject(this, "must have the same shape", s.randn(2, 3), s.randn(3));
  }
}
