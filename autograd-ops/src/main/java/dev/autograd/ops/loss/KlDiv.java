package dev.autograd.ops.loss;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.Samples;
import java.util.List;

/// The Kullback-Leibler divergence of a distribution from one given by its logarithm.
///
/// - **Formula** `target (log target − input)` with `0 log 0 = 0`; `dinput = −target g`, `dtarget =
///   (log target + 1 − input) g`, 0 where the target is 0. With `logTarget`: `e^t (t − input)`,
///   `dinput = −e^t g`, `dt = e^t (t + 1 − input) g`
/// - **Shapes** `input, target [*] → []`, `[*]` without reduction; nothing is broadcast, since a
///   target `[N, 1]` for an input `[N]` is a mistake that trains
/// - **DType** f32, f64, promoted to one
/// - **Smooth** for positive targets
/// - **ONNX** decomposed
/// - **Saves** input, target
///
/// @param reduction what becomes of the single losses
/// @param logTarget whether the target is given by its logarithm too
public record KlDiv(Reduction reduction, boolean logTarget) implements ElementwiseLoss {

  /// Makes the mean over elements of plain targets.
  public KlDiv() {
    this(Reduction.MEAN, false);
  }

  /// Returns the mean over elements; for the divergence itself see [#klDivBatchMean].
  ///
  /// @param input logarithms of probabilities
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes differ
  public static Tensor klDiv(Tensor input, Tensor target) {
    return klDiv(input, target, Reduction.MEAN, false);
  }

  /// Returns the divergence.
  ///
  /// @param input logarithms of probabilities
  /// @param logTarget whether the target is given by its logarithm too
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes differ
  public static Tensor klDiv(Tensor input, Tensor target, Reduction reduction, boolean logTarget) {
    return new KlDiv(reduction, logTarget).apply(Operands.promoted("kl_div", input, target));
  }

  /// Returns the sum divided by the first size: the mean divergence of a batch of distributions.
  public static Tensor klDivBatchMean(Tensor input, Tensor target, boolean logTarget) {
    return klDiv(input, target, Reduction.SUM, logTarget).div((double) input.size(0));
  }

  @Override
  public KlDiv reducing(Reduction reduction) {
    return new KlDiv(reduction, logTarget);
  }

  @Override
  public Expr formula(Expr... in) {
    Expr x = in[0];
    Expr t = in[1];
    return logTarget
        ? Formulas.exp(t).mul(t.sub(x))
        : Expr.select(t.eq(0), Expr.ZERO, t.mul(Formulas.log(t).sub(x)));
  }

  @Override
  public Expr slope(int by, Expr... in) {
    Expr x = in[0];
    Expr t = in[1];
    if (by == 0) {
      return logTarget ? Formulas.exp(t).neg() : t.neg();
    }
    return logTarget
        ? Formulas.exp(t).mul(t.sub(x).add(1))
        : Expr.select(t.eq(0), Expr.ZERO, Formulas.log(t).add(1).sub(x));
  }

  @Override
  public Object form() {
    return List.of(getClass(), logTarget);
  }

  @Override
  public void samples(Samples s) {
    for (Reduction r : Reduction.values()) {
      s.add(new KlDiv(r, false), s.randn(3, 4), s.uniform(0.1, 0.9, 3, 4));
      s.add(new KlDiv(r, true), s.randn(3, 4), s.randn(3, 4));
    }
    s.add(this, s.randn(4, 3).transpose(0, 1), s.uniform(0.1, 0.9, 3, 4));
    s.add(this, s.randn(), s.uniform(0.2, 0.8));
    s.reject(this, "must have the same shape", s.randn(2, 3), s.randn(3));
  }
}
