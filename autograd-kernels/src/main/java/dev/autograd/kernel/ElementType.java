package dev.autograd.kernel;

/// The type of the elements of an array, and the Java array that holds them.
public enum ElementType {
  /// IEEE binary32, in a `float[]`.
  F32(4),
  /// IEEE binary64, in a `double[]`.
  F64(8),
  /// Signed 64-bit integers, in a `long[]`.
  I64(8),
  /// Signed 32-bit integers, in an `int[]`.
  I32(4),
  /// Unsigned 8-bit integers, in a `byte[]`.
  U8(1),
  /// Truth values, in a `byte[]` of 0 and 1.
  BOOL(1);

  private final int bytes;

  ElementType(int bytes) {
    this.bytes = bytes;
  }

  /// Returns the size of one element in bytes.
  public int bytes() {
    return bytes;
  }

  /// Returns whether the type is F32 or F64.
  public boolean floating() {
    return this == F32 || this == F64;
  }

  /// Returns a zeroed array of `n` elements.
  public Object newArray(int n) {
    return switch (this) {
      case F32 -> new float[n];
      case F64 -> new double[n];
      case I64 -> new long[n];
      case I32 -> new int[n];
      case U8, BOOL -> new byte[n];
    };
  }

  /// Returns whether `array` is of the Java type that holds these elements.
  public boolean holds(Object array) {
    return switch (this) {
      case F32 -> array instanceof float[];
      case F64 -> array instanceof double[];
      case I64 -> array instanceof long[];
      case I32 -> array instanceof int[];
      case U8, BOOL -> array instanceof byte[];
    };
  }
}
