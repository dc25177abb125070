// Twin: ScalarLanesF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.reduce.lanes;

import dev.autograd.kernel.math.FloatExp;
import java.util.Arrays;

/// Lanes as the elements of the result array.
final class ScalarLanesF32 {
  private static final int LANES = RowsF32.LANES;

  private ScalarLanesF32() {}

  static void sum(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    Arrays.fill(s, sOffset, sOffset + LANES, 0f);
    for (int i = xOffset; i < xOffset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[sOffset + l] += x[i + l];
      }
    }
  }

  static void squares(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    Arrays.fill(s, sOffset, sOffset + LANES, 0f);
    for (int i = xOffset; i < xOffset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        float d = x[i + l] - c;
        s[sOffset + l] = Math.fma(d, d, s[sOffset + l]);
      }
    }
  }

  static void dot(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    Arrays.fill(s, sOffset, sOffset + LANES, 0f);
    for (int i = 0; i < n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[sOffset + l] = Math.fma(x[xOffset + i + l], y[yOffset + i + l], s[sOffset + l]);
      }
    }
  }

  static void max(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    Arrays.fill(s, sOffset, sOffset + LANES, Float.NEGATIVE_INFINITY);
    for (int i = xOffset; i < xOffset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[sOffset + l] = Math.max(s[sOffset + l], x[i + l]);
      }
    }
  }

  static void min(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    Arrays.fill(s, sOffset, sOffset + LANES, Float.POSITIVE_INFINITY);
    for (int i = xOffset; i < xOffset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[sOffset + l] = Math.min(s[sOffset + l], x[i + l]);
      }
    }
  }

  static void exp(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    Arrays.fill(s, sOffset, sOffset + LANES, 0f);
    for (int i = 0; i < n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        float e = FloatExp.exp(x[xOffset + i + l] - c);
        y[yOffset + i + l] = e;
        s[sOffset + l] += e;
      }
    }
  }

  static void expEach(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = FloatExp.exp(x[xOffset + i] - s[sOffset + i]);
    }
  }
}
