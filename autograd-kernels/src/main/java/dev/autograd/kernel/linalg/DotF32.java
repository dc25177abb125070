// Twin: DotF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

import dev.autograd.kernel.parallel.Workers;

/// Products of a few vectors with many rows, read in place.
///
/// A sum is a chain of dependent steps, so the speed comes from running eight chains at once: in
/// the lanes of vectors, or, in plain Java, in eight rows or eight blocks of one row. The order
/// within a chain is that of the matrix product.
final class DotF32 {
  private static final int KC = GemmF32.KC;
  private static final double CHUNK_PRODUCTS = 1 << 18;

  private DotF32() {}

  /// Computes `y[i, r] (+)= sum over j of x[i, j] * w[r, j]` for at most four rows of x and `count`
  /// rows of w of length `k`.
  static void rows(
      TileF32 tile,
      int m,
      int count,
      int k,
      MatrixF32 x,
      MatrixF32 w,
      MatrixF32 y,
      boolean accumulate) {
    int width = w.columnStride() == 1 && k >= 8 ? tile.dots(m, count) : 0;
    if (width > 8 && w.rowStride() * Float.BYTES % 4096 == 0) {
      // More rows would compete for the same eight lines of the first cache.
      width = 8;
    }
    int step = width > 0 ? width : 8;
    int grain = (int) Math.max(1, CHUNK_PRODUCTS / ((double) step * k * m));
    int turned = width;
    Workers.RangeTask task =
        turned > 0
            ? (from, to) -> turned(tile, turned, from, to, m, count, k, x, w, y, accumulate)
            : (from, to) -> {
              int end = Math.min(count, to * 8);
              for (int i = 0; i < m; i++) {
                range(from * 8, end, k, x.at(i, 0), w, y.at(i, 0), accumulate);
              }
            };
    int groups = (count + step - 1) / step;
    if (groups <= grain) {
      task.run(0, groups);
    } else {
      Workers.forRange(groups, grain, task);
    }
  }

  /// Computes groups of `width` rows of w; the last one moves back to be full.
  private static void turned(
      TileF32 tile,
      int width,
      int from,
      int to,
      int m,
      int count,
      int k,
      MatrixF32 x,
      MatrixF32 w,
      MatrixF32 y,
      boolean accumulate) {
    float[] sums = new float[32];
    for (int g = from; g < to; g++) {
      int r = Math.min(width * g, count - width);
      for (int k0 = 0; k0 < k; k0 += KC) {
        int depth = Math.min(KC, k - k0);
        tile.dots(
            m,
            width,
            depth,
            x.array(),
            x.index(0, k0),
            x.rowStride(),
            x.columnStride(),
            w.array(),
            w.index(r, k0),
            w.rowStride(),
            sums);
        for (int i = 0; i < m; i++) {
          for (int j = width * g - r; j < width; j++) {
            put(y.array(), y.index(i, r + j), sums[width * i + j], accumulate || k0 > 0);
          }
        }
      }
    }
  }

  /// Computes one row of C from rows of B read in place, in long stretches; `n` is at least one.
  static void line(
      TileF32 tile, int n, int k, MatrixF32 x, MatrixF32 b, MatrixF32 y, boolean accumulate) {
    int width = tile.line();
    int lines = (n + width - 1) / width;
    int grain = (int) Math.max(1, CHUNK_PRODUCTS / ((double) width * k));
    Workers.RangeTask task =
        (from, to) -> {
          float[] sums = new float[width];
          for (int g = from; g < to; g++) {
            int j = Math.min(width * g, n - width);
            int skip = width * g - j;
            for (int k0 = 0; k0 < k; k0 += KC) {
              int depth = Math.min(KC, k - k0);
              int xi = x.index(0, k0);
              int bi = b.index(k0, j);
              tile.line(depth, x.array(), xi, x.columnStride(), b.array(), bi, b.rowStride(), sums);
              for (int s = skip; s < width; s++) {
                put(y.array(), y.index(0, j + s), sums[s], accumulate || k0 > 0);
              }
            }
          }
        };
    if (lines <= grain) {
      task.run(0, lines);
    } else {
      Workers.forRange(lines, grain, task);
    }
  }

