package dev.autograd.gradcheck.difference;

import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import java.util.BitSet;

/// Puts values into the memory layout of another tensor, so that a strided sample stays strided.
public final class Layouts {
  private Layouts() {}

  /// Returns the values of `values`, contiguous, in the layout of `x`: same strides and offset
  /// where no two elements of `x` share memory, contiguous otherwise.
  public static Tensor as(Tensor x, Tensor values) {
    if (x.isContiguous() && x.offset() == 0) {
      return values;
    }
    if (x.numel() == 0 || overlap(x)) {
      return values;
    }
    int[] strides = x.strides();
    int last = x.offset();
    for (int d = 0; d < strides.length; d++) {
      last += (x.size(d) - 1) * strides[d];
    }
    Storage storage = Storage.zeros(values.dtype(), last + 1);
    Tensor laid = Tensor.of(storage, Shape.of(last + 1)).alias(x.shape(), strides, x.offset());
    laid.copy_(values);
    return laid.detach();
  }

  /// Tells whether two elements share memory.
  public static boolean overlap(Tensor x) {
    if (x.isContiguous()) {
      return false;
    }
    int[] strides = x.strides();
    int[] at = new int[strides.length];
    BitSet taken = new BitSet();
    int position = 0;
    for (int e = 0; e < x.numel(); e++) {
      if (taken.get(position)) {
        return true;
      }
      taken.set(position);
      for (int d = at.length - 1; d >= 0; d--) {
        position += strides[d];
        if (++at[d] < x.size(d)) {
          break;
        }
        position -= at[d] * strides[d];
        at[d] = 0;
      }
    }
    return false;
  }
}
