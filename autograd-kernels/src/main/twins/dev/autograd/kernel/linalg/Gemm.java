package dev.autograd.kernel.linalg;

import dev.autograd.kernel.parallel.Workers;

/// General matrix products, `C = A B` or `C += A B`, on strided arrays.
///
/// A and B may have any row and column strides, so a transpose costs nothing to express; the
/// columns of C are contiguous. C must not share elements with A or B. The result of a shape and
/// its values never depends on threads, vector width or strides (see Note [Order of a matrix
/// product]).
public final class Gemm {
  /// Length of a block of k in f32 and in f64; part of the result's definition.
  static final int KC_F32 = 384;

  static final int KC_F64 = 256;

  private static final double BATCH_PRODUCTS = 1 << 20;

  private Gemm() {}

  // Twins: f32 as f64.

  /// Computes `C[m, n] = A[m, k] B[k, n]`, or adds the product to C if `accumulate`, in f32.
  ///
  /// Offsets and strides count elements. With `k == 0` the product is zero.
  public static void multiply(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aColumn,
      float[] b,
      int bOffset,
      int bRow,
      int bColumn,
      float[] c,
      int cOffset,
      int cRow,
      boolean accumulate) {
    GemmF32.multiply(
        Tiles.f32(),
        m,
        n,
        k,
        a,
        aOffset,
        aRow,
        aColumn,
        b,
        bOffset,
        bRow,
        bColumn,
        c,
        cOffset,
        cRow,
        accumulate);
  }

  /// Computes `C[m, n] = A[m, k] B[k, n] + row[n]` in f32: the bits of the product and then the
  /// sum, in one pass over C.
  public static void affine(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aColumn,
      float[] b,
      int bOffset,
      int bRow,
      int bColumn,
      float[] row,
      int rowOffset,
      float[] c,
      int cOffset,
      int cRow) {
    GemmF32.multiply(
        Tiles.f32(),
        m,
        n,
        k,
        a,
        aOffset,
        aRow,
        aColumn,
        b,
        bOffset,
        bRow,
        bColumn,
        c,
        cOffset,
        cRow,
        false,
        row,
        rowOffset);
  }

  /// Adds a row to each of `m` rows of C in f32.
  public static void addRow(
      int m, int n, float[] row, int rowOffset, float[] c, int cOffset, int cRow) {
    GemmF32.addRow(m, n, row, rowOffset, c, cOffset, cRow);
  }

  /// Computes `C = A B` or `C += A B` in f32 with a right operand that packs itself.
  public static void multiply(
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aColumn,
      PanelsF32 b,
      float[] c,
      int cOffset,
      int cRow,
      boolean accumulate) {
    GemmF32.multiply(
        Tiles.f32(), m, n, k, a, aOffset, aRow, aColumn, b, c, cOffset, cRow, accumulate);
  }

  /// Computes `batch` independent products in f32; a batch stride of 0 repeats an operand.
  ///
  /// The matrices of C must not overlap.
  public static void multiplyBatch(
      int batch,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aBatch,
      int aRow,
      int aColumn,
      float[] b,
      int bOffset,
      int bBatch,
      int bRow,
      int bColumn,
      float[] c,
      int cOffset,
      int cBatch,
      int cRow,
      boolean accumulate) {
    if (batch > 1 && bBatch == 0 && aBatch == m * aRow && cBatch == m * cRow) {
      // One B for rows that follow each other is one tall product.
      multiply(
          batch * m,
          n,
          k,
          a,
          aOffset,
          aRow,
          aColumn,
          b,
          bOffset,
          bRow,
          bColumn,
          c,
          cOffset,
          cRow,
          accumulate);
      return;
    }
    int grain = grain(batch, m, n, k);
    Workers.forRange(
        batch,
        grain,
        (from, to) -> {
          for (int i = from; i < to; i++) {
            multiply(
                m,
                n,
                k,
                a,
                aOffset + i * aBatch,
                aRow,
                aColumn,
                b,
                bOffset + i * bBatch,
                bRow,
                bColumn,
                c,
                cOffset + i * cBatch,
                cRow,
                accumulate);
          }
        });
  }

  // End of twins.

  /// Matrices per chunk: whole products are shared out unless each is large enough to be cut
  /// itself.
  private static int grain(int batch, int m, int n, int k) {
    double each = Math.max(1.0, (double) m * n * k);
    return each > 16 * BATCH_PRODUCTS && batch < 16
        ? batch
        : (int) Math.max(1, Math.min(batch, BATCH_PRODUCTS / each));
  }
}
