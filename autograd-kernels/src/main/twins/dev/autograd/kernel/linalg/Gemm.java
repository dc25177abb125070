package dev.autograd.kernel.linalg;

import org.jspecify.annotations.Nullable;

/// General matrix products, `C = A B` or `C += A B`, on strided arrays.
///
/// A and B may have any row and column strides, so a transpose costs nothing to express; the rows
/// of C are contiguous. C must not share elements with A or B. The result of a shape and its values
/// never depends on threads, vector width or strides (see Note [Order of a matrix product]).
public final class Gemm {
  /// Length of a block of k in f32 and in f64; part of the result's definition.
  static final int KC_F32 = 384;

  static final int KC_F64 = 256;

  private Gemm() {}

  // Twins: f32 as f64.

  /// Computes `C[m, n] = A[m, k] B[k, n]`, or adds the product to C if `accumulate`, in f32.
  ///
  /// With `k == 0` the product is zero.
  ///
  /// @throws IllegalArgumentException if the rows of C are not contiguous
  public static void multiply(
      int m, int n, int k, MatrixF32 a, MatrixF32 b, MatrixF32 c, boolean accumulate) {
    GemmF32.multiply(Tiles.f32(), m, n, k, a, b, c, accumulate, null);
  }

  /// Computes `C = A B` or `C += A B` in f32 with a right operand that packs itself.
  ///
  /// @throws IllegalArgumentException if the rows of C are not contiguous
  public static void multiply(
      int m, int n, int k, MatrixF32 a, PanelsF32 b, MatrixF32 c, boolean accumulate) {
    GemmF32.multiply(Tiles.f32(), m, n, k, a, b, c, accumulate);
  }

  /// Computes `C[m, n] = A[m, k] B[k, n] + row[n]` in f32: the bits of the product and then the
  /// sum, in one pass over C.
  ///
  /// @param row a contiguous row, or `null` for the product alone
  /// @throws IllegalArgumentException if the rows of C are not contiguous
  public static void affine(
      int m, int n, int k, MatrixF32 a, MatrixF32 b, @Nullable MatrixF32 row, MatrixF32 c) {
    GemmF32.multiply(Tiles.f32(), m, n, k, a, b, c, false, row);
  }

  // End of twins.
}
