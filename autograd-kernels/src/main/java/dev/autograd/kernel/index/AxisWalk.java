package dev.autograd.kernel.index;

/// Visits the elements of `shape` in row-major order with their place in a strided view, the
/// coordinate along one axis left out.
record AxisWalk(int[] shape, int[] strides, int axis) {

  /// Takes the element's number and the view's place without the axis.
  @FunctionalInterface
  interface Visit {
    void at(int i, int base);
  }

  void run(Visit visit) {
    int rank = shape.length;
    int n = Positions.count(shape);
    if (rank == 0) {
      visit.at(0, 0);
      return;
    }
    int last = shape[rank - 1];
    int step = axis == rank - 1 ? 0 : strides[rank - 1];
    for (int i = 0; i < n; i += last) {
      int base = 0;
      int left = i / last;
      for (int d = rank - 2; d >= 0; d--) {
        int q = left / shape[d];
        base += d == axis ? 0 : (left - q * shape[d]) * strides[d];
        left = q;
      }
      for (int j = 0; j < last; j++) {
        visit.at(i + j, base + j * step);
      }
    }
  }
}
