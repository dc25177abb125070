package dev.autograd.kernel.reduce.lanes;

import dev.autograd.kernel.Simd;

/// The row primitives of this machine. The vector forms are loaded only where they can run.
public final class Rows {
  /// Rows of floats.
  public static final RowsF32 F32 = Simd.live() ? new RowsF32(new VectorLanesF32()) : scalarF32();

  /// Rows of doubles.
  public static final RowsF64 F64 = Simd.live() ? new RowsF64(new VectorLanesF64()) : scalarF64();

  private Rows() {}

  /// Returns the rows in plain Java.
  public static RowsF32 scalarF32() {
    return new RowsF32(new ScalarLanesF32());
  }

  /// Returns the rows in plain Java.
  public static RowsF64 scalarF64() {
    return new RowsF64(new ScalarLanesF64());
  }
}
