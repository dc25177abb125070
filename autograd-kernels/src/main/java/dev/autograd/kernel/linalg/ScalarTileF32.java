// Twin: ScalarTileF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

import java.util.Arrays;

/// Tiles in plain Java: a row of partial sums, four steps of k at a time so that a sum is loaded
/// and stored once for four products. C2 turns the inner loop into vector code.
///
/// Any height and width will do, so that no tile needs to move back over another.
final class ScalarTileF32 implements TileF32 {
  private static final int ROWS = 8;
  private static final int COLUMNS = 64;

  @Override
  public int columns() {
    return COLUMNS;
  }

  @Override
  public int width(int left) {
    return Math.min(COLUMNS, left);
  }

  @Override
  public int narrower(int width) {
    return width - 1;
  }

  @Override
  public int height(int left, int width) {
    return Math.min(ROWS, left);
  }

  @Override
  public void sums(
      int rows,
      int width,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aColumn,
      float[] b,
      int bOffset,
      int bRow,
      float[] c,
      int cOffset,
      int cRow) {
    for (int r = 0; r < rows; r++) {
      int ci = cOffset + r * cRow;
      int ai = aOffset + r * aRow;
      int bi = bOffset;
      Arrays.fill(c, ci, ci + width, 0f);
      // body
      int i = 0;
      for (; i + 4 <= k; i += 4) {
        float a0 = a[ai];
        float a1 = a[ai + aColumn];
        float a2 = a[ai + 2 * aColumn];
        float a3 = a[ai + 3 * aColumn];
        if (width == COLUMNS) {
          step4(COLUMNS, c, ci, a0, a1, a2, a3, b, bi, bRow);
        } else {
          step4(width, c, ci, a0, a1, a2, a3, b, bi, bRow);
        }
        ai += 4 * aColumn;
        bi += 4 * bRow;
      }
      // tail
      for (; i < k; i++) {
        step(width, c, ci, a[ai], b, bi);
        ai += aColumn;
        bi += bRow;
      }
    }
  }

  @Override
  public void add(float[] sums, int offset, int rows, int width, float[] c, int cOffset, int cRow) {
    for (int i = 0; i < rows; i++) {
      int ci = cOffset + i * cRow;
      int si = offset + i * width;
      for (int j = 0; j < width; j++) {
        c[ci + j] += sums[si + j];
      }
    }
  }

  @Override
  public void copy(int rows, int length, float[] x, int xOffset, int xRow, float[] y, int yOffset) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(x, xOffset + r * xRow, y, yOffset + r * length, length);
    }
  }

  @Override
  public int square() {
    return 0;
  }

  @Override
  public void turn(float[] x, int xOffset, int xRow, float[] y, int yOffset, int yRow) {
    throw new UnsupportedOperationException("turn: there is no square");
  }

  @Override
  public int dots(int rows, int count) {
    return 0;
  }

  @Override
  public void dots(
      int rows,
      int count,
      int k,
      float[] x,
      int xOffset,
      int xRow,
      int xColumn,
      float[] w,
      int wOffset,
      int wRow,
      float[] sums) {
    throw new UnsupportedOperationException("dots: there is no square");
  }

  @Override
  public int line() {
    return 0;
  }

  @Override
  public void line(
      int k, float[] x, int xOffset, int xStride, float[] b, int bOffset, int bRow, float[] sums) {
    throw new UnsupportedOperationException("line: there is none");
  }

  private static void step4(
      int width,
      float[] s,
      int si,
      float a0,
      float a1,
      float a2,
      float a3,
      float[] b,
      int at,
      int stride) {
    int at1 = at + stride;
    int at2 = at1 + stride;
    int at3 = at2 + stride;
    for (int j = 0; j < width; j++) {
      float t = Math.fma(a0, b[at + j], s[si + j]);
      t = Math.fma(a1, b[at1 + j], t);
      t = Math.fma(a2, b[at2 + j], t);
      s[si + j] = Math.fma(a3, b[at3 + j], t);
    }
  }

  private static void step(int width, float[] s, int si, float a0, float[] b, int at) {
    for (int j = 0; j < width; j++) {
      s[si + j] = Math.fma(a0, b[at + j], s[si + j]);
    }
  }
}
