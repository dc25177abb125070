package dev.autograd.ops.loss;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.Samples;

/// The squared error near zero, the absolute one further out, of one slope where they meet.
///
/// - **Formula** `d = input − target`, `d² / 2` where `|d| < delta`, `delta (|d| − delta / 2)`
///   elsewhere; `dinput = clamp(d, −delta, delta) g`, `dtarget = −dinput`
/// - **Shapes** `input, target [*] → []`, `[*]` without reduction; nothing is broadcast, since a
///   target `[N, 1]` for an input `[N]` is a mistake that trains
/// - **DType** f32, f64, promoted to one
/// - **Smooth** once; the second derivative jumps at `delta`
/// - **ONNX** decomposed
/// - **Saves** input, target
///
/// @param delta where parabola and line meet
/// @param reduction what becomes of the single losses
public record HuberLoss(double delta, Reduction reduction) implements ElementwiseLoss {

  /// Makes the mean with `delta` 1.
  public HuberLoss() {
    this(1, Reduction.MEAN);
  }

  /// Checks the attributes.
  ///
  /// @throws dev.autograd.AutogradException (`ARGUMENT`) if `delta` is out of range
  public HuberLoss {
    if (!(delta > 0)) {
      throw Operands.argument("huber_loss: delta must be positive, got " + delta);
    }
  }

  /// Returns the mean with `delta` 1.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes differ
  public static Tensor huberLoss(Tensor input, Tensor target) {
    return huberLoss(input, target, 1, Reduction.MEAN);
  }

  /// Returns the loss.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes differ
  public static Tensor huberLoss(Tensor input, Tensor target, double delta, Reduction reduction) {
    return new HuberLoss(delta, reduction).apply(Operands.promoted("huber_loss", input, target));
  }

  @Override
  public HuberLoss reducing(Reduction reduction) {
    return new HuberLoss(delta, reduction);
  }

  @Override
  public Expr formula(Expr... in) {
    Expr d = Formulas.abs(in[0].sub(in[1]));
    Expr b = Expr.param(0);
    return Expr.select(d.lt(b), d.square().mul(0.5), d.sub(b.mul(0.5)).mul(b));
  }

  @Override
  public Expr slope(int by, Expr... in) {
    Expr d = in[0].sub(in[1]);
    Expr b = Expr.param(0);
    Expr dx = Formulas.max(Formulas.min(d, b), b.neg());
    return by == 0 ? dx : dx.neg();
  }

  @Override
  public double[] params() {
    return new double[] {delta};
  }

  @Override
  public void samples(Samples s) {
    for (Reduction r : Reduction.values()) {
      s.add(new HuberLoss(0.5, r), s.uniform(-0.2, 0.2, 3, 4), s.uniform(-0.2, 0.2, 3, 4));
      s.add(new HuberLoss(0.5, r), s.uniform(1, 2, 3, 4), s.uniform(-1, 0, 3, 4));
    }
    s.add(this, s.uniform(-0.4, 0.4, 4, 3).transpose(0, 1), s.uniform(-0.4, 0.4, 3, 4));
    s.add(this, s.uniform(-0.4, 0.4), s.uniform(-0.4, 0.4));
    s.add(this, s.uniform(-3, -2, 3), s.uniform(0, 1, 3));
    s.reject(this, "must have the same shape", s.randn(2, 3), s.randn(3));
  }
}
