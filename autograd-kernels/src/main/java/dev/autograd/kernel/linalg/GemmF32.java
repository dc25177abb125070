// Twin: GemmF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

import dev.autograd.kernel.parallel.Workers;
import dev.autograd.kernel.reduce.lanes.Rows;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The matrix product in f32: which way a product goes.
///
/// Note [Order of a matrix product]: k is cut into blocks of [#KC]. Within a block an element of C
/// is `acc = fma(a, b, acc)` for k ascending from zero; the blocks are then added in order, to C if
/// the product accumulates. Every path, whatever its loops and cuts, keeps exactly this order, so a
/// path may be chosen by strides, sizes and what the machine has.
final class GemmF32 {
  /// Length of a block of k.
  static final int KC = Gemm.KC_F32;

  /// Below, k is less than a block.
  private static final double SMALL = 200;

  private static final int DOTS = 4;
  private static final int FLAT = 64;
  private static final int ROW_ELEMENTS = 1 << 14;

  private GemmF32() {}

  /// Computes the product and adds a row, unless it is `null`, to each of its rows.
  static void multiply(
      TileF32 tile,
      int m,
      int n,
      int k,
      MatrixF32 a,
      MatrixF32 b,
      MatrixF32 c,
      boolean accumulate,
      @Nullable MatrixF32 row) {
    c.requireContiguousRows(n);
    if (isEmpty(m, n, k, c, accumulate)) {
      addRow(m, n, row, c);
      return;
    }
    if ((double) m * n * k <= SMALL) {
      SmallF32.multiply(m, n, k, a, b, c, accumulate);
    } else if (m <= DOTS && b.rowStride() == 1 && b.columnStride() != 1) {
      DotF32.rows(tile, m, n, k, a, b.transposed(), c, accumulate);
    } else if (n <= DOTS && a.columnStride() == 1 && a.rowStride() != 1) {
      DotF32.rows(tile, n, m, k, b.transposed(), a, c.transposed(), accumulate);
    } else if (m == 1 && b.columnStride() == 1 && tile.line() > 0 && n >= tile.line()) {
      DotF32.line(tile, n, k, a, b, c, accumulate);
    } else if (k == 1 && b.columnStride() == 1) {
      Workers.forRange(
          m,
          Math.max(1, ROW_ELEMENTS / n),
          (from, to) -> outer(tile, n, a, b, c, accumulate, from, to));
    } else if (isTurned(m, n, k, a, b, accumulate)) {
      // The product of the transposes reads the larger operand in place.
      float[] t = Scratch.floats(m * n);
      if (accumulate) {
        TransposeF32.into(tile, m, n, c.array(), c.offset(), c.rowStride(), t, 0, m);
      }
      MatrixF32 turned = new MatrixF32(t, 0, m);
      direct(tile, n, m, k, b.transposed(), a.transposed(), turned, accumulate, null);
      TransposeF32.into(tile, n, m, t, 0, m, c.array(), c.offset(), c.rowStride());
      Scratch.release(t);
    } else {
      direct(tile, m, n, k, a, b, c, accumulate, row);
      return;
    }
    addRow(m, n, row, c);
  }

  /// Computes the product with a right operand that packs itself.
  static void multiply(
      TileF32 tile,
      int m,
      int n,
      int k,
      MatrixF32 a,
      PanelsF32 b,
      MatrixF32 c,
      boolean accumulate) {
    c.requireContiguousRows(n);
    if (!isEmpty(m, n, k, c, accumulate)) {
      new BlockedF32(tile, m, n, k, a, b, c, accumulate, null).packed();
    }
  }

  private static void direct(
      TileF32 tile,
      int m,
      int n,
      int k,
      MatrixF32 a,
      MatrixF32 b,
      MatrixF32 c,
      boolean accumulate,
      @Nullable MatrixF32 row) {
    PanelsF32 panels =
        (k0, rows, j, columns, to, at, width) -> b.pack(tile, k0, rows, j, columns, to, at, width);
    var product = new BlockedF32(tile, m, n, k, a, panels, c, accumulate, row);
    if (b.columnStride() == 1 && n >= tile.width(1) && m <= FLAT) {
      product.inPlace(b);
    } else {
      product.packed();
    }
  }

  /// Computes rows `[from, to)` of the product of a column and a row.
  private static void outer(
      TileF32 tile,
      int n,
      MatrixF32 a,
      MatrixF32 b,
      MatrixF32 c,
      boolean accumulate,
      int from,
      int to) {
    for (int i = from; i < to; i++) {
      float v = a.array()[a.index(i, 0)];
      tile.multiple(n, v, b.array(), b.offset(), c.array(), c.index(i, 0), accumulate);
    }
  }

  private static void addRow(int m, int n, @Nullable MatrixF32 row, MatrixF32 c) {
    if (row != null && n > 0) {
      Workers.forRange(
          m, Math.max(1, ROW_ELEMENTS / n), (from, to) -> addRow(row, c, from, to, 0, n));
    }
  }

  /// Adds columns `[j, end)` of a row to those of rows `[from, to)` of C.
  static void addRow(MatrixF32 row, MatrixF32 c, int from, int to, int j, int end) {
    for (int i = from; i < to; i++) {
      Rows.f32().sumColumns(row.array(), row.index(0, j), 0, 1, end - j, c.array(), c.index(i, j));
    }
  }

  /// Returns whether fewer elements are transposed for the product of the transposes.
  private static boolean isTurned(
      int m, int n, int k, MatrixF32 a, MatrixF32 b, boolean accumulate) {
    if (a.rowStride() == 1 && n < DOTS) {
      return true;
    }
    double back = (double) m * n * (accumulate ? 2 : 1);
    double ofA = a.rowStride() == 1 ? 0 : (double) m * k;
    return b.rowStride() == 1 && b.columnStride() != 1 && back + ofA < (double) n * k;
  }

  /// Handles a product without products.
  private static boolean isEmpty(int m, int n, int k, MatrixF32 c, boolean accumulate) {
    if (k == 0 && !accumulate && n > 0) {
      for (int i = 0; i < m; i++) {
        Arrays.fill(c.array(), c.index(i, 0), c.index(i, 0) + n, 0f);
      }
    }
    return m == 0 || n == 0 || k == 0;
  }
}
