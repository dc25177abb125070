package dev.autograd.ops.normalization;

import dev.autograd.Shape;

/// A contiguous shape as the three loops around one axis: before it, along it, after it.
record AxisSplit(int outer, int axis, int inner) {
  static AxisSplit of(String op, Shape shape, int dim) {
    int at = shape.axis(op, dim);
    int outer = 1;
    int inner = 1;
    for (int i = 0; i < shape.rank(); i++) {
      if (i < at) {
        outer *= shape.size(i);
      } else if (i > at) {
        inner *= shape.size(i);
      }
    }
    return new AxisSplit(outer, shape.rank() == 0 ? 1 : shape.size(at), inner);
  }
}
