package dev.autograd.ops.random;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorCopy;

/// Copies elements from one tensor to another.
public final class CopyInto {
  private CopyInto() {}

  /// Copies the elements of `source` over those of `target`; records nothing.
  ///
  /// @throws AutogradException (`SHAPE`) if the shapes differ, (`DTYPE`) if the types do
  public static void copy(Tensor source, Tensor target) {
    if (!source.shape().equals(target.shape())) {
      throw new AutogradException(
          ErrorKind.SHAPE,
          "copy: source must have the shape of target, "
              + target.shape()
              + ", got "
              + source.shape());
    }
    if (source.dtype() != target.dtype()) {
      throw new AutogradException(
          ErrorKind.DTYPE,
          "copy: source must have the type of target, "
              + target.dtype()
              + ", got "
              + source.dtype()
              + ". Cast it first.");
    }
    target.memory().aboutToWrite();
    // What overlaps would be read after it was written.
    Tensor from = source.memory() == target.memory() ? TensorCopy.contiguous(source) : source;
    TensorCopy.into(from, target.memory(), target.offset(), target.strides());
  }
}
