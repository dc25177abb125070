// Files: SmallF32 1; f32 as f64.
package dev.autograd.kernel.linalg;

/// Products that are done before any better way is set up.
///
/// Four rows and four columns are sixteen chains of sums at once, wherever the elements lie. Beyond
/// an edge the last row or column is computed again and not written.
final class $File {
  private $File() {}

  /// Computes a product; k is at most a block of it.
  static void multiply(
      int m, int n, int k, MatrixF32 a, MatrixF32 b, MatrixF32 c, boolean accumulate) {
    for (int i = 0; i < m; i += 4) {
      for (int j = 0; j < n; j += 4) {
        square(i, m - 1, j, n - 1, k, a, b, c, accumulate);
      }
    }
  }

  private static void square(
      int i,
      int lastRow,
      int j,
      int lastColumn,
      int k,
      MatrixF32 a,
      MatrixF32 b,
      MatrixF32 c,
      boolean accumulate) {
    float[] x = a.array();
    float[] w = b.array();
    int xStep = a.columnStride();
    int wStep = b.rowStride();
    // For $r below 4.
    int x$r = a.index(Math.min(i + $r, lastRow), 0);
    int w$r = b.index(0, Math.min(j + $r, lastColumn));
    // For $s below 4.
    float sum$r$s = 0f;
    // End.
    // End.
    for (int p = 0; p < k; p++) {
      int xi = p * xStep;
      int wi = p * wStep;
      // For $s below 4.
      float v$s = w[w$s + wi];
      // End.
      // For $r below 4.
      float u$r = x[x$r + xi];
      // For $s below 4.
      sum$r$s = Math.fma(u$r, v$s, sum$r$s);
      // End.
      // End.
    }
    // For $r below 4.
    // For $s below 4.
    if (i + $r <= lastRow && j + $s <= lastColumn) {
      put(c, c.index(i + $r, j + $s), sum$r$s, accumulate);
    }
    // End.
    // End.
  }

  private static void put(MatrixF32 c, int at, float sum, boolean accumulate) {
    c.array()[at] = accumulate ? c.array()[at] + sum : sum;
  }
}
