package dev.autograd.kernel.norm;

import dev.autograd.kernel.parallel.Workers;
import dev.autograd.kernel.reduce.Axes;
import dev.autograd.kernel.reduce.Reduce;
import dev.autograd.kernel.reduce.lanes.Rows;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Batch normalisation of contiguous `[N, C, S]` arrays, one mean and variance per channel.
///
/// Ioffe, Szegedy, "Batch Normalization", 2015. S is the product of the spatial sizes, 1 for plain
/// features. The variance is the biased one; running averages are the caller's.
@SuppressWarnings("cast") // to float; in f64 it does nothing
public final class BatchNorm {
  /// Columns that go through a pass together: what their lanes hold stays in the first cache.
  private static final int COLUMNS = 256;

  private BatchNorm() {}

  // Twins: f32 as f64.

  /// Computes the f32 mean and biased variance of every channel over N and S.
  public static void statistics(
      float[] x, int xOffset, int n, int c, int s, float[] mean, float[] variance) {
    if (s == 1) {
      Reduce.variance(x, xOffset, Axes.middle(1, n, c), 0.0, mean, 0, variance, 0);
      return;
    }
    RowsF32 f = Rows.f32();
    int m = n * s;
    Workers.forRange(
        c,
        RowWalk.grain(m),
        (from, to) -> {
          float[] lanes = new float[RowsF32.LANES];
          float[] line = new float[RowsF32.BLOCK];
          float[] parts = new float[RowsF32.blocks(m)];
          for (int k = from; k < to; k++) {
            // The second pass finds the channel in the second cache.
            for (int pass = 0; pass < 2; pass++) {
              for (int q = 0; q < parts.length; q++) {
                int start = q * RowsF32.BLOCK;
                int count = Math.min(RowsF32.BLOCK, m - start);
                boolean direct = s % RowsF32.LANES == 0;
                if (!direct) {
                  gather(x, xOffset, c, s, k, start, count, line);
                  parts[q] = pass == 0 ? f.sum(line, 0, count) : f.squares(line, 0, count, mean[k]);
                  continue;
                }
                Arrays.fill(lanes, 0f);
                for (int done = 0; done < count; ) {
                  int image = (start + done) / s;
                  int i = start + done - image * s;
                  int take = Math.min(count - done, s - i);
                  int at = xOffset + (image * c + k) * s + i;
                  if (pass == 0) {
                    f.sum(x, at, take, lanes, 0);
                  } else {
                    f.squares(x, at, take, mean[k], lanes, 0);
                  }
                  done += take;
                }
                parts[q] = RowsF32.fold(lanes, 0);
              }
              float total = RowsF32.pairwise(parts, parts.length) / m;
              if (pass == 0) {
                mean[k] = total;
              } else {
                variance[k] = total;
              }
            }
          }
        });
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
    SweepsF32 sweeps = Sweeps.f32();
    if (s == 1) {
      float[] scalars = new float[3 * c];
      scalars(mean, rstd, c, weight, weightOffset, scalars);
      if (bias != null) {
        System.arraycopy(bias, biasOffset, scalars, 2 * c, c);
      }
      int tile = RowWalk.tile(n, c);
      float[] each = RowWalk.tiledF32(scalars, 0, 3 * c, c, tile);
      SweepsF32.Sweep pass = sweeps.shiftedEach();
      RowWalk.slices(
          1,
          n,
          c,
          tile,
          (all, at, _) -> {
            int xi = xOffset + at;
            SweepsF32.run(pass, all, x, xi, x, xi, each, c * tile, y, yOffset + at, each);
          });
      return;
    }
    Workers.forRange(
        n * c,
        RowWalk.grain(s),
        (from, to) -> {
          float[] scalars = new float[3];
          for (int p = from; p < to; p++) {
            int k = p % c;
            scalars[0] = mean[k];
            scalars[1] = weight == null ? rstd[k] : rstd[k] * weight[weightOffset + k];
            scalars[2] = bias == null ? 0f : bias[biasOffset + k];
            int xi = xOffset + p * s;
            SweepsF32.run(sweeps.shifted(), s, x, xi, x, xi, x, xi, y, yOffset + p * s, scalars);
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
    SweepsF32 sweeps = Sweeps.f32();
    float[] sumHat = new float[c];
    float[] sum = new float[c];
    int m = n * s;
    if (dweight != null || dbias != null || training) {
      if (s == 1) {
        Reduce.sum(g, gOffset, Axes.middle(1, n, c), sum, 0);
        columnSums(g, gOffset, x, xOffset, n, c, mean, sumHat);
      } else {
        channelSums(g, gOffset, x, xOffset, n, c, s, mean, sum, sumHat);
      }
      for (int k = 0; k < c; k++) {
        sumHat[k] *= rstd[k];
      }
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
    if (s == 1) {
      float[] scalars = new float[4 * c];
      scalars(mean, rstd, c, weight, weightOffset, scalars);
      for (int k = 0; k < c; k++) {
        scalars[2 * c + k] = sum[k] / m;
        scalars[3 * c + k] = sumHat[k] / m * rstd[k];
      }
      int tile = RowWalk.tile(n, c);
      float[] each = RowWalk.tiledF32(scalars, 0, 4 * c, c, tile);
      int pitch = c * tile;
      SweepsF32.Sweep pass = training ? sweeps.centredGradientEach() : sweeps.product();
      RowWalk.slices(
          1,
          n,
          c,
          tile,
          (all, at, _) -> {
            int gi = gOffset + at;
            int xi = training ? xOffset + at : pitch;
            float[] b = training ? x : each;
            SweepsF32.run(pass, all, g, gi, b, xi, each, pitch, dx, dxOffset + at, each);
          });
      return;
    }
    Workers.forRange(
        n * c,
        RowWalk.grain(s),
        (from, to) -> {
          float[] scalars = new float[4];
          for (int p = from; p < to; p++) {
            int k = p % c;
            int gi = gOffset + p * s;
            int xi = xOffset + p * s;
            int di = dxOffset + p * s;
            float r = rstd[k];
            float a = weight == null ? r : r * weight[weightOffset + k];
            scalars[0] = training ? mean[k] : a;
            scalars[1] = a;
            scalars[2] = sum[k] / m;
            scalars[3] = sumHat[k] / m * r;
            SweepsF32.run(
                training ? sweeps.centredGradient() : sweeps.times(),
                s,
                g,
                gi,
                x,
                xi,
                x,
                xi,
                dx,
                di,
                scalars);
          }
        });
  }

  /// Sums g and `g (x - mean)` over every channel.
  private static void channelSums(
      float[] g,
      int gOffset,
      float[] x,
      int xOffset,
      int n,
      int c,
      int s,
      float[] mean,
      float[] sum,
      float[] sumHat) {
    SweepsF32 sweeps = Sweeps.f32();
    int m = n * s;
    Workers.forRange(
        c,
        RowWalk.grain(m),
        (from, to) -> {
          float[] gs = new float[RowsF32.BLOCK];
          float[] xs = new float[RowsF32.BLOCK];
          float[] lanes = new float[2 * RowsF32.LANES];
          float[] scalars = new float[1];
          int blocks = RowsF32.blocks(m);
          float[] a = new float[blocks];
          float[] b = new float[blocks];
          for (int k = from; k < to; k++) {
            scalars[0] = mean[k];
            for (int q = 0; q < blocks; q++) {
              int start = q * RowsF32.BLOCK;
              int count = Math.min(RowsF32.BLOCK, m - start);
              Arrays.fill(lanes, 0f);
              if (s % RowsF32.LANES == 0) {
                for (int done = 0; done < count; ) {
                  int image = (start + done) / s;
                  int i = start + done - image * s;
                  int take = Math.min(count - done, s - i);
                  int at = (image * c + k) * s + i;
                  int gi = gOffset + at;
                  int xi = xOffset + at;
                  SweepsF32.run(sweeps.centredSums(), take, g, gi, x, xi, x, xi, lanes, 0, scalars);
                  done += take;
                }
              } else {
                gather(g, gOffset, c, s, k, start, count, gs);
                gather(x, xOffset, c, s, k, start, count, xs);
                SweepsF32.run(sweeps.centredSums(), count, gs, 0, xs, 0, xs, 0, lanes, 0, scalars);
              }
              a[q] = RowsF32.fold(lanes, 0);
              b[q] = RowsF32.fold(lanes, RowsF32.LANES);
            }
            sum[k] = RowsF32.pairwise(a, blocks);
            sumHat[k] = RowsF32.pairwise(b, blocks);
          }
        });
  }

  /// Sums `g (x - mean)` over every column of n rows.
  private static void columnSums(
      float[] g, int gOffset, float[] x, int xOffset, int n, int c, float[] mean, float[] sumHat) {
    SweepsF32 sweeps = Sweeps.f32();
    int strips = (c + COLUMNS - 1) / COLUMNS;
    int pitch = Math.min(c, COLUMNS);
    int blocks = RowsF32.blocks(n);
    // A divisor of all lanes, whose rows follow each other where a strip is all there is.
    int together = Integer.highestOneBit(RowWalk.tile(RowsF32.LANES, c));
    float[] means = RowWalk.tiledF32(mean, 0, c, c, together);
    float[] parts = new float[Math.max(1, blocks) * c];
    Workers.forRange(
        strips * blocks,
        RowWalk.grain(Math.min(n, RowsF32.BLOCK) * pitch),
        (from, to) -> {
          float[] lanes = new float[RowsF32.LANES * pitch];
          for (int p = from; p < to; p++) {
            int q = p / strips;
            int o = p % strips * COLUMNS;
            int width = Math.min(COLUMNS, c - o);
            int end = Math.min(n, (q + 1) * RowsF32.BLOCK);
            Arrays.fill(lanes, 0f);
            for (int r = q * RowsF32.BLOCK; r < end; r += together) {
              int all = Math.min(together, end - r) * width;
              int gi = gOffset + r * c + o;
              int xi = xOffset + r * c + o;
              int lane = r % RowsF32.LANES * width;
              SweepsF32.run(sweeps.addCentred(), all, g, gi, x, xi, means, o, lanes, lane, lanes);
            }
            for (int w = RowsF32.LANES / 2 * width; w >= width; w /= 2) {
              SweepsF32.run(sweeps.add(), w, lanes, w, lanes, w, lanes, w, lanes, 0, lanes);
            }
            System.arraycopy(lanes, 0, parts, q * c + o, width);
          }
        });
    RowWalk.pairwiseF32(parts, blocks, c, c);
    System.arraycopy(parts, 0, sumHat, 0, c);
  }

  /// Writes the means and what multiplies their distances, c numbers each.
  private static void scalars(
      float[] mean, float[] rstd, int c, float @Nullable [] weight, int weightOffset, float[] to) {
    System.arraycopy(mean, 0, to, 0, c);
    for (int k = 0; k < c; k++) {
      to[c + k] = weight == null ? rstd[k] : rstd[k] * weight[weightOffset + k];
    }
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
