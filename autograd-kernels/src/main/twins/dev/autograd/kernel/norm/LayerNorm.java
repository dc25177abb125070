package dev.autograd.kernel.norm;

import dev.autograd.kernel.Inflow;
import dev.autograd.kernel.parallel.Workers;
import dev.autograd.kernel.reduce.lanes.Rows;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Layer normalisation of contiguous rows: `y = (x - mean) / sqrt(var + eps) * weight + bias`.
///
/// Ba, Kiros, Hinton, "Layer Normalization", 2016. The variance is the biased one, taken in a
/// second pass.
@SuppressWarnings("cast") // to float; in f64 it does nothing
public final class LayerNorm {
  private static final int GROUP = 64;

  private LayerNorm() {}

  // Twins: f32 as f64.

  /// Normalises `rows` rows of `n` f32 elements and keeps each row's mean and `1 / sqrt(var +
  /// eps)`.
  public static void forward(
      Inflow x,
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
    SweepsF32 p = Sweeps.f32();
    // Adding -0 and multiplying by 1 change nothing.
    float[] w = weight == null ? SweepsF32.filled(n, 1f) : weight;
    int wi = weight == null ? 0 : weightOffset;
    float[] b = bias == null ? SweepsF32.filled(n, -0f) : bias;
    int bi = bias == null ? 0 : biasOffset;
    SweepsF32.Sweep pass = weight == null && bias == null ? p.scale() : p.affine();
    RowWalk.f32(
        x,
        rows,
        n,
        (a, xi, r, scalars) -> {
          float m = f.total(a, xi, n) / n;
          float v = f.totalSquares(a, xi, n, m) / n;
          float s = (float) (1.0 / Math.sqrt(v + eps));
          mean[r] = m;
          rstd[r] = s;
          scalars[0] = m;
          scalars[1] = s;
          SweepsF32.run(pass, n, a, xi, w, wi, b, bi, y, yOffset + r * n, scalars);
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
    boolean parameters = dweight != null || dbias != null;
    int groups = (rows + GROUP - 1) / GROUP;
    float[] parts = new float[parameters ? Math.max(1, groups) * 2 * n : 0];
    float[] w = weight == null ? SweepsF32.filled(n, 1f) : weight;
    int wi = weight == null ? 0 : weightOffset;
    SweepsF32 p = Sweeps.f32();
    Workers.forRange(
        groups,
        Math.max(1, RowWalk.grain(n) / GROUP),
        (from, to) -> {
          float[] scalars = new float[parameters ? SweepsF32.length(n) : SweepsF32.SUMS];
          float[] lanes = new float[2 * RowsF32.LANES];
          int blocks = RowsF32.blocks(n);
          float[] a = new float[blocks];
          float[] b = new float[blocks];
          for (int k = from; k < to; k++) {
            Arrays.fill(scalars, 0f);
            for (int r = k * GROUP; r < Math.min(rows, (k + 1) * GROUP); r++) {
              int gi = gOffset + r * n;
              int xi = xOffset + r * n;
              scalars[0] = mean[r];
              scalars[1] = rstd[r];
              for (int q = 0; dx != null && q < blocks; q++) {
                int i = q * RowsF32.BLOCK;
                int length = Math.min(RowsF32.BLOCK, n - i);
                Arrays.fill(lanes, 0f);
                SweepsF32.run(
                    p.affineSums(), length, g, gi + i, x, xi + i, w, wi + i, lanes, 0, scalars);
                a[q] = RowsF32.fold(lanes, 0);
                b[q] = RowsF32.fold(lanes, RowsF32.LANES);
              }
              if (dx != null) {
                scalars[2] = RowsF32.pairwise(a, blocks) / n;
                scalars[3] = RowsF32.pairwise(b, blocks) / n;
                int di = dxOffset + r * n;
                SweepsF32.run(p.affineGradient(), n, g, gi, x, xi, w, wi, dx, di, scalars);
              }
            }
            if (parameters) {
              // Apart: more arrays at a time than these meet in the first cache.
              for (int r = k * GROUP; r < Math.min(rows, (k + 1) * GROUP); r++) {
                int gi = gOffset + r * n;
                int xi = xOffset + r * n;
                scalars[0] = mean[r];
                scalars[1] = rstd[r];
                SweepsF32.run(p.parameterSums(), n, g, gi, x, xi, x, xi, g, gi, scalars);
              }
              System.arraycopy(scalars, SweepsF32.SUMS, parts, k * 2 * n, n);
              System.arraycopy(scalars, SweepsF32.second(n), parts, (k * 2 + 1) * n, n);
            }
          }
        });
    if (!parameters) {
      return;
    }
    for (int step = 1; step < groups; step *= 2) {
      for (int k = 0; k + step < groups; k += 2 * step) {
        int at = (k + step) * 2 * n;
        SweepsF32.run(p.add(), 2 * n, parts, at, parts, at, parts, at, parts, k * 2 * n, parts);
      }
    }
    if (dweight != null) {
      System.arraycopy(parts, 0, dweight, dweightOffset, n);
    }
    if (dbias != null) {
      System.arraycopy(parts, n, dbias, dbiasOffset, n);
    }
  }

  // End of twins.
}
