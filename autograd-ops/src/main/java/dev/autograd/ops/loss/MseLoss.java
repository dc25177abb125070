package dev.autograd.ops.loss;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.Samples;

/// The squared error.
///
/// - **Formula** `(input − target)²`, `dinput = 2 (input − target) g`, `dtarget = −dinput`
/// - **Shapes** `input, target [*] → []`, `[*]` without reduction; nothing is broadcast, since a
///   target `[N, 1]` for an input `[N]` is a mistake that trains
/// - **DType** f32, f64, promoted to one
/// - **Smooth** everywhere
/// - **ONNX** decomposed
/// - **Saves** input, target
///
/// @param reduction what becomes of the single losses
public record MseLoss(Reduction reduction) implements ElementwiseLoss {

  /// Makes the mean squared error.
  public MseLoss() {
    this(Reduction.MEAN);
  }

  /// Returns the mean squared error.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes differ
  public static Tensor mseLoss(Tensor input, Tensor target) {
    return mseLoss(input, target, Reduction.MEAN);
  }

  /// Returns the squared error.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes differ
  public static Tensor mseLoss(Tensor input, Tensor target, Reduction reduction) {
    return new MseLoss(reduction).apply(Operands.promoted("mse_loss", input, target));
  }

  @Override
  public MseLoss reducing(Reduction reduction) {
    return new MseLoss(reduction);
  }

  @Override
  public Expr formula(Expr... in) {
    return in[0].sub(in[1]).square();
  }

  @Override
  public Expr slope(int by, Expr... in) {
    Expr dx = in[0].sub(in[1]).mul(2);
    return by == 0 ? dx : dx.neg();
  }

  @Override
  public void samples(Samples s) {
    for (Reduction r : Reduction.values()) {
      s.add(new MseLoss(r), s.randn(3, 4), s.randn(3, 4));
    }
    s.add(this, s.randn(4, 3).transpose(0, 1), s.randn(3, 4));
    s.add(this, s.randn(), s.randn());
    s.add(new MseLoss(Reduction.SUM), s.randn(0, 3), s.randn(0, 3));
    s.reject(this, "must have the same shape", s.randn(2, 3), s.randn(3));
  }
}
