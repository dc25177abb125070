// Twin: ScalarShortRowsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.norm;

import dev.autograd.kernel.reduce.lanes.RowsF32;
import java.util.Arrays;

/// Short rows in plain Java.
final class ScalarShortRowsF32 {
  private static final int LANES = RowsF32.LANES;

  private ScalarShortRowsF32() {}

  static void greatest(
      int rows, int n, float[] a, int ai, float[] b, int bi, float[] y, int yi, float[] s, int si) {
    greatest(0, rows, n, a, ai, b, bi, y, yi, s, si);
  }

  /// Takes the rows from `from` on.
  static void greatest(
      int from,
      int rows,
      int n,
      float[] a,
      int ai,
      float[] b,
      int bi,
      float[] y,
      int yi,
      float[] s,
      int si) {
    for (int r = from; r < rows; r++) {
      int at = ai + r * n;
      float m = Float.NEGATIVE_INFINITY;
      for (int i = at; i < at + n; i++) {
        m = a[i] > m ? a[i] : m;
      }
      s[si + r] = m + 0f;
    }
  }

  static void spread(
      int rows, int n, float[] a, int ai, float[] b, int bi, float[] y, int yi, float[] s, int si) {
    spread(0, rows, n, a, ai, b, bi, y, yi, s, si);
  }

  /// Takes the rows from `from` on.
  static void spread(
      int from,
      int rows,
      int n,
      float[] a,
      int ai,
      float[] b,
      int bi,
      float[] y,
      int yi,
      float[] s,
      int si) {
    for (int r = from; r < rows; r++) {
      int at = yi + r * n;
      Arrays.fill(y, at, at + n, s[si + r]);
    }
  }

  static void scale(
      int rows, int n, float[] a, int ai, float[] b, int bi, float[] y, int yi, float[] s, int si) {
    scale(0, rows, n, a, ai, b, bi, y, yi, s, si);
  }

  /// Takes the rows from `from` on.
  static void scale(
      int from,
      int rows,
      int n,
      float[] a,
      int ai,
      float[] b,
      int bi,
      float[] y,
      int yi,
      float[] s,
      int si) {
    for (int r = from; r < rows; r++) {
      float m = s[si + r];
      float t = s[si + rows + r];
      for (int i = r * n; i < r * n + n; i++) {
        y[yi + i] = (a[ai + i] - m) * t;
      }
    }
  }

  static void gradient(
      int rows, int n, float[] a, int ai, float[] b, int bi, float[] y, int yi, float[] s, int si) {
    gradient(0, rows, n, a, ai, b, bi, y, yi, s, si);
  }

  /// Takes the rows from `from` on.
  static void gradient(
      int from,
      int rows,
      int n,
      float[] a,
      int ai,
      float[] b,
      int bi,
      float[] y,
      int yi,
      float[] s,
      int si) {
    for (int r = from; r < rows; r++) {
      float p = s[si + r];
      float q = s[si + rows + r];
      float t = s[si + 2 * rows + r];
      for (int i = r * n; i < r * n + n; i++) {
        y[yi + i] = (a[ai + i] - p - b[bi + i] * q) * t;
      }
    }
  }

  static void sum(
      int rows, int n, float[] a, int ai, float[] b, int bi, float[] y, int yi, float[] s, int si) {
    sum(0, rows, n, a, ai, b, bi, y, yi, s, si);
  }

  /// Takes the rows from `from` on.
  static void sum(
      int from,
      int rows,
      int n,
      float[] a,
      int ai,
      float[] b,
      int bi,
      float[] y,
      int yi,
      float[] s,
      int si) {
    float[] lanes = new float[LANES];
    for (int r = from; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        lanes[i] = a[ai + r * n + i] + 0f;
      }
      s[si + r] = fold(lanes, n);
    }
  }

  static void dot(
      int rows, int n, float[] a, int ai, float[] b, int bi, float[] y, int yi, float[] s, int si) {
    dot(0, rows, n, a, ai, b, bi, y, yi, s, si);
  }

  /// Takes the rows from `from` on.
  static void dot(
      int from,
      int rows,
      int n,
      float[] a,
      int ai,
      float[] b,
      int bi,
      float[] y,
      int yi,
      float[] s,
      int si) {
    float[] lanes = new float[LANES];
    for (int r = from; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        lanes[i] = Math.fma(a[ai + r * n + i], b[bi + r * n + i], 0f);
      }
      s[si + r] = fold(lanes, n);
    }
  }

  /// Returns the sum of the lanes, of which only the first n hold something.
  private static float fold(float[] lanes, int n) {
    int live = n;
    for (int w = LANES / 2; w > 0; w >>= 1) {
      for (int l = 0; l + w < live; l++) {
        lanes[l] += lanes[l + w];
      }
      // As if lanes that hold nothing held zero.
      for (int l = Math.max(0, live - w); l < Math.min(live, w); l++) {
        lanes[l] += 0f;
      }
      live = Math.min(live, w);
    }
    return lanes[0];
  }

  static void laneDots(
      int rows, int n, float[] a, int ai, float[] b, int bi, float[] y, int yi, float[] s, int si) {
    laneDots(0, rows, n, a, ai, b, bi, y, yi, s, si);
  }

  /// Takes the rows from `from` on.
  static void laneDots(
      int from,
      int rows,
      int n,
      float[] a,
      int ai,
      float[] b,
      int bi,
      float[] y,
      int yi,
      float[] s,
      int si) {
    Arrays.fill(y, yi + from * LANES, yi + rows * LANES, 0f);
    for (int r = from; r < rows; r++) {
      int lanes = yi + r * LANES;
      for (int i = 0; i < n; i++) {
        int l = lanes + i % LANES;
        y[l] = Math.fma(a[ai + r * n + i], b[bi + r * n + i], y[l]);
      }
    }
  }

  static void columnDots(
      int rows, int n, float[] a, int ai, float[] b, int bi, float[] y, int yi, float[] s, int si) {
    columnDots(0, rows, n, a, ai, b, bi, y, yi, s, si);
  }

  /// Takes the rows from `from` on.
  static void columnDots(
      int from,
      int rows,
      int n,
      float[] a,
      int ai,
      float[] b,
      int bi,
      float[] y,
      int yi,
      float[] s,
      int si) {
    for (int r = from; r < rows; r++) {
      for (int i = 0; i < n; i++) {
        y[yi + i] = Math.fma(a[ai + r * n + i], b[bi + r * n + i], y[yi + i]);
      }
    }
  }
}
