package dev.autograd.benchmarks.micro;

import dev.autograd.DType;

/// What one operation has to do.
///
/// @param dtype decides which arithmetic peak holds
/// @param flops arithmetic operations
/// @param read bytes to be read
/// @param written bytes to be written
record Work(DType dtype, double flops, double read, double written) {
  /// Work of which no limit tells anything: the cost lies elsewhere.
  static final Work UNCOUNTED = new Work(DType.F32, 0, 0, 0);

  /// Makes the work of `flops` on so many elements of a type.
  static Work ofElements(DType dtype, double flops, double read, double written) {
    return new Work(dtype, flops, read * dtype.bytes(), written * dtype.bytes());
  }

  boolean counted() {
    return flops + bytes() > 0;
  }

  double bytes() {
    return read + written;
  }

  /// Returns the seconds that this takes at the limit that binds.
  double secondsAt(Limits limits) {
    double copied = Math.min(read, written);
    double memory =
        2 * copied / limits.copy()
            + (read - copied) / limits.read()
            + (written - copied) / limits.copy();
    double peak = dtype == DType.F64 ? limits.flopsF64() : limits.flopsF32();
    return Math.max(flops / peak, memory);
  }
}
