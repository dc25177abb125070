package dev.autograd.kernel.expr;

import java.util.Arrays;

/// An array seen through an offset and strides: an input or an output of a kernel.
///
/// @param array a `float[]`, `double[]`, `long[]`, `int[]` or `byte[]`
/// @param offset the index of the first element
/// @param strides the step in elements along each dimension; 0 repeats an input
public record Operand(Object array, int offset, int[] strides) {

  @Override
  public boolean equals(Object o) {
    return o instanceof Operand p
        && array == p.array
        && offset == p.offset
        && Arrays.equals(strides, p.strides);
  }

  @Override
  public int hashCode() {
    return 31 * (31 * System.identityHashCode(array) + offset) + Arrays.hashCode(strides);
  }

  @Override
  public String toString() {
    return array.getClass().getSimpleName() + "+" + offset + " " + Arrays.toString(strides);
  }
}
