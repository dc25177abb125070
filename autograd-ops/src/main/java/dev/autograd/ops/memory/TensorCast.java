package dev.autograd.ops.memory;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.index.Cast;

/// Conversions of elements from one type to another; nothing is recorded.
///
/// Between floating types values are rounded to nearest, ties to even; to and from `f16` and `bf16`
/// by way of `f32`. The rules for integers and `bool` are those of [Cast].
public final class TensorCast {
  private TensorCast() {}

  /// Returns the elements of `x` in another type and row-major order, a fresh tensor.
  public static Tensor cast(Tensor x, DType dtype) {
    Shape shape = x.shape();
    Tensor dense = TensorCopy.dense(x);
    return Tensor.of(cast(dense.memory(), dense.offset(), shape.numel(), dtype), shape);
  }

  /// Returns `x` if it has the type, else [#cast(Tensor, DType)].
  public static Tensor to(Tensor x, DType dtype) {
    return x.dtype() == dtype ? x : cast(x, dtype);
  }

  /// Returns `n` neighbouring elements in another type, a fresh storage.
  static Storage cast(Storage x, int offset, int n, DType dtype) {
    Storage y = Storage.empty(dtype, n);
    if (n == 0) {
      return y; // whose offset may lie past the end
    }
    if (x.dtype() == dtype) {
      System.arraycopy(x.array(), offset, y.array(), 0, n);
    } else if (isHalf(x.dtype())) {
      float[] wide = new float[n];
      for (int i = 0; i < n; i++) {
        wide[i] = (float) x.getDouble(offset + i);
      }
      return dtype == DType.F32
          ? Storage.of(wide, DType.F32)
          : cast(Storage.of(wide, DType.F32), 0, n, dtype);
    } else if (isHalf(dtype)) {
      Storage wide = x.dtype() == DType.F32 ? x : cast(x, offset, n, DType.F32);
      narrow(wide.floats(), wide == x ? offset : 0, y, n);
    } else {
      convert(x, offset, n, y);
    }
    return y;
  }

  private static boolean isHalf(DType dtype) {
    return dtype == DType.F16 || dtype == DType.BF16;
  }

  private static void convert(Storage x, int offset, int n, Storage y) {
    switch (x.dtype()) {
      case F32 -> convert(x.floats(), offset, n, y);
      case F64 -> convert(x.doubles(), offset, n, y);
      case I64 -> convert(x.longs(), offset, n, y);
      case I32 -> convert(x.ints(), offset, n, y);
      case U8, BOOL -> convert(x.bytes(), offset, n, y);
      case F16, BF16 -> throw new IllegalStateException("is converted by way of f32");
    }
  }

  private static void convert(float[] x, int offset, int n, Storage y) {
    switch (y.dtype()) {
      case F32 -> System.arraycopy(x, offset, y.floats(), 0, n);
      case F64 -> Cast.cast(x, offset, y.doubles(), 0, n);
      case I64 -> Cast.cast(x, offset, y.longs(), 0, n);
      case I32 -> Cast.cast(x, offset, y.ints(), 0, n);
      case U8 -> Cast.cast(x, offset, y.bytes(), 0, n);
      case BOOL -> Cast.toBool(x, offset, y.bytes(), 0, n);
      case F16, BF16 -> throw new IllegalStateException("is converted by way of f32");
    }
  }

  private static void convert(double[] x, int offset, int n, Storage y) {
    switch (y.dtype()) {
      case F32 -> Cast.cast(x, offset, y.floats(), 0, n);
      case F64 -> System.arraycopy(x, offset, y.doubles(), 0, n);
      case I64 -> Cast.cast(x, offset, y.longs(), 0, n);
      case I32 -> Cast.cast(x, offset, y.ints(), 0, n);
      case U8 -> Cast.cast(x, offset, y.bytes(), 0, n);
      case BOOL -> Cast.toBool(x, offset, y.bytes(), 0, n);
      case F16, BF16 -> throw new IllegalStateException("is converted by way of f32");
    }
  }

  private static void convert(long[] x, int offset, int n, Storage y) {
    switch (y.dtype()) {
      case F32 -> Cast.cast(x, offset, y.floats(), 0, n);
      case F64 -> Cast.cast(x, offset, y.doubles(), 0, n);
      case I64 -> System.arraycopy(x, offset, y.longs(), 0, n);
      case I32 -> Cast.cast(x, offset, y.ints(), 0, n);
      case U8 -> Cast.cast(x, offset, y.bytes(), 0, n);
      case BOOL -> Cast.toBool(x, offset, y.bytes(), 0, n);
      case F16, BF16 -> throw new IllegalStateException("is converted by way of f32");
    }
  }

  private static void convert(int[] x, int offset, int n, Storage y) {
    switch (y.dtype()) {
      case F32 -> Cast.cast(x, offset, y.floats(), 0, n);
      case F64 -> Cast.cast(x, offset, y.doubles(), 0, n);
      case I64 -> Cast.cast(x, offset, y.longs(), 0, n);
      case I32 -> System.arraycopy(x, offset, y.ints(), 0, n);
      case U8 -> Cast.cast(x, offset, y.bytes(), 0, n);
      case BOOL -> Cast.toBool(x, offset, y.bytes(), 0, n);
      case F16, BF16 -> throw new IllegalStateException("is converted by way of f32");
    }
  }

  private static void convert(byte[] x, int offset, int n, Storage y) {
    switch (y.dtype()) {
      case F32 -> Cast.cast(x, offset, y.floats(), 0, n);
      case F64 -> Cast.cast(x, offset, y.doubles(), 0, n);
      case I64 -> Cast.cast(x, offset, y.longs(), 0, n);
      case I32 -> Cast.cast(x, offset, y.ints(), 0, n);
      case U8 -> System.arraycopy(x, offset, y.bytes(), 0, n);
      case BOOL -> Cast.toBool(x, offset, y.bytes(), 0, n);
      case F16, BF16 -> throw new IllegalStateException("is converted by way of f32");
    }
  }

  private static void narrow(float[] x, int offset, Storage y, int n) {
    short[] to = (short[]) y.array();
    boolean half = y.dtype() == DType.F16;
    for (int i = 0; i < n; i++) {
      float v = x[offset + i];
      to[i] = half ? Float.floatToFloat16(v) : bfloat16(v);
    }
  }

  private static short bfloat16(float value) {
    int bits = Float.floatToRawIntBits(value);
    if (Float.isNaN(value)) {
      return (short) ((bits >>> 16) | 0x40);
    }
    return (short) ((bits + 0x7fff + ((bits >>> 16) & 1)) >>> 16);
  }
}
