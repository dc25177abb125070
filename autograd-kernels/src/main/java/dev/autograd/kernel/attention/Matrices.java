package dev.autograd.kernel.attention;

import dev.autograd.kernel.linalg.MatrixF32;
import dev.autograd.kernel.linalg.MatrixF64;

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

  /// Returns matrix `b` from row `i` on.
  MatrixF32 f32(int b, int i) {
    return new MatrixF32(floats(), row(b, i), row, column);
  }

  /// Returns matrix `b` from row `i` on.
  MatrixF64 f64(int b, int i) {
    return new MatrixF64(doubles(), row(b, i), row, column);
  }

  /// Returns where row `i` of matrix `b` begins.
  int row(int b, int i) {
    return at[b] + i * row;
  }
}
