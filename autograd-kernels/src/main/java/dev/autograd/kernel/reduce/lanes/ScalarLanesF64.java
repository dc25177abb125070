package dev.autograd.kernel.reduce.lanes;

import dev.autograd.kernel.math.DoubleExp;
import java.util.Arrays;

/// Lanes as the elements of the result array.
final class ScalarLanesF64 {
  private static final int LANES = RowsF64.LANES;

  private ScalarLanesF64() {}

  static void sum(
      double[] x, int xOffset, double[] y, int yOffset, int n, double c, double[] s, int sOffset) {
    Arrays.fill(s, sOffset, sOffset + LANES, 0.0);
    for (int i = xOffset; i < xOffset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[sOffset + l] += x[i + l];
      }
    }
  }

  static void squares(
      double[] x, int xOffset, double[] y, int yOffset, int n, double c, double[] s, int sOffset) {
    Arrays.fill(s, sOffset, sOffset + LANES, 0.0);
    for (int i = xOffset; i < xOffset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        double d = x[i + l] - c;
        s[sOffset + l] = Math.fma(d, d, s[sOffset + l]);
      }
    }
  }

  static void dot(
      double[] x, int xOffset, double[] y, int yOffset, int n, double c, double[] s, int sOffset) {
    Arrays.fill(s, sOffset, sOffset + LANES, 0.0);
    for (int i = 0; i < n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[sOffset + l] = Math.fma(x[xOffset + i + l], y[yOffset + i + l], s[sOffset + l]);
      }
    }
  }

  static void max(
      double[] x, int xOffset, double[] y, int yOffset, int n, double c, double[] s, int sOffset) {
    Arrays.fill(s, sOffset, sOffset + LANES, Double.NEGATIVE_INFINITY);
    for (int i = xOffset; i < xOffset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[sOffset + l] = Math.max(s[sOffset + l], x[i + l]);
      }
    }
  }

  static void min(
      double[] x, int xOffset, double[] y, int yOffset, int n, double c, double[] s, int sOffset) {
    Arrays.fill(s, sOffset, sOffset + LANES, Double.POSITIVE_INFINITY);
    for (int i = xOffset; i < xOffset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[sOffset + l] = Math.min(s[sOffset + l], x[i + l]);
      }
    }
  }

  static void exp(
      double[] x, int xOffset, double[] y, int yOffset, int n, double c, double[] s, int sOffset) {
    Arrays.fill(s, sOffset, sOffset + LANES, 0.0);
    for (int i = 0; i < n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        double e = DoubleExp.exp(x[xOffset + i + l] - c);
        y[yOffset + i + l] = e;
        s[sOffset + l] += e;
      }
    }
  }

  static void expEach(
      double[] x, int xOffset, double[] y, int yOffset, int n, double c, double[] s, int sOffset) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = DoubleExp.exp(x[xOffset + i] - s[sOffset + i]);
    }
  }
}
