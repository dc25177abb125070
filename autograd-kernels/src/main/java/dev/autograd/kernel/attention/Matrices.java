package dev.autograd.kernel.attention;

/// A stack of matrices with any strides, which may share elements.
///
/// @param data `float[]`, `double[]` or, for a mask of zeros and ones, `byte[]`
/// @param at where each matrix begins; not to be changed
/// @param row the distance of rows
/// @param column the distance of columns
public record Matrices(Object data, int[] at, int row, int column) {

  float[] floats() {
    return (float[]) data;
  }

  double[] doubles() {
    return (double[]) data;
  }

  byte[] bytes() {
    return (byte[]) data;
  }

  boolean isSeen() {
    return data instanceof byte[];
  }

  /// Returns the stack of the transposes.
  Matrices transposed() {
    return new Matrices(data, at, column, row);
  }

  /// Returns where row `i` of matrix `b` begins.
  int row(int b, int i) {
    return at[b] + i * row;
  }
}
