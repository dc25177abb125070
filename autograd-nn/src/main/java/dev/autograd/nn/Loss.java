package dev.autograd.nn;

import dev.autograd.Tensor;
import dev.autograd.ops.loss.BinaryCrossEntropyWithLogits;
import dev.autograd.ops.loss.CrossEntropy;
import dev.autograd.ops.loss.MseLoss;

/// Tells how far an output is from its target, as one number.
@FunctionalInterface
public interface Loss {
  /// Returns the mean loss of a batch, a scalar.
  Tensor of(Tensor output, Tensor target);

  /// Cross entropy of logits `[N, C]` and class indices `[N]`.
  static Loss crossEntropy() {
    return CrossEntropy::crossEntropy;
  }

  /// Mean squared error of equal shapes.
  static Loss mse() {
    return MseLoss::mseLoss;
  }

  /// Binary cross entropy of logits and targets in `[0, 1]`, of equal shapes.
  static Loss binaryCrossEntropyWithLogits() {
    return BinaryCrossEntropyWithLogits::binaryCrossEntropyWithLogits;
  }
}
