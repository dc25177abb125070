package dev.autograd.ops.loss;

import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.Samples;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The cross-entropy of a coin whose probability is given. For logits take
/// [BinaryCrossEntropyWithLogits], which is exact where probabilities round to 0 or 1.
///
/// **Formula** `−w (t log p + (1 − t) log(1 − p))`, logarithms at least −100; `dp = w (p − t) / max(p
/// (1 − p), 1e-12) g`, `dt = w (log(1 − p) − log p) g`
/// **Shapes** `p, t [*], w broadcast → []`, `[*]` without reduction **DType** f32, f64, promoted to
/// one **Smooth** inside (0, 1); at 0 and 1 value and gradient stay finite **ONNX** decomposed
/// **Saves** p, t, w
///
/// @param reduction what becomes of the single losses
/// @param weighted whether there is a weight, the third operand; it is not differentiated
public record BinaryCrossEntropy(Reduction reduction, boolean weighted) implements Function {

  /// Makes the mean without weights.
  public BinaryCrossEntropy() {
    this(Reduction.MEAN, false);
  }

  /// Returns the mean over all elements.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes differ, (`ARGUMENT`) if a
  ///     probability or a target is not in `[0, 1]`
  public static Tensor binaryCrossEntropy(Tensor probability, Tensor target) {
    return binaryCrossEntropy(probability, target, null, Reduction.MEAN);
  }

  /// Returns the loss.
  ///
  /// @param weight a factor for each element, broadcast
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes do not fit, (`ARGUMENT`) if a
  ///     probability or a target is not in `[0, 1]`
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
  public Tensor forward(Context ctx, Tensor... in) {
    Operands.count(name(), in, weighted ? 3 : 2);
    Operands.floating(name(), in);
    Operands.sameShape(name(), "probability", in[0], "target", in[1]);
    checkUnit("probability", in[0]);
    checkUnit("target", in[1]);
    if (ctx.needs(0) || ctx.needs(1)) {
      ctx.save(in);
    }
    Tensor p = in[0];
    Tensor t = in[1];
    Tensor each =
        t.sub(1).mul(p.neg().log1p().clampMin(-100)).sub(t.mul(p.log().clampMin(-100)));
    return reduction.reduce(weighted ? each.mul(in[2]) : each);
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
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor p = ctx.saved(0);
    Tensor t = ctx.saved(1);
    Tensor each = reduction.spread(g, p.numel());
    if (weighted) {
      each = each.mul(ctx.saved(2));
    }
    @Nullable Tensor[] dx = new Tensor[weighted ? 3 : 2];
    if (ctx.needs(0)) {
      dx[0] = p.sub(t).div(p.rsub(1).mul(p).clampMin(1e-12)).mul(each);
    }
    if (ctx.needs(1)) {
      dx[1] = p.neg().log1p().clampMin(-100).sub(p.log().clampMin(-100)).mul(each);
    }
    return dx;
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
