// Twin: ScalarShortRowsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.norm;

import dev.autograd.kernel.reduce.lanes.RowsF32;

/// Short rows in plain Java.
final class ScalarShortRowsF32 {
  private ScalarShortRowsF32() {}

  static void sum(int rows, int n, float[] x, int xi, float[] y, int yi, float[] s, int si) {
    float[] lanes = new float[RowsF32.LANES];
    for (int r = 0, at = xi; r < rows; r++, at += n) {
      for (int i = 0; i < n; i++) {
        lanes[i] = x[at + i] + 0f;
      }
      s[si + r] = fold(lanes, n);
    }
  }

  static void dot(int rows, int n, float[] x, int xi, float[] y, int yi, float[] s, int si) {
    float[] lanes = new float[RowsF32.LANES];
    for (int r = 0, at = 0; r < rows; r++, at += n) {
      for (int i = 0; i < n; i++) {
        lanes[i] = Math.fma(x[xi + at + i], y[yi + at + i], 0f);
      }
      s[si + r] = fold(lanes, n);
    }
  }

  /// Returns the sum of the lanes, of which only the first n hold something.
  private static float fold(float[] lanes, int n) {
    int live = n;
    for (int w = RowsF32.LANES / 2; w > 0; w >>= 1) {
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

  static void greatest(int rows, int n, float[] x, int xi, float[] y, int yi, float[] s, int si) {
    for (int r = 0, at = xi; r < rows; r++, at += n) {
      float m = Float.NEGATIVE_INFINITY;
      for (int i = 0; i < n; i++) {
        m = x[at + i] > m ? x[at + i] : m;
      }
      s[si + r] = m + 0f;
    }
  }

  static void spread(int rows, int n, float[] x, int xi, float[] y, int yi, float[] s, int si) {
    for (int r = 0, at = yi; r < rows; r++, at += n) {
      float v = s[si + r];
      for (int i = 0; i < n; i++) {
        y[at + i] = v;
      }
    }
  }

  static void columnDots(int rows, int n, float[] x, int xi, float[] y, int yi, float[] s, int si) {
    for (int r = 0, at = 0; r < rows; r++, at += n) {
      for (int i = 0; i < n; i++) {
        s[si + i] = Math.fma(x[xi + at + i], y[yi + at + i], s[si + i]);
      }
    }
  }
}
