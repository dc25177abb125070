package dev.autograd.kernel.reduce.lanes;

/// The row primitives of this machine.
public final class Rows {
  /// Rows of floats.
  public static final RowsF32 F32 = vector() ? vectorF32() : scalarF32();

  /// Rows of doubles.
  public static final RowsF64 F64 = vector() ? vectorF64() : scalarF64();

  private Rows() {}

  /// Returns the rows in plain Java.
  public static RowsF32 scalarF32() {
    return new RowsF32(new ScalarLanesF32());
  }

  /// Returns the rows in plain Java.
  public static RowsF64 scalarF64() {
    return new RowsF64(new ScalarLanesF64());
  }

  private static RowsF32 vectorF32() {
    return new RowsF32(new VectorLanesF32());
  }

  private static RowsF64 vectorF64() {
    return new RowsF64(new VectorLanesF64());
  }

  private static boolean vector() {
    return ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()
        && !"off".equals(System.getProperty("autograd.simd"));
  }
}
