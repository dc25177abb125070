package dev.autograd.ops.loss;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.Samples;

/// The absolute error.
///
/// - **Formula** `|input − target|`, `dinput = sign(input − target) g`, `dtarget = −dinput`
/// - **Shapes** `input, target [*] → []`, `[*]` without reduction; nothing is broadcast, since a
///   target `[N, 1]` for an input `[N]` is a mistake that trains
/// - **DType** f32, f64, promoted to one
/// - **Smooth** where they differ; at equality the gradient is 0
/// - **ONNX** decomposed
/// - **Saves** input, target
///
/// @param reduction what becomes of the single losses
public record L1Loss(Reduction reduction) implements ElementwiseLoss {

  /// Makes the mean absolute error.
  public L1Loss() {
    this(Reduction.MEAN);
  }

  /// Returns the mean absolute error.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes differ
  public static Tensor l1Loss(Tensor input, Tensor target) {
    return l1Loss(input, target, Reduction.MEAN);
  }

  /// Returns the absolute error.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes differ
  public static Tensor l1Loss(Tensor input, Tensor target, Reduction reduction) {
    return new L1Loss(reduction).apply(Operands.promoted("l1_loss", input, target));
  }

  @Override
  public L1Loss reducing(Reduction reduction) {
    return new L1Loss(reduction);
  }

  @Override
  public Expr formula(Expr... in) {
    return Formulas.abs(in[0].sub(in[1]));
  }

  @Override
  public Expr slope(int by, Expr... in) {
    Expr dx = Formulas.sign(in[0].sub(in[1]));
    return by == 0 ? dx : dx.neg();
  }

  @Override
  public void samples(Samples s) {
    for (Reduction r : Reduction.values()) {
      s.add(new L1Loss(r), s.uniform(1, 2, 3, 4), s.uniform(-2, 0.5, 3, 4));
    }
    s.add(this, s.uniform(-2, -1, 4, 3).transpose(0, 1), s.uniform(0, 1, 3, 4));
    s.add(this, s.uniform(1, 2), s.uniform(0, 0.5));
    s.add(new L1Loss(Reduction.SUM), s.randn(0, 3), s.randn(0, 3));
    s.reject(this, "must have the same shape", s.randn(2, 3), s.randn(3));
  }
}
