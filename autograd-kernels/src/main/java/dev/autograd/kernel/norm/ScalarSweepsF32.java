// Twin: ScalarSweepsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.norm;

import dev.autograd.kernel.math.FloatExp;
import dev.autograd.kernel.reduce.lanes.RowsF32;

/// The passes in plain Java.
final class ScalarSweepsF32 {
  private static final int LANES = RowsF32.LANES;
  private static final int SUMS = SweepsF32.SUMS;

  private ScalarSweepsF32() {}

  static void scale(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float m = s[0];
    float r = s[1];
    for (int i = 0; i < n; i++) {
      y[o + i] = (a[ai + i] - m) * r;
    }
  }

  static void affine(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float m = s[0];
    float r = s[1];
    for (int i = 0; i < n; i++) {
      y[o + i] = (a[ai + i] - m) * r * b[bi + i] + c[ci + i];
    }
  }

  static void shifted(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float m = s[0];
    float r = s[1];
    float t = s[2];
    for (int i = 0; i < n; i++) {
      y[o + i] = (a[ai + i] - m) * r + t;
    }
  }

  static void times(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float r = s[0];
    for (int i = 0; i < n; i++) {
      y[o + i] = a[ai + i] * r;
    }
  }

  static void minus(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float m = s[0];
    float t = s[1];
    for (int i = 0; i < n; i++) {
      y[o + i] = a[ai + i] - m - t;
    }
  }

  static void product(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    for (int i = 0; i < n; i++) {
      y[o + i] = a[ai + i] * b[bi + i];
    }
  }

  static void add(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    for (int i = 0; i < n; i++) {
      y[o + i] = y[o + i] + a[ai + i];
    }
  }

  static void addCentred(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    for (int i = 0; i < n; i++) {
      y[o + i] = Math.fma(a[ai + i], b[bi + i] - c[ci + i], y[o + i]);
    }
  }

  static void affineGradient(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float m = s[0];
    float r = s[1];
    float p = s[2];
    float q = s[3];
    for (int i = 0; i < n; i++) {
      y[o + i] = (a[ai + i] * c[ci + i] - p - (b[bi + i] - m) * r * q) * r;
    }
  }

  static void centredGradient(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float m = s[0];
    float r = s[1];
    float p = s[2];
    float q = s[3];
    for (int i = 0; i < n; i++) {
      y[o + i] = (a[ai + i] - p - (b[bi + i] - m) * q) * r;
    }
  }

  static void shiftedEach(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    for (int i = 0; i < n; i++) {
      y[o + i] = (a[ai + i] - c[i]) * c[ci + i] + c[2 * ci + i];
    }
  }

  static void centredGradientEach(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    for (int i = 0; i < n; i++) {
      float d = (b[bi + i] - c[i]) * c[3 * ci + i];
      y[o + i] = (a[ai + i] - c[2 * ci + i] - d) * c[ci + i];
    }
  }

  static void weighted(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float t = s[0];
    for (int i = 0; i < n; i++) {
      y[o + i] = b[bi + i] * (a[ai + i] - t);
    }
  }

  static void rest(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    float t = s[0];
    for (int i = 0; i < n; i++) {
      y[o + i] = a[ai + i] - FloatExp.exp(b[bi + i]) * t;
    }
  }

  static void minusEach(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    for (int i = 0; i < n; i++) {
      y[o + i] = a[ai + i] - b[bi + i] - c[ci + i];
    }
  }

  static void weightedEach(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    for (int i = 0; i < n; i++) {
      y[o + i] = b[bi + i] * (a[ai + i] - c[ci + i]);
    }
  }

  static void restEach(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    for (int i = 0; i < n; i++) {
      y[o + i] = a[ai + i] - FloatExp.exp(b[bi + i]) * c[ci + i];
    }
  }

  static void affineSums(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    affineSums(0, n, a, ai, b, bi, c, ci, y, o, s);
  }

  /// Adds the elements from `from` on, a multiple of LANES.
  static void affineSums(
      int from,
      int n,
      float[] a,
      int ai,
      float[] b,
      int bi,
      float[] c,
      int ci,
      float[] y,
      int o,
      float[] s) {
    float m = s[0];
    float r = s[1];
    for (int i = from; i < n; i++) {
      int l = o + i % LANES;
      float ac = a[ai + i] * c[ci + i];
      y[l] += ac;
      y[l + LANES] = Math.fma(ac, (b[bi + i] - m) * r, y[l + LANES]);
    }
  }

  static void centredSums(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    centredSums(0, n, a, ai, b, bi, y, o, s);
  }

  /// Adds the elements from `from` on, a multiple of LANES.
  static void centredSums(
      int from, int n, float[] a, int ai, float[] b, int bi, float[] y, int o, float[] s) {
    float m = s[0];
    for (int i = from; i < n; i++) {
      int l = o + i % LANES;
      y[l] += a[ai + i];
      y[l + LANES] = Math.fma(a[ai + i], b[bi + i] - m, y[l + LANES]);
    }
  }

  static void parameterSums(
      int n, float[] a, int ai, float[] b, int bi, float[] c, int ci, float[] y, int o, float[] s) {
    parameterSums(0, n, a, ai, b, bi, s);
  }

  /// Adds the columns from `from` on.
  static void parameterSums(int from, int n, float[] a, int ai, float[] b, int bi, float[] s) {
    float m = s[0];
    float r = s[1];
    int second = SweepsF32.second(n);
    for (int i = from; i < n; i++) {
      float g = a[ai + i];
      s[SUMS + i] = Math.fma(g, (b[bi + i] - m) * r, s[SUMS + i]);
      s[second + i] += g;
    }
  }
}
