// Twin: ScalarTileF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

/// Tiles in plain Java: rows of partial sums, four steps of k at a time so that a sum is loaded and
/// stored once for four products. C2 turns the inner loop into vector code if every array in it has
/// the same index, since it must take arrays for one where it cannot tell: so rows of B are copied
/// to arrays of their own, and sums kept in such.
///
/// Any height and width will do, so that no tile needs to move back over another.
final class ScalarTileF32 implements TileF32 {
  private static final int ROWS = 8;
  private static final int COLUMNS = 256;

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
    float[][] s = new float[(rows + 1) & ~1][width];
    float[] b0 = new float[width];
    float[] b1 = new float[width];
    float[] b2 = new float[width];
    float[] b3 = new float[width];
    // body
    int i = 0;
    for (; i + 4 <= k; i += 4) {
      int bi = bOffset + i * bRow;
      System.arraycopy(b, bi, b0, 0, width);
      System.arraycopy(b, bi + bRow, b1, 0, width);
      System.arraycopy(b, bi + 2 * bRow, b2, 0, width);
      System.arraycopy(b, bi + 3 * bRow, b3, 0, width);
      for (int r = 0; r < rows; r += 2) {
        // An odd last row is computed twice: into its own sums and into what is thrown away.
        int p = aOffset + r * aRow + i * aColumn;
        int q = r + 1 < rows ? p + aRow : p;
        four(
            s[r],
            a[p],
            a[p + aColumn],
            a[p + 2 * aColumn],
            a[p + 3 * aColumn],
            s[r + 1],
            a[q],
            a[q + aColumn],
            a[q + 2 * aColumn],
            a[q + 3 * aColumn],
            b0,
            b1,
            b2,
            b3);
      }
    }
    // tail
    for (; i < k; i++) {
      System.arraycopy(b, bOffset + i * bRow, b0, 0, width);
      for (int r = 0; r < rows; r++) {
        one(s[r], a[aOffset + r * aRow + i * aColumn], b0);
      }
    }
    for (int r = 0; r < rows; r++) {
      System.arraycopy(s[r], 0, c, cOffset + r * cRow, width);
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

  /// Adds four products to the sums of two rows.
  private static void four(
      float[] s,
      float s0,
      float s1,
      float s2,
      float s3,
      float[] t,
      float t0,
      float t1,
      float t2,
      float t3,
      float[] b0,
      float[] b1,
      float[] b2,
      float[] b3) {
    for (int j = 0; j < s.length; j++) {
      float w = b0[j];
      float x = b1[j];
      float y = b2[j];
      float z = b3[j];
      s[j] = Math.fma(s3, z, Math.fma(s2, y, Math.fma(s1, x, Math.fma(s0, w, s[j]))));
      t[j] = Math.fma(t3, z, Math.fma(t2, y, Math.fma(t1, x, Math.fma(t0, w, t[j]))));
    }
  }

  private static void one(float[] s, float s0, float[] b0) {
    for (int j = 0; j < s.length; j++) {
      s[j] = Math.fma(s0, b0[j], s[j]);
    }
  }
}