  private static void range(
      int from, int to, int k, MatrixF32 x, MatrixF32 w, MatrixF32 y, boolean accumulate) {
    int r = from;
    // body: eight rows
    for (; r + 8 <= to; r += 8) {
      for (int k0 = 0; k0 < k; k0 += KC) {
        eight(
            Math.min(KC, k - k0),
            x.array(),
            x.index(0, k0),
            x.columnStride(),
            w.array(),
            w.index(r, k0),
            w.rowStride(),
            w.columnStride(),
            y.array(),
            y.index(0, r),
            y.columnStride(),
            accumulate || k0 > 0);
      }
    }
    // tail: single rows
    for (; r < to; r++) {
      int yi = y.index(0, r);
      float before = y.array()[yi];
      y.array()[yi] =
          one(
              k,
              x.array(),
              x.offset(),
              x.columnStride(),
              w.array(),
              w.index(r, 0),
              w.columnStride(),
              before,
              accumulate);
    }
  }

  private static void eight(
      int k,
      float[] x,
      int xOffset,
      int xStride,
      float[] w,
      int wOffset,
      int wRow,
      int wColumn,
      float[] y,
      int yOffset,
      int yStride,
      boolean accumulate) {
    float s0 = 0f;
    float s1 = 0f;
    float s2 = 0f;
    float s3 = 0f;
    float s4 = 0f;
    float s5 = 0f;
    float s6 = 0f;
    float s7 = 0f;
    int xi = xOffset;
    int w0 = wOffset;
    int w4 = wOffset + 4 * wRow;
    for (int i = 0; i < k; i++) {
      float v = x[xi];
      s0 = Math.fma(v, w[w0], s0);
      s1 = Math.fma(v, w[w0 + wRow], s1);
      s2 = Math.fma(v, w[w0 + 2 * wRow], s2);
      s3 = Math.fma(v, w[w0 + 3 * wRow], s3);
      s4 = Math.fma(v, w[w4], s4);
      s5 = Math.fma(v, w[w4 + wRow], s5);
      s6 = Math.fma(v, w[w4 + 2 * wRow], s6);
      s7 = Math.fma(v, w[w4 + 3 * wRow], s7);
      xi += xStride;
      w0 += wColumn;
      w4 += wColumn;
    }
    put(y, yOffset, s0, accumulate);
    put(y, yOffset + yStride, s1, accumulate);
    put(y, yOffset + 2 * yStride, s2, accumulate);
    put(y, yOffset + 3 * yStride, s3, accumulate);
    put(y, yOffset + 4 * yStride, s4, accumulate);
    put(y, yOffset + 5 * yStride, s5, accumulate);
    put(y, yOffset + 6 * yStride, s6, accumulate);
    put(y, yOffset + 7 * yStride, s7, accumulate);
  }

  private static void put(float[] y, int at, float s, boolean accumulate) {
    y[at] = accumulate ? y[at] + s : s;
  }

  private static float one(
      int k,
      float[] x,
      int xOffset,
      int xStride,
      float[] w,
      int wOffset,
      int wStride,
      float before,
      boolean accumulate) {
    float sum = before;
    boolean add = accumulate;
    int k0 = 0;
    // body: four blocks at once, added in order
    for (; k0 + 4 * KC <= k; k0 += 4 * KC) {
      float s0 = 0f;
      float s1 = 0f;
      float s2 = 0f;
      float s3 = 0f;
      int xi = xOffset + k0 * xStride;
      int wi = wOffset + k0 * wStride;
      int xb = KC * xStride;
      int wb = KC * wStride;
      for (int i = 0; i < KC; i++) {
        s0 = Math.fma(x[xi], w[wi], s0);
        s1 = Math.fma(x[xi + xb], w[wi + wb], s1);
        s2 = Math.fma(x[xi + 2 * xb], w[wi + 2 * wb], s2);
        s3 = Math.fma(x[xi + 3 * xb], w[wi + 3 * wb], s3);
        xi += xStride;
        wi += wStride;
      }
      sum = add ? sum + s0 : s0;
      sum = sum + s1;
      sum = sum + s2;
      sum = sum + s3;
      add = true;
    }
    // tail: single blocks
    for (; k0 < k; k0 += KC) {
      float s = 0f;
      int xi = xOffset + k0 * xStride;
      int wi = wOffset + k0 * wStride;
      for (int i = Math.min(KC, k - k0); i > 0; i--) {
        s = Math.fma(x[xi], w[wi], s);
        xi += xStride;
        wi += wStride;
      }
      sum = add ? sum + s : s;
      add = true;
    }
    return sum;
  }
}
