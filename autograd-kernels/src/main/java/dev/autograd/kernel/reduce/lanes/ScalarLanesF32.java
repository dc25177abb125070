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
    for (int i = xOffset; i < xOffset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[sOffset + l] += x[i + l];
      }
    }
  }

  static void blockSums(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    float[] lanes = new float[LANES];
    for (int b = 0; b < n / RowsF32.BLOCK; b++) {
      Arrays.fill(lanes, 0f);
      sum(x, xOffset + b * RowsF32.BLOCK, y, yOffset, RowsF32.BLOCK, c, lanes, 0);
      for (int l = 0; l < LANES / 2; l++) {
        s[sOffset + b * LANES / 2 + l] = lanes[l] + lanes[LANES / 2 + l];
      }
    }
  }

  static void squares(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    for (int i = xOffset; i < xOffset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        float d = x[i + l] - c;
        s[sOffset + l] = Math.fma(d, d, s[sOffset + l]);
      }
    }
  }

  static void dot(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    for (int i = 0; i < n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[sOffset + l] = Math.fma(x[xOffset + i + l], y[yOffset + i + l], s[sOffset + l]);
      }
    }
  }

  static void max(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    for (int i = xOffset; i < xOffset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[sOffset + l] = Math.max(s[sOffset + l], x[i + l]);
      }
    }
  }

  static void min(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    for (int i = xOffset; i < xOffset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[sOffset + l] = Math.min(s[sOffset + l], x[i + l]);
      }
    }
  }

  static void exp(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    for (int i = 0; i < n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        float e = FloatExp.exp(x[xOffset + i + l] - c);
        y[yOffset + i + l] = e;
        s[sOffset + l] += e;
      }
    }
  }

  static void greatest(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    for (int i = xOffset; i < xOffset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        float v = x[i + l];
        s[sOffset + l] = v > s[sOffset + l] ? v : s[sOffset + l];
      }
    }
  }

  static void bound(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    float[] lanes = new float[LANES];
    Arrays.fill(lanes, Float.NEGATIVE_INFINITY);
    for (int i = xOffset; i < xOffset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        lanes[l] = Math.max(lanes[l], c * x[i + l]);
      }
    }
    for (int w = LANES / 2; w > 0; w >>= 1) {
      for (int l = 0; l < w; l++) {
        lanes[l] = Math.max(lanes[l], lanes[w + l]);
      }
    }
    s[sOffset] = lanes[0];
  }

  static void find(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    int i = 0;
    while (i < n && x[xOffset + i] != c) {
      i++;
    }
    s[sOffset] = i;
  }

  static void expSum(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    for (int i = xOffset; i < xOffset + n; i += LANES) {
      for (int l = 0; l < LANES; l++) {
        s[sOffset + l] += FloatExp.exp(x[i + l] - c);
      }
    }
  }

  static void expEach(
      float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset) {
    for (int i = 0; i < n; i++) {
      y[yOffset + i] = FloatExp.exp(x[xOffset + i] - s[sOffset + i]);
    }
  }

  static void sumColumns(
      float[] x,
      int xOffset,
      int step,
      int rows,
      int n,
      float[] c,
      int cOffset,
      float[] s,
      int sOffset) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < n; j++) {
        s[sOffset + j] += x[xOffset + r * step + j];
      }
    }
  }

  static void squareColumns(
      float[] x,
      int xOffset,
      int step,
      int rows,
      int n,
      float[] c,
      int cOffset,
      float[] s,
      int sOffset) {
    for (int r = 0; r < rows; r++) {
      for (int j = 0; j < n; j++) {
        float d = x[xOffset + r * step + j] - c[cOffset + j];
        s[sOffset + j] = Math.fma(d, d, s[sOffset + j]);
      }
    }
  }

  static void firstGreatest(
      float[] x,
      int xOffset,
      int step,
      int rows,
      int n,
      float[] c,
      int cOffset,
      float[] s,
      int sOffset) {
    firstGreatest(x, xOffset, step, rows, 0, n, c, cOffset, c[cOffset + n], s, sOffset);
  }

  /// Looks at columns from `from` up to `to`.
  static void firstGreatest(
      float[] x,
      int xOffset,
      int step,
      int rows,
      int from,
      int to,
      float[] c,
      int cOffset,
      float sign,
      float[] s,
      int sOffset) {
    for (int r = 0; r < rows; r++) {
      for (int j = from; j < to; j++) {
        float v = sign * x[xOffset + r * step + j];
        float best = c[cOffset + j];
        if (v > best || (Float.isNaN(v) && !Float.isNaN(best))) {
          c[cOffset + j] = v;
          s[sOffset + j] = r;
        }
      }
    }
  }

  static void columnSums(
      float[] x,
      int xOffset,
      int step,
      int rows,
      int n,
      float[] c,
      int cOffset,
      float[] s,
      int sOffset) {
    float[] lanes = new float[LANES * n];
    for (int r = 0; r < rows; r++) {
      sumColumns(x, xOffset + r * step, 0, 1, n, c, cOffset, lanes, r * n);
    }
    for (int w = LANES / 2; w > 0; w >>= 1) {
      sumColumns(lanes, w * n, 0, 1, w * n, c, cOffset, lanes, 0);
    }
    System.arraycopy(lanes, 0, s, sOffset, n);
  }

  static void rowSums(
      float[] x,
      int xOffset,
      int step,
      int rows,
      int n,
      float[] c,
      int cOffset,
      float[] s,
      int sOffset) {
    int body = n & -LANES;
    for (int r = 0; r < rows; r++) {
      int from = xOffset + r * step;
      Arrays.fill(c, cOffset, cOffset + LANES, 0f);
      sum(x, from, x, from, body, 0f, c, cOffset);
      for (int i = body; i < n; i++) {
        c[cOffset + i - body] += x[from + i];
      }
      s[sOffset + r] = RowsF32.fold(c, cOffset);
    }
  }
}
