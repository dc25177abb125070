package dev.autograd.kernel.linalg;

import java.util.Arrays;

/// Tiles in plain Java: rows of partial sums in a small buffer, four steps of k at a time so that a
/// sum is loaded and stored once for four products. C2 turns the inner loop into vector code.
final class ScalarTileF64 implements TileF64 {
  private static final int ROWS = 8;
  private static final int LOW_ROWS = 2;
  private static final int COLUMNS = 64;

  @Override
  public int rows() {
    return ROWS;
  }

  @Override
  public int lowRows() {
    return LOW_ROWS;
  }

  @Override
  public int columns() {
    return COLUMNS;
  }

  @Override
  public void tall(
      int k, double[] a, int aOffset, double[] b, int bOffset, int bStride, double[] sums) {
    tile(ROWS, k, a, aOffset, b, bOffset, bStride, sums);
  }

  @Override
  public void low(
      int k, double[] a, int aOffset, double[] b, int bOffset, int bStride, double[] sums) {
    tile(LOW_ROWS, k, a, aOffset, b, bOffset, bStride, sums);
  }

  @Override
  public void put(
      double[] sums, int rows, double[] c, int cOffset, int cStride, boolean accumulate) {
    for (int i = 0; i < rows; i++) {
      int ci = cOffset + i * cStride;
      int si = i * COLUMNS;
      if (accumulate) {
        for (int j = 0; j < COLUMNS; j++) {
          c[ci + j] += sums[si + j];
        }
      } else {
        System.arraycopy(sums, si, c, ci, COLUMNS);
      }
    }
  }

  private static void tile(
      int rows,
      int k,
      double[] a,
      int aOffset,
      double[] b,
      int bOffset,
      int bStride,
      double[] sums) {
    Arrays.fill(sums, 0, rows * COLUMNS, 0.0);
    for (int r = 0; r < rows; r++) {
      int si = r * COLUMNS;
      int ai = aOffset + r;
      int bi = bOffset;
      // body
      int i = 0;
      for (; i + 4 <= k; i += 4) {
        step4(sums, si, a[ai], a[ai + rows], a[ai + 2 * rows], a[ai + 3 * rows], b, bi, bStride);
        ai += 4 * rows;
        bi += 4 * bStride;
      }
      // tail
      for (; i < k; i++) {
        step(sums, si, a[ai], b, bi);
        ai += rows;
        bi += bStride;
      }
    }
  }

  private static void step4(
      double[] s, int si, double a0, double a1, double a2, double a3, double[] b, int at, int stride) {
    int at1 = at + stride;
    int at2 = at1 + stride;
    int at3 = at2 + stride;
    for (int j = 0; j < COLUMNS; j++) {
      double t = Math.fma(a0, b[at + j], s[si + j]);
      t = Math.fma(a1, b[at1 + j], t);
      t = Math.fma(a2, b[at2 + j], t);
      s[si + j] = Math.fma(a3, b[at3 + j], t);
    }
  }

  private static void step(double[] s, int si, double a0, double[] b, int at) {
    for (int j = 0; j < COLUMNS; j++) {
      s[si + j] = Math.fma(a0, b[at + j], s[si + j]);
    }
  }
}
