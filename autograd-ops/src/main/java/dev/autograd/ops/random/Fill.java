package dev.autograd.ops.random;

import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorCopy;

/// Writes one value into all elements.
public final class Fill {
  private Fill() {}

  /// Writes `value`, converted to the type of `target`, into every element; records nothing.
  public static void fill(double value, Tensor target) {
    TensorCopy.fill(
        target.shape().dims(), value, target.storage(), target.offset(), target.strides());
  }
}
