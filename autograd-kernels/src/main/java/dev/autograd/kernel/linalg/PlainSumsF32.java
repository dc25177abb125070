// Twin: PlainSumsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

/// Rows of sums of products in plain Java: `s = fma(a, b, s)` for k ascending, from 0.
///
/// C2 turns a loop into vector code if every array in it has the same index, since it must take
/// arrays for one where it cannot tell. So rows of B are copied to arrays of their own, and sums
/// kept in such. Four steps of k at a time load and store a sum once for four products, and two
/// rows share what is loaded of B.
public final class PlainSumsF32 {
  private final int rows;
  private final int width;
  private final float[][] s;
  private final float[] b0;
  private final float[] b1;
  private final float[] b2;
  private final float[] b3;

  /// Makes sums of zero.
  public PlainSumsF32(int rows, int width) {
    this.rows = rows;
    this.width = width;
    // An odd last row has a companion that is thrown away.
    s = new float[(rows + 1) & ~1][width];
    b0 = new float[width];
    b1 = new float[width];
    b2 = new float[width];
    b3 = new float[width];
  }

  /// Adds the product of rows of A, `aRow` apart, and k rows of B, `bRow` apart.
  public void add(
      int k, float[] a, int aOffset, int aRow, int aColumn, float[] b, int bOffset, int bRow) {
    // body
    int i = 0;
    for (; i + 4 <= k; i += 4) {
      int bi = bOffset + i * bRow;
      System.arraycopy(b, bi, b0, 0, width);
      System.arraycopy(b, bi + bRow, b1, 0, width);
      System.arraycopy(b, bi + 2 * bRow, b2, 0, width);
      System.arraycopy(b, bi + 3 * bRow, b3, 0, width);
      for (int r = 0; r < rows; r += 2) {
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
  }

  /// Writes the sums to rows of C, `cRow` apart.
  public void into(float[] c, int cOffset, int cRow) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(s[r], 0, c, cOffset + r * cRow, width);
    }
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
