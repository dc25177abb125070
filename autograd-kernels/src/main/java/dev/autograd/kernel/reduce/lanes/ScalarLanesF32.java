package dev.autograd.kernel.reduce.lanes;

import dev.autograd.kernel.math.FloatExp;
import java.util.Arrays;

/// Lanes as the elements of the result array.
final class ScalarLanesF32 implements LanesF32 {
  private static final int LANES = RowsF32.LANES;

  @Override
  public void sum(float[] x, int offset, int n, float[] s) {
    Arrays.fill(s, 0f);
    for (int i = offset; i < offset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[l] += x[i + l];
      }
    }
  }

  @Override
  public void squares(float[] x, int offset, int n, float center, float[] s) {
    Arrays.fill(s, 0f);
    for (int i = offset; i < offset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        float d = x[i + l] - center;
        s[l] = Math.fma(d, d, s[l]);
      }
    }
  }

  @Override
  public void dot(float[] x, int xOffset, float[] y, int yOffset, int n, float[] s) {
    Arrays.fill(s, 0f);
    for (int i = 0; i < n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[l] = Math.fma(x[xOffset + i + l], y[yOffset + i + l], s[l]);
      }
    }
  }

  @Override
  public void max(float[] x, int offset, int n, float[] s) {
    Arrays.fill(s, Float.NEGATIVE_INFINITY);
    for (int i = offset; i < offset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[l] = Math.max(s[l], x[i + l]);
      }
    }
  }

  @Override
  public void min(float[] x, int offset, int n, float[] s) {
    Arrays.fill(s, Float.POSITIVE_INFINITY);
    for (int i = offset; i < offset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[l] = Math.min(s[l], x[i + l]);
      }
    }
  }

  @Override
  public void exp(
      float[] x, int xOffset, int n, float shift, float[] y, int yOffset, float[] s) {
    Arrays.fill(s, 0f);
    for (int i = 0; i < n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        float e = FloatExp.exp(x[xOffset + i + l] - shift);
        y[yOffset + i + l] = e;
        s[l] += e;
      }
    }
  }

  @Override
  public void exp(
      float[] x, int xOffset, int n, float[] shift, int shiftOffset, float[] y, int yOffset) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = FloatExp.exp(x[xOffset + i] - shift[shiftOffset + i]);
    }
  }
}
