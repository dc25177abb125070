package dev.autograd.gradcheck;

import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;

/// Puts values into the memory layout of another tensor, so that a strided sample stays strided.
final class Layouts {
  private Layouts() {}

  /// Returns the values of `values`, contiguous, in the layout of `x`: same strides and offset
  /// where no two elements of `x` share memory, contiguous otherwise.
  static Tensor as(Tensor x, Tensor values) {
    if (x.isContiguous() && x.offset() == 0) {
      return values;
    }
    int[] strides = x.strides();
    int last = x.offset();
    for (int d = 0; d < strides.length; d++) {
      if (strides[d] == 0 && x.size(d) > 1) {
        return values;
      }
      last += Math.max(0, x.size(d) - 1) * strides[d];
    }
    if (x.numel() == 0) {
      return values;
    }
    Storage storage = Storage.zeros(values.dtype(), last + 1);
    Tensor laid = Tensor.of(storage, Shape.of(last + 1)).alias(x.shape(), strides, x.offset());
    laid.copy_(values);
    return laid.detach();
  }
}
