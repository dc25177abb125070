// Twin: GemmF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

import dev.autograd.kernel.parallel.Workers;
import dev.autograd.kernel.reduce.lanes.Rows;

/// The matrix product in f32: which way a product goes.
///
/// Note [Order of a matrix product]: k is cut into blocks of [#KC]. Within a block an element of C
/// is `acc = fma(a, b, acc)` for k ascending from zero; the blocks are then added in order, to C if
/// the product accumulates. Every path, whatever its loops and cuts, keeps exactly this order, so a
/// path may be chosen by strides, sizes and what the machine has.
final class GemmF32 {
  /// Length of a block of k.
  static final int KC = Gemm.KC_F32;

  private static final double TINY = 64;
  private static final int DOTS = 4;
  private static final int FLAT = 64;
  private static final int ROW_ELEMENTS = 1 << 14;
  private static final float[] NO_ROW = {};

  private GemmF32() {}

  static void multiply(
      TileF32 tile,
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
    multiply(
        tile,
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
        accumulate,
        NO_ROW,
        0);
  }

  /// Computes the product and adds a row to each of its rows.
  static void multiply(
      TileF32 tile,
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
      boolean accumulate,
      float[] row,
      int rowOffset) {
    if (isEmpty(m, n, k, c, cOffset, cRow, accumulate)) {
      addRow(m, n, row, rowOffset, c, cOffset, cRow);
      return;
    }
    boolean isTiny = (double) m * n * k <= TINY;
    if (m <= DOTS && (isTiny || (bRow == 1 && bColumn != 1))) {
      DotF32.rows(
          tile,
          m,
          n,
          k,
          a,
          aOffset,
          aRow,
          aColumn,
          b,
          bOffset,
          bColumn,
          bRow,
          c,
          cOffset,
          cRow,
          1,
          accumulate);
    } else if (n <= DOTS && (isTiny || (aColumn == 1 && aRow != 1))) {
      DotF32.rows(
          tile,
          n,
          m,
          k,
          b,
          bOffset,
          bColumn,
          bRow,
          a,
          aOffset,
          aRow,
          aColumn,
          c,
          cOffset,
          1,
          cRow,
          accumulate);
    } else if (m == 1 && bColumn == 1 && tile.line() > 0 && n >= tile.line()) {
      DotF32.line(tile, n, k, a, aOffset, aColumn, b, bOffset, bRow, c, cOffset, accumulate);
    } else if (isTurned(m, n, k, aRow, bRow, bColumn, accumulate)) {
      // The product of the transposes reads the larger operand in place.
      float[] t = Scratch.floats(m * n);
      if (accumulate) {
        TransposeF32.into(tile, m, n, c, cOffset, cRow, t, 0, m);
      }
      direct(
          tile,
          n,
          m,
          k,
          b,
          bOffset,
          bColumn,
          bRow,
          a,
          aOffset,
          aColumn,
          aRow,
          t,
          0,
          m,
          accumulate,
          NO_ROW,
          0);
      TransposeF32.into(tile, n, m, t, 0, m, c, cOffset, cRow);
      Scratch.release(t);
    } else {
      direct(
          tile,
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
          accumulate,
          row,
          rowOffset);
      return;
    }
    addRow(m, n, row, rowOffset, c, cOffset, cRow);
  }

  /// Adds a row, unless it is empty, to each of `m` rows of C.
  static void addRow(int m, int n, float[] row, int rowOffset, float[] c, int cOffset, int cRow) {
    if (row.length > 0 && n > 0) {
      Workers.forRange(
          m,
          Math.max(1, ROW_ELEMENTS / n),
          (from, to) -> {
            for (int i = from; i < to; i++) {
              Rows.f32().sumColumns(row, rowOffset, 0, 1, n, c, cOffset + i * cRow);
            }
          });
    }
  }

  /// Computes the product with a right operand that packs itself.
  static void multiply(
      TileF32 tile,
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
    if (!isEmpty(m, n, k, c, cOffset, cRow, accumulate)) {
      new BlockedF32(
              tile, m, n, k, a, aOffset, aRow, aColumn, b, c, cOffset, cRow, accumulate, NO_ROW, 0)
          .packed();
    }
  }

  private static void direct(
      TileF32 tile,
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
      boolean accumulate,
      float[] row,
      int rowOffset) {
    var panels = new StridedF32(tile, b, bOffset, bRow, bColumn);
    var product =
        new BlockedF32(
            tile,
            m,
            n,
            k,
            a,
            aOffset,
            aRow,
            aColumn,
            panels,
            c,
            cOffset,
            cRow,
            accumulate,
            row,
            rowOffset);
    if (bColumn == 1 && n >= tile.width(1) && m <= FLAT) {
      product.inPlace(b, bOffset, bRow);
    } else {
      product.packed();
    }
  }

  /// Returns whether fewer elements are transposed for the product of the transposes.
  private static boolean isTurned(
      int m, int n, int k, int aRow, int bRow, int bColumn, boolean accumulate) {
    if (aRow == 1 && n < DOTS) {
      return true;
    }
    double back = (double) m * n * (accumulate ? 2 : 1);
    return bRow == 1 && bColumn != 1 && back + (aRow == 1 ? 0 : (double) m * k) < (double) n * k;
  }

  /// Handles a product without products.
  private static boolean isEmpty(
      int m, int n, int k, float[] c, int cOffset, int cRow, boolean accumulate) {
    if (k == 0 && !accumulate && n > 0) {
      for (int i = 0; i < m; i++) {
        java.util.Arrays.fill(c, cOffset + i * cRow, cOffset + i * cRow + n, 0f);
      }
    }
    return m == 0 || n == 0 || k == 0;
  }
}
