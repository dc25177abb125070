// Twin: ScalarRowStepsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.attention;

import dev.autograd.kernel.math.FloatExp;
import dev.autograd.kernel.math.FloatLog;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import java.util.Arrays;

/// The steps in plain Java.
final class ScalarRowStepsF32 implements RowStepsF32 {
  private static final int LANES = RowsF32.LANES;

  @Override
  public void weights(
      int rows,
      int n,
      int seen,
      int more,
      float[] x,
      int row,
      float slope,
      float[] m,
      float[] l,
      float[] a) {
    float[] s = new float[LANES];
    for (int r = 0; r < rows; r++) {
      int at = r * row;
      int end = at + Math.clamp(seen + r * more, 0, n);
      float greatest = Float.NEGATIVE_INFINITY;
      for (int i = at; i < end; i++) {
        greatest = x[i] > greatest ? x[i] : greatest;
      }
      // Which zero was met first depends on the lanes.
      greatest = (greatest + 0f) * slope;
      greatest = greatest > m[r] ? greatest : m[r];
      float shift = shift(greatest);
      Arrays.fill(s, 0f);
      for (int i = at; i < end; i++) {
        float e = FloatExp.exp(Math.fma(x[i], slope, -shift));
        x[i] = e;
        s[(i - at) % LANES] += e;
      }
      Arrays.fill(x, end, at + n, 0f);
      a[r] = FloatExp.exp(m[r] - shift);
      m[r] = greatest;
      l[r] = Math.fma(l[r], a[r], RowsF32.fold(s, 0));
    }
  }

  /// Returns what is subtracted from a row: nothing where no key is seen.
  static float shift(float greatest) {
    return greatest == Float.NEGATIVE_INFINITY ? 0f : greatest;
  }

  @Override
  public void finish(int rows, float[] m, float[] l, float[] lse, int at, float[] a) {
    for (int r = 0; r < rows; r++) {
      lse[at + r] = m[r] + FloatLog.log(l[r]);
      a[r] = l[r] == 0f ? 0f : 1f / l[r];
    }
  }

  @Override
  public void scale(int rows, int n, float[] y, int yOffset, int row, float[] a) {
    for (int r = 0; r < rows; r++) {
      int at = yOffset + r * row;
      for (int i = at; i < at + n; i++) {
        y[i] *= a[r];
      }
    }
  }

  @Override
  public void bias(
      int rows,
      int n,
      float[] x,
      int row,
      float scale,
      float[] bias,
      int biasOffset,
      int biasRow,
      int biasColumn) {
    for (int r = 0; r < rows; r++) {
      int bi = biasOffset + r * biasRow;
      for (int i = r * row; i < r * row + n; i++) {
        x[i] = Math.fma(x[i], scale, bias[bi]);
        bi += biasColumn;
      }
    }
  }

  @Override
  public void gradients(
      int rows,
      int n,
      int seen,
      int more,
      float[] x,
      float[] t,
      int row,
      float slope,
      float[] lse,
      int lseOffset,
      float[] d,
      float scale) {
    for (int r = 0; r < rows; r++) {
      int at = r * row;
      int end = at + Math.clamp(seen + r * more, 0, n);
      float shift = gradientShift(lse[lseOffset + r]);
      for (int i = at; i < end; i++) {
        float p = FloatExp.exp(Math.fma(x[i], slope, -shift));
        x[i] = p;
        t[i] = p * (t[i] - d[r]) * scale;
      }
      Arrays.fill(x, end, at + n, 0f);
      Arrays.fill(t, end, at + n, 0f);
    }
  }

  /// Returns what is subtracted from a row: so much that no weight is left where no key is seen.
  static float gradientShift(float lse) {
    return lse == Float.NEGATIVE_INFINITY ? Float.POSITIVE_INFINITY : lse;
  }

  @Override
  public void dots(
      int rows,
      int n,
      float[] a,
      int aOffset,
      int aRow,
      int aColumn,
      float[] b,
      int bOffset,
      int bRow,
      int bColumn,
      float[] d) {
    float[] s = new float[LANES];
    for (int r = 0; r < rows; r++) {
      Arrays.fill(s, 0f);
      int ai = aOffset + r * aRow;
      int bi = bOffset + r * bRow;
      for (int i = 0; i < n; i++) {
        s[i % LANES] = Math.fma(a[ai], b[bi], s[i % LANES]);
        ai += aColumn;
        bi += bColumn;
      }
      d[r] = RowsF32.fold(s, 0);
    }
  }
}
