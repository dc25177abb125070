package dev.autograd.ops.random;

import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorCopy;

/// Writes one value into all elements.
public final class Fill {
  private Fill() {}

  /// Writes `value`, converted to the type of `target`, into every element; records nothing.
  public static void fill(double value, Tensor target) {
    target.memory().aboutToWrite();
    TensorCopy.fill(
        target.shape().dims(), value, target.memory(), target.offset(), target.strides());
  }
}
