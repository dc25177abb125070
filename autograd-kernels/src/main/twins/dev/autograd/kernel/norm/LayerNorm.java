package dev.autograd.kernel.norm;

import dev.autograd.kernel.parallel.Workers;
import dev.autograd.kernel.reduce.lanes.Rows;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import org.jspecify.annotations.Nullable;

/// Layer normalisation of contiguous rows: `y = (x - mean) / sqrt(var + eps) * weight + bias`.
///
/// Ba, Kiros, Hinton, "Layer Normalization", 2016. The variance is the biased one, taken in a
/// second pass.
@SuppressWarnings("cast") // to float; in f64 it does nothing
public final class LayerNorm {
  private static final int CHUNK = 1 << 15;
  private static final int GROUP = 64;

  private LayerNorm() {}

  // Twins: f32 as f64.

  /// Normalises `rows` rows of `n` f32 elements and keeps each row's mean and `1 / sqrt(var +
  /// eps)`.
  public static void forward(
      float[] x,
      int xOffset,
      int rows,
      int n,
      float @Nullable [] weight,
      int weightOffset,
      float @Nullable [] bias,
      int biasOffset,
      double eps,
      float[] y,
      int yOffset,
      float[] mean,
      float[] rstd) {
    RowsF32 f = Rows.f32();
    Workers.forRange(
        rows,
        grain(n),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int xi = xOffset + r * n;
            int yi = yOffset + r * n;
            float m = f.total(x, xi, n) / n;
            float v = f.totalSquares(x, xi, n, m) / n;
            float s = (float) (1.0 / Math.sqrt(v + eps));
            mean[r] = m;
            rstd[r] = s;
            if (weight != null && bias != null) {
              for (int i = 0; i < n; i++) {
                y[yi + i] = (x[xi + i] - m) * s * weight[weightOffset + i] + bias[biasOffset + i];
              }
            } else {
              for (int i = 0; i < n; i++) {
                y[yi + i] = (x[xi + i] - m) * s;
              }
              if (weight != null) {
                for (int i = 0; i < n; i++) {
                  y[yi + i] *= weight[weightOffset + i];
                }
              }
              if (bias != null) {
                for (int i = 0; i < n; i++) {
                  y[yi + i] += bias[biasOffset + i];
                }
              }
            }
          }
        });
  }

  /// Computes the f32 gradients of [#forward]; a null result array is not computed.
  ///
  /// `dx = rstd (gw - mean(gw) - xhat mean(gw xhat))` with `gw = g weight`; `dweight = sum over
  /// rows of g xhat`, `dbias = sum over rows of g`, both added in groups of 64 rows and then
  /// pairwise.
  public static void backward(
      float[] g,
      int gOffset,
      float[] x,
      int xOffset,
      int rows,
      int n,
      float @Nullable [] weight,
      int weightOffset,
      float[] mean,
      float[] rstd,
      float @Nullable [] dx,
      int dxOffset,
      float @Nullable [] dweight,
      int dweightOffset,
      float @Nullable [] dbias,
      int dbiasOffset) {
    int groups = (rows + GROUP - 1) / GROUP;
    float[] partWeight = new float[dweight == null ? 0 : Math.max(1, groups) * n];
    float[] partBias = new float[dbias == null ? 0 : Math.max(1, groups) * n];
    Workers.forRange(
        groups,
        Math.max(1, grain(n) / GROUP),
        (from, to) -> {
          float[] hat = new float[n];
          float[] gw = new float[n];
          for (int k = from; k < to; k++) {
            for (int r = k * GROUP; r < Math.min(rows, (k + 1) * GROUP); r++) {
              int gi = gOffset + r * n;
              int xi = xOffset + r * n;
              float m = mean[r];
              float s = rstd[r];
              for (int i = 0; i < n; i++) {
                hat[i] = (x[xi + i] - m) * s;
              }
              if (dx != null) {
                System.arraycopy(g, gi, gw, 0, n);
                if (weight != null) {
                  for (int i = 0; i < n; i++) {
                    gw[i] *= weight[weightOffset + i];
                  }
                }
                float a = Rows.f32().total(gw, 0, n) / n;
                float b = Rows.f32().totalDot(gw, 0, hat, 0, n) / n;
                int di = dxOffset + r * n;
                for (int i = 0; i < n; i++) {
                  dx[di + i] = s * (gw[i] - a - hat[i] * b);
                }
              }
              if (dweight != null) {
                for (int i = 0; i < n; i++) {
                  partWeight[k * n + i] += g[gi + i] * hat[i];
                }
              }
              if (dbias != null) {
                for (int i = 0; i < n; i++) {
                  partBias[k * n + i] += g[gi + i];
                }
              }
            }
          }
        });
    if (dweight != null) {
      pairwise(partWeight, groups, n, dweight, dweightOffset);
    }
    if (dbias != null) {
      pairwise(partBias, groups, n, dbias, dbiasOffset);
    }
  }

  private static void pairwise(float[] parts, int count, int n, float[] y, int yOffset) {
    for (int w = 1; w < count; w *= 2) {
      for (int k = 0; k + w < count; k += 2 * w) {
        int a = k * n;
        int b = (k + w) * n;
        for (int i = 0; i < n; i++) {
          parts[a + i] += parts[b + i];
        }
      }
    }
    System.arraycopy(parts, 0, y, yOffset, n);
  }

  // End of twins.

  private static int grain(int length) {
    return Math.max(1, CHUNK / Math.max(1, length));
  }
}
