// Twin: DotF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

import dev.autograd.kernel.parallel.Workers;

/// Products of one vector with many rows, read in place.
///
/// A sum is a chain of dependent steps, so the speed comes from running eight chains at once: eight
/// rows, or eight blocks of one row. The order within a chain is that of the matrix product.
final class DotF32 {
  private static final int KC = GemmF32.KC;
  private static final double CHUNK_PRODUCTS = 1 << 18;

  private DotF32() {}

  /// Computes `y[r] (+)= sum over i of x[i] * w[r, i]` for `count` rows of length `k`.
  static void rows(
      int count,
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
    int groups = (count + 7) >> 3;
    int grain = (int) Math.max(1, CHUNK_PRODUCTS / (8.0 * k));
    if (groups <= grain) {
      range(
          0,
          count,
          k,
          x,
          xOffset,
          xStride,
          w,
          wOffset,
          wRow,
          wColumn,
          y,
          yOffset,
          yStride,
          accumulate);
      return;
    }
    Workers.forRange(
        groups,
        grain,
        (from, to) ->
            range(
                from * 8,
                Math.min(count, to * 8),
                k,
                x,
                xOffset,
                xStride,
                w,
                wOffset,
                wRow,
                wColumn,
                y,
                yOffset,
                yStride,
                accumulate));
  }

  private static void range(
      int from,
      int to,
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
    int r = from;
    // body: eight rows
    for (; r + 8 <= to; r += 8) {
      for (int k0 = 0; k0 < k; k0 += KC) {
        eight(
            Math.min(KC, k - k0),
            x,
            xOffset + k0 * xStride,
            xStride,
            w,
            wOffset + r * wRow + k0 * wColumn,
            wRow,
            wColumn,
            y,
            yOffset + r * yStride,
            yStride,
            accumulate || k0 > 0);
      }
    }
    // tail: single rows
    for (; r < to; r++) {
      int yi = yOffset + r * yStride;
      float s = one(k, x, xOffset, xStride, w, wOffset + r * wRow, wColumn, y[yi], accumulate);
      y[yi] = s;
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
