package dev.autograd;

import java.util.Locale;

/// The element types of tensors.
///
/// `F16` and `BF16` are storage for files and export; operations do not compute in them.
public enum DType {
  /// Truth values, one byte each (0 or 1).
  BOOL(1, 0),
  /// Unsigned 8-bit integers.
  U8(1, 1),
  /// Signed 32-bit integers.
  I32(4, 1),
  /// Signed 64-bit integers; the type of indices.
  I64(8, 1),
  /// IEEE 754 binary16, storage only.
  F16(2, 2),
  /// bfloat16, storage only.
  BF16(2, 2),
  /// IEEE 754 binary32, the default.
  F32(4, 2),
  /// IEEE 754 binary64.
  F64(8, 2);

  private final int bytes;
  private final int category;

  DType(int bytes, int category) {
    this.bytes = bytes;
    this.category = category;
  }

  /// Returns the size of one element in bytes.
  public int bytes() {
    return bytes;
  }

  /// Tells whether this is a floating-point type, the only kind that can require gradients.
  public boolean isFloating() {
    return category == 2;
  }

  /// Tells whether this is an integer type (`BOOL` is not).
  public boolean isInteger() {
    return category == 1;
  }

  /// Returns the type of the result of an operation over `a` and `b`, as PyTorch promotes them.
  ///
  /// A floating type beats an integer one, an integer one beats `BOOL`; within a category the wider
  /// type wins (`U8` with `I32` gives `I32`, `F16` with `BF16` gives `F32`).
  public static DType promote(DType a, DType b) {
    if (a == b) {
      return a;
    }
    if (a.category != b.category) {
      return a.category > b.category ? a : b;
    }
    if (a.bytes == b.bytes) {
      return F32; // F16 with BF16: neither holds the other
    }
    return a.bytes > b.bytes ? a : b;
  }

  /// Returns the type of the result of an operation over `tensor` and a Java number: the tensor's
  /// own type, unless a fractional or infinite number meets an integer tensor, which gives `F32`.
  public static DType promoteScalar(DType tensor, double scalar) {
    if (tensor.isFloating()) {
      return tensor;
    }
    if (scalar != Math.rint(scalar) || Double.isInfinite(scalar)) {
      return F32;
    }
    return tensor == BOOL ? I64 : tensor;
  }

  /// Returns a new array of `n` elements of this type, all zero.
  public Object newArray(int n) {
    return switch (this) {
      case BOOL, U8 -> new byte[n];
      case I32 -> new int[n];
      case I64 -> new long[n];
      case F16, BF16 -> new short[n];
      case F32 -> new float[n];
      case F64 -> new double[n];
    };
  }

  /// Returns the name in lower case, as it is printed: `f32`.
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
