package dev.autograd.ops.reduction;

import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Slice;
import dev.autograd.ops.shape.Unslice;

/// A contiguous tensor as `[outer, n, inner]`, lines along one dimension.
///
/// @param outer the number of elements before the dimension
/// @param n its size, 1 for a scalar
/// @param inner the number of elements after it
public record AxisLines(int outer, int n, int inner) {

  /// Cuts a shape at the dimension `axis`.
  public static AxisLines of(Shape shape, int axis) {
    int n = shape.rank() == 0 ? 1 : shape.size(axis);
    int inner = 1;
    for (int d = axis + 1; d < shape.rank(); d++) {
      inner *= shape.size(d);
    }
    int outer = n * inner == 0 ? 0 : shape.numel() / (n * inner);
    return new AxisLines(outer, n, inner);
  }

  /// Returns `x` moved by one place along `axis`, a zero in the place that gets free; to the back
  /// the element at 0 goes to 1.
  static Tensor shifted(Tensor x, int axis, boolean back) {
    int n = x.size(axis);
    if (n == 0) {
      return x;
    }
    Tensor kept = back ? Slice.slice(x, axis, 0, n - 1, 1) : Slice.slice(x, axis, 1, n, 1);
    return Unslice.unslice(kept, axis, back ? 1 : 0, 1, n);
  }
}
