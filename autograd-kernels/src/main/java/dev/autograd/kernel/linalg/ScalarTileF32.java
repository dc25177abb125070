// Twin: ScalarTileF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

import java.util.Arrays;

/// Tiles in plain Java: rows of partial sums in a small buffer, four steps of k at a time so that a
/// sum is loaded and stored once for four products. C2 turns the inner loop into vector code.
final class ScalarTileF32 implements TileF32 {
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
  public int rowsFor(int left) {
    return left <= LOW_ROWS ? LOW_ROWS : ROWS;
  }

  @Override
  public void put(float[] sums, int rows, float[] c, int cOffset, int cStride, boolean accumulate) {
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

  @Override
  public void sum(
      int rows, int k, float[] a, int aOffset, float[] b, int bOffset, int bStride, float[] sums) {
    Arrays.fill(sums, 0, rows * COLUMNS, 0f);
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
      float[] s, int si, float a0, float a1, float a2, float a3, float[] b, int at, int stride) {
    int at1 = at + stride;
    int at2 = at1 + stride;
    int at3 = at2 + stride;
    for (int j = 0; j < COLUMNS; j++) {
      float t = Math.fma(a0, b[at + j], s[si + j]);
      t = Math.fma(a1, b[at1 + j], t);
      t = Math.fma(a2, b[at2 + j], t);
      s[si + j] = Math.fma(a3, b[at3 + j], t);
    }
  }

  private static void step(float[] s, int si, float a0, float[] b, int at) {
    for (int j = 0; j < COLUMNS; j++) {
      s[si + j] = Math.fma(a0, b[at + j], s[si + j]);
    }
  }
}
