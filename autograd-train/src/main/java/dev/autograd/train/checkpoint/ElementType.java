package dev.autograd.train.checkpoint;

import java.util.Arrays;
import java.util.Optional;

/// The types of numbers in a safetensors file, under the names the format gives them.
public enum ElementType {
  /// 32-bit floats, held in a `float[]`.
  F32(4, float[].class),
  /// 64-bit floats, held in a `double[]`.
  F64(8, double[].class),
  /// 64-bit integers, held in a `long[]`.
  I64(8, long[].class),
  /// 32-bit integers, held in an `int[]`.
  I32(4, int[].class),
  /// Unsigned bytes, held in a `byte[]`.
  U8(1, byte[].class),
  /// Truth values, one byte each, held in a `boolean[]`.
  BOOL(1, boolean[].class),
  /// 16-bit IEEE floats, held as raw bits in a `short[]`.
  F16(2, short[].class),
  /// 16-bit floats with the exponent of f32, held as raw bits in a `short[]`.
  BF16(2, short[].class);

  private final int bytes;
  private final Class<?> arrayType;

  ElementType(int bytes, Class<?> arrayType) {
    this.bytes = bytes;
    this.arrayType = arrayType;
  }

  /// Returns the bytes of one element in the file.
  public int bytes() {
    return bytes;
  }

  /// Returns the class of the array that holds the elements in memory.
  public Class<?> arrayType() {
    return arrayType;
  }

  static Optional<ElementType> of(String name) {
    return Arrays.stream(values()).filter(t -> t.name().equals(name)).findFirst();
  }
}
