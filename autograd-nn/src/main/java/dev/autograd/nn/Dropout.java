package dev.autograd.nn;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.Generator;
import dev.autograd.Tensor;

/// Sets elements to zero with probability `p` while training, and scales the others by `1/(1 − p)`;
/// the identity in evaluation.
public final class Dropout extends Layer {
  private final double p;

  /// Makes a layer that drops with probability `p` in `[0, 1]`.
  public Dropout(double p) {
    if (!(p >= 0 && p <= 1)) {
      throw new AutogradException(
          ErrorKind.ARGUMENT, "dropout: the probability must lie in [0, 1], got " + p);
    }
    this.p = p;
  }

  @Override
  public Tensor forward(Tensor x) {
    return isTraining() && p > 0
        ? dev.autograd.ops.regularization.Dropout.dropout(x, p, Generator.global())
        : x;
  }

  @Override
  protected String describe() {
    return "Dropout(" + p + ")";
  }
}
