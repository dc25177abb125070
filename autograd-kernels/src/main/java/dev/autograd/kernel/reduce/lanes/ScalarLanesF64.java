package dev.autograd.kernel.reduce.lanes;

import dev.autograd.kernel.math.DoubleExp;
import java.util.Arrays;

/// Lanes as the elements of the result array.
final class ScalarLanesF64 implements LanesF64 {
  private static final int LANES = RowsF64.LANES;

  @Override
  public void sum(double[] x, int offset, int n, double[] s) {
    Arrays.fill(s, 0.0);
    for (int i = offset; i < offset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[l] += x[i + l];
      }
    }
  }

  @Override
  public void squares(double[] x, int offset, int n, double center, double[] s) {
    Arrays.fill(s, 0.0);
    for (int i = offset; i < offset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        double d = x[i + l] - center;
        s[l] = Math.fma(d, d, s[l]);
      }
    }
  }

  @Override
  public void dot(double[] x, int xOffset, double[] y, int yOffset, int n, double[] s) {
    Arrays.fill(s, 0.0);
    for (int i = 0; i < n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[l] = Math.fma(x[xOffset + i + l], y[yOffset + i + l], s[l]);
      }
    }
  }

  @Override
  public void max(double[] x, int offset, int n, double[] s) {
    Arrays.fill(s, Double.NEGATIVE_INFINITY);
    for (int i = offset; i < offset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[l] = Math.max(s[l], x[i + l]);
      }
    }
  }

  @Override
  public void min(double[] x, int offset, int n, double[] s) {
    Arrays.fill(s, Double.POSITIVE_INFINITY);
    for (int i = offset; i < offset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[l] = Math.min(s[l], x[i + l]);
      }
    }
  }

  @Override
  public void exp(
      double[] x, int xOffset, int n, double shift, double[] y, int yOffset, double[] s) {
    Arrays.fill(s, 0.0);
    for (int i = 0; i < n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        double e = DoubleExp.exp(x[xOffset + i + l] - shift);
        y[yOffset + i + l] = e;
        s[l] += e;
      }
    }
  }

  @Override
  public void exp(
      double[] x, int xOffset, int n, double[] shift, int shiftOffset, double[] y, int yOffset) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = DoubleExp.exp(x[xOffset + i] - shift[shiftOffset + i]);
    }
  }
}
