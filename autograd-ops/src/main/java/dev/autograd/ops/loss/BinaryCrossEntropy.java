package dev.autograd.ops.loss;

import static dev.autograd.kernel.expr.Formulas.log;
import static dev.autograd.kernel.expr.Formulas.log1p;
import static dev.autograd.kernel.expr.Formulas.max;

import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.ErrorKind;
import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.Samples;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The cross-entropy of a coin whose probability is given. For logits take
/// [BinaryCrossEntropyWithLogits], which is exact where probabilities round to 0 or 1.
///
/// - **Formula** `−w (t log p + (1 − t) log(1 − p))`, logarithms at least −100; `dp = w (p − t) /
///   max(p (1 − p), 1e-12) g`, `dt = w (log(1 − p) − log p) g`
/// - **Shapes** `p, t [*], w broadcast → []`, `[*]` without reduction
/// - **DType** f32, f64, promoted to one
/// - **Smooth** inside (0, 1); at 0 and 1 value and gradient stay finite
/// - **ONNX** decomposed
/// - **Saves** p, t, w
///
/// @param reduction what becomes of the single losses
/// @param weighted whether there is a weight, the third operand; it is not differentiated
public record BinaryCrossEntropy(Reduction reduction, boolean weighted) implements ElementwiseLoss {

  /// Makes the mean without weights.
  public BinaryCrossEntropy() {
    this(Reduction.MEAN, false);
  }

  /// Returns the mean over all elements.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes differ, (`ARGUMENT`) if a
  ///   probability or a target is not in `[0, 1]`
  public static Tensor binaryCrossEntropy(Tensor probability, Tensor target) {
    return binaryCrossEntropy(probability, target, null, Reduction.MEAN);
  }

  /// Returns the loss.
  ///
  /// @param weight a factor for each element, broadcast
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes do not fit, (`ARGUMENT`) if a
  ///   probability or a target is not in `[0, 1]`
  public static Tensor binaryCrossEntropy(
      Tensor probability, Tensor target, @Nullable Tensor weight, Reduction reduction) {
    String op = "binary_cross_entropy";
    return new BinaryCrossEntropy(reduction, weight != null)
        .apply(
            weight == null
                ? Operands.promoted(op, probability, target)
                : Operands.promoted(op, probability, target, weight));
  }

  @Override
  public int operands() {
    return weighted ? 3 : 2;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor each = ElementwiseLoss.super.forward(ctx, in);
    checkUnit("probability", in[0]);
    checkUnit("target", in[1]);
    return each;
  }

  private void checkUnit(String what, Tensor t) {
    double[] values = t.toDoubleArray();
    for (int i = 0; i < values.length; i++) {
      if (!(values[i] >= 0 && values[i] <= 1) && !Double.isNaN(values[i])) {
        throw new AutogradException(
            ErrorKind.ARGUMENT,
            name()
                + ": every "
                + what
                + " must lie in [0, 1], element "
                + Arrays.toString(ClassIndices.position(t.shape(), i))
                + " of shape "
                + t.shape()
                + " does not. Take binaryCrossEntropyWithLogits for logits.");
      }
    }
  }

  @Override
  public BinaryCrossEntropy reducing(Reduction reduction) {
    return new BinaryCrossEntropy(reduction, weighted);
  }

  @Override
  public Expr formula(Expr... in) {
    Expr p = in[0];
    Expr t = in[1];
    Expr each = t.sub(1).mul(atLeast100(log1p(p.neg()))).sub(t.mul(atLeast100(log(p))));
    return weighted ? each.mul(in[2]) : each;
  }

  private static Expr atLeast100(Expr log) {
    return max(log, Expr.constant(-100));
  }

  @Override
  public Expr slope(int by, Expr... in) {
    Expr p = in[0];
    Expr t = in[1];
    Expr each =
        by == 0
            ? p.sub(t).div(max(p.mul(Expr.ONE.sub(p)), Expr.constant(1e-12)))
            : atLeast100(log1p(p.neg())).sub(atLeast100(log(p)));
    return weighted ? each.mul(in[2]) : each;
  }

  @Override
  public Object form() {
    return List.of(getClass(), weighted);
  }

  @Override
  public void samples(Samples s) {
    for (Reduction r : Reduction.values()) {
      s.add(new BinaryCrossEntropy(r, false), s.uniform(0.1, 0.9, 3, 4), s.uniform(0.1, 0.9, 3, 4));
    }
    s.add(
        new BinaryCrossEntropy(Reduction.SUM, true),
        new boolean[] {true, true, false},
        s.uniform(0.1, 0.9, 3, 4),
        s.uniform(0.1, 0.9, 3, 4),
        s.uniform(0.5, 2, 4));
    s.add(this, s.uniform(0.1, 0.9, 4, 3).transpose(0, 1), s.uniform(0.1, 0.9, 3, 4));
    s.add(this, s.uniform(0.2, 0.8), s.uniform(0.2, 0.8));
    s.reject(this, "must have the same shape", s.uniform(0, 1, 3), s.uniform(0, 1, 3, 1));
    s.reject(this, "must lie in [0, 1]", s.uniform(2, 3, 3), s.uniform(0, 1, 3));
    s.reject(this, "every target", s.uniform(0, 1, 3), s.uniform(-2, -1, 3));
  }
}
