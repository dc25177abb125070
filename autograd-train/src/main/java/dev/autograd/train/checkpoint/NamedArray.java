package dev.autograd.train.checkpoint;

import java.lang.reflect.Array;
import java.util.Arrays;

/// An array with a name and a shape, as a checkpoint holds it.
///
/// @param shape empty for a single number
/// @param array row-major, of the class that `type` says; not copied
@SuppressWarnings("ArrayRecordComponent") // plain arrays are the interface; equality is not used
public record NamedArray(String name, ElementType type, int[] shape, Object array) {
  public NamedArray {
    if (array.getClass() != type.arrayType()) {
      throw new IllegalArgumentException(
          "array %s: %s is held in %s, got %s"
              .formatted(
                  name, type, type.arrayType().getSimpleName(), array.getClass().getSimpleName()));
    }
    long size = 1;
    for (int d : shape) {
      size = d < 0 ? -1 : Math.multiplyExact(size, (long) d);
    }
    if (size != Array.getLength(array)) {
      throw new IllegalArgumentException(
          "array %s: shape %s does not hold %d elements"
              .formatted(name, Arrays.toString(shape), Array.getLength(array)));
    }
  }

  /// Names an array of f32.
  public static NamedArray of(String name, float[] array, int... shape) {
    return new NamedArray(name, ElementType.F32, shape, array);
  }

  /// Names an array of f64.
  public static NamedArray of(String name, double[] array, int... shape) {
    return new NamedArray(name, ElementType.F64, shape, array);
  }

  /// Names an array of i64.
  public static NamedArray of(String name, long[] array, int... shape) {
    return new NamedArray(name, ElementType.I64, shape, array);
  }

  /// Names an array of i32.
  public static NamedArray of(String name, int[] array, int... shape) {
    return new NamedArray(name, ElementType.I32, shape, array);
  }

  /// Returns how many elements there are.
  public int size() {
    return Array.getLength(array);
  }
}
