package dev.autograd.kernel.norm;

import dev.autograd.kernel.parallel.Workers;
import dev.autograd.kernel.reduce.Axes;
import dev.autograd.kernel.reduce.Reduce;
import dev.autograd.kernel.reduce.lanes.Rows;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import org.jspecify.annotations.Nullable;

/// Batch normalisation of contiguous `[N, C, S]` arrays, one mean and variance per channel.
///
/// Ioffe, Szegedy, "Batch Normalization", 2015. S is the product of the spatial sizes, 1 for plain
/// features. The variance is the biased one; running averages are the caller's.
@SuppressWarnings("cast") // to float; in f64 it does nothing
public final class BatchNorm {
  private static final int CHUNK = 1 << 15;

  private BatchNorm() {}

  // Twins: f32 as f64.

  /// Computes the f32 mean and biased variance of every channel over N and S.
  public static void statistics(
      float[] x, int xOffset, int n, int c, int s, float[] mean, float[] variance) {
    Axes axes =
        Axes.of(new int[] {n, c, s}, new int[] {c * s, s, 1}, new boolean[] {true, false, true});
    Reduce.variance(x, xOffset, axes, 0.0, mean, 0, variance, 0);
  }

  /// Computes `1 / sqrt(variance + eps)` in f32.
  public static void reciprocalDeviation(float[] variance, int c, double eps, float[] rstd) {
    for (int k = 0; k < c; k++) {
      rstd[k] = (float) (1.0 / Math.sqrt(variance[k] + eps));
    }
  }

  /// Computes `y = (x - mean) rstd weight + bias` per channel in f32.
  public static void forward(
      float[] x,
      int xOffset,
      int n,
      int c,
      int s,
      float[] mean,
      float[] rstd,
      float @Nullable [] weight,
      int weightOffset,
      float @Nullable [] bias,
      int biasOffset,
      float[] y,
      int yOffset) {
    Workers.forRange(
        n * c,
        Math.max(1, CHUNK / Math.max(1, s)),
        (from, to) -> {
          for (int p = from; p < to; p++) {
            int k = p % c;
            float m = mean[k];
            float a = weight == null ? rstd[k] : rstd[k] * weight[weightOffset + k];
            float b = bias == null ? 0f : bias[biasOffset + k];
            int xi = xOffset + p * s;
            int yi = yOffset + p * s;
            for (int i = 0; i < s; i++) {
              y[yi + i] = (x[xi + i] - m) * a + b;
            }
          }
        });
  }

  /// Computes the f32 gradients of [#forward]; a null result array is not computed.
  ///
  /// With `training`, mean and rstd came from this batch of M = N S elements per channel: `dx =
  /// weight rstd (g - dbias / M - xhat dweight / M)`; without, they are constants: `dx = weight
  /// rstd g`. `dweight = sum(g xhat)`, `dbias = sum(g)`.
  public static void backward(
      float[] g,
      int gOffset,
      float[] x,
      int xOffset,
      int n,
      int c,
      int s,
      float[] mean,
      float[] rstd,
      float @Nullable [] weight,
      int weightOffset,
      boolean training,
      float @Nullable [] dx,
      int dxOffset,
      float @Nullable [] dweight,
      int dweightOffset,
      float @Nullable [] dbias,
      int dbiasOffset) {
    float[] sumHat = new float[c];
    float[] sum = new float[c];
    int m = n * s;
    if (dweight != null || dbias != null || training) {
      Workers.forRange(
          c,
          Math.max(1, CHUNK / Math.max(1, m)),
          (from, to) -> {
            float[] gs = new float[RowsF32.BLOCK];
            float[] hat = new float[RowsF32.BLOCK];
            int blocks = RowsF32.blocks(m);
            float[] a = new float[blocks];
            float[] b = new float[blocks];
            for (int k = from; k < to; k++) {
              for (int q = 0; q < blocks; q++) {
                int start = q * RowsF32.BLOCK;
                int count = Math.min(RowsF32.BLOCK, m - start);
                gather(g, gOffset, c, s, k, start, count, gs);
                gather(x, xOffset, c, s, k, start, count, hat);
                float mu = mean[k];
                float r = rstd[k];
                for (int i = 0; i < count; i++) {
                  hat[i] = (hat[i] - mu) * r;
                }
                a[q] = Rows.f32().sum(gs, 0, count);
                b[q] = Rows.f32().dot(gs, 0, hat, 0, count);
              }
              sum[k] = RowsF32.pairwise(a, blocks);
              sumHat[k] = RowsF32.pairwise(b, blocks);
            }
          });
    }
    if (dweight != null) {
      System.arraycopy(sumHat, 0, dweight, dweightOffset, c);
    }
    if (dbias != null) {
      System.arraycopy(sum, 0, dbias, dbiasOffset, c);
    }
    if (dx == null) {
      return;
    }
    Workers.forRange(
        n * c,
        Math.max(1, CHUNK / Math.max(1, s)),
        (from, to) -> {
          for (int p = from; p < to; p++) {
            int k = p % c;
            int gi = gOffset + p * s;
            int xi = xOffset + p * s;
            int di = dxOffset + p * s;
            float r = rstd[k];
            float a = weight == null ? r : r * weight[weightOffset + k];
            if (!training) {
              for (int i = 0; i < s; i++) {
                dx[di + i] = g[gi + i] * a;
              }
              continue;
            }
            float mu = mean[k];
            float meanG = sum[k] / m;
            float meanHat = sumHat[k] / m;
            for (int i = 0; i < s; i++) {
              dx[di + i] = a * (g[gi + i] - meanG - (x[xi + i] - mu) * r * meanHat);
            }
          }
        });
  }

  /// Copies elements `[start, start + count)` of channel k, counted over N and S.
  private static void gather(
      float[] x, int offset, int c, int s, int k, int start, int count, float[] to) {
    int done = 0;
    while (done < count) {
      int at = start + done;
      int image = at / s;
      int i = at - image * s;
      int take = Math.min(count - done, s - i);
      System.arraycopy(x, offset + (image * c + k) * s + i, to, done, take);
      done += take;
    }
  }

  // End of twins.
}
