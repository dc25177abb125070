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
    if (ShortRowsF32.take(n)) {
      shortForward(x, rows, n, weight, weightOffset, bias, biasOffset, eps, y, yOffset, mean, rstd);
      return;
    }
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

  private static void shortForward(
      Inflow x,
      int count,
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
    ShortRowsF32 p = ShortRows.f32();
    SweepsF32 e = Sweeps.f32();
    int most = Math.min(count, RowWalk.band(n));
    float[] w = weight == null ? null : RowWalk.tiledF32(weight, weightOffset, n, n, most);
    float[] b = bias == null ? null : RowWalk.tiledF32(bias, biasOffset, n, n, most);
    float[] zero = new float[most * n];
    RowWalk.bandsF32(
        x,
        count,
        n,
        (rows, a, at, r, s, t, u) -> {
          int yi = yOffset + r * n;
          int all = rows * n;
          ShortRowsF32.run(p.sum(), rows, n, a, at, a, at, mean, r);
          for (int i = r; i < r + rows; i++) {
            mean[i] /= n;
          }
          ShortRowsF32.run(p.spread(), rows, n, a, at, t, 0, mean, r);
          SweepsF32.run(e.minusEach(), all, a, at, t, 0, zero, 0, u, 0, s);
          ShortRowsF32.run(p.dot(), rows, n, u, 0, u, 0, rstd, r);
          for (int i = r; i < r + rows; i++) {
            rstd[i] = (float) (1.0 / Math.sqrt(rstd[i] / n + eps));
          }
          ShortRowsF32.run(p.spread(), rows, n, a, at, t, 0, rstd, r);
          SweepsF32.run(e.product(), all, u, 0, t, 0, t, 0, y, yi, s);
          if (w != null) {
            SweepsF32.run(e.product(), all, y, yi, w, 0, w, 0, y, yi, s);
          }
          if (b != null) {
            SweepsF32.run(e.add(), all, b, 0, b, 0, b, 0, y, yi, s);
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
    boolean parameters = dweight != null || dbias != null;
    int groups = (rows + GROUP - 1) / GROUP;
    float[] parts = new float[parameters ? Math.max(1, groups) * 2 * n : 0];
    float[] w = weight == null ? SweepsF32.filled(n, 1f) : weight;
    int wi = weight == null ? 0 : weightOffset;
    if (ShortRowsF32.take(n)) {
      shortBackward(g, gOffset, x, xOffset, rows, n, w, wi, mean, rstd, dx, dxOffset, parts);
    } else {
      longBackward(g, gOffset, x, xOffset, rows, n, w, wi, mean, rstd, dx, dxOffset, parts);
    }
    if (!parameters) {
      return;
    }
    SweepsF32.Sweep add = Sweeps.f32().add();
    for (int step = 1; step < groups; step *= 2) {
      for (int k = 0; k + step < groups; k += 2 * step) {
        int at = (k + step) * 2 * n;
        SweepsF32.run(add, 2 * n, parts, at, parts, at, parts, at, parts, k * 2 * n, parts);
      }
    }
    if (dweight != null) {
      System.arraycopy(parts, 0, dweight, dweightOffset, n);
    }
    if (dbias != null) {
      System.arraycopy(parts, n, dbias, dbiasOffset, n);
    }
  }

  /// Computes dx, and unless parts are empty for each group what it adds to dweight and dbias.
  private static void longBackward(
      float[] g,
      int gOffset,
      float[] x,
      int xOffset,
      int rows,
      int n,
      float[] w,
      int wi,
      float[] mean,
      float[] rstd,
      float @Nullable [] dx,
      int dxOffset,
      float[] parts) {
    boolean parameters = parts.length > 0;
    int groups = (rows + GROUP - 1) / GROUP;
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
  }

  /// As [#longBackward], many rows at a time.
  private static void shortBackward(
      float[] g,
      int gOffset,
      float[] x,
      int xOffset,
      int rows,
      int n,
      float[] w,
      int wi,
      float[] mean,
      float[] rstd,
      float @Nullable [] dx,
      int dxOffset,
      float[] parts) {
    boolean parameters = parts.length > 0;
    int groups = (rows + GROUP - 1) / GROUP;
    ShortRowsF32 p = ShortRows.f32();
    SweepsF32 e = Sweeps.f32();
    RowsF32 f = Rows.f32();
    int most = Math.max(1, RowWalk.band(n) / GROUP);
    float[] ws = RowWalk.tiledF32(w, wi, n, n, Math.min(rows, most * GROUP));
    Workers.forRange(
        groups,
        Math.max(1, RowWalk.grain(n) / GROUP),
        (from, to) -> {
          int room = ws.length + RowsF32.LANES;
          float[] hat = new float[room];
          float[] gw = new float[room];
          float[] r = new float[room];
          float[] t = new float[room];
          float[] s = new float[most * GROUP];
          float[] sums = new float[2 * (n + RowsF32.LANES)];
          for (int k = from; k < to; k += most) {
            int first = k * GROUP;
            int count = Math.min(rows, Math.min(to, k + most) * GROUP) - first;
            int all = count * n;
            int gi = gOffset + first * n;
            int xi = xOffset + first * n;
            ShortRowsF32.run(p.spread(), count, n, x, xi, t, 0, mean, first);
            ShortRowsF32.run(p.spread(), count, n, x, xi, r, 0, rstd, first);
            SweepsF32.run(e.weightedEach(), all, x, xi, r, 0, t, 0, hat, 0, s);
            for (int q = 0; parameters && q < count; q += GROUP) {
              int many = Math.min(GROUP, count - q);
              int second = n + RowsF32.LANES;
              Arrays.fill(sums, 0f);
              ShortRowsF32.run(p.columnDots(), many, n, g, gi + q * n, hat, q * n, sums, 0);
              f.sumColumns(g, gi + q * n, n, many, n, sums, second);
              int part = (first + q) / GROUP * 2 * n;
              System.arraycopy(sums, 0, parts, part, n);
              System.arraycopy(sums, second, parts, part + n, n);
            }
            if (dx == null) {
              continue;
            }
            int di = dxOffset + first * n;
            SweepsF32.run(e.product(), all, g, gi, ws, 0, ws, 0, gw, 0, s);
            ShortRowsF32.run(p.dot(), count, n, gw, 0, hat, 0, s, 0);
            for (int i = 0; i < count; i++) {
              s[i] /= n;
            }
            ShortRowsF32.run(p.spread(), count, n, g, gi, t, 0, s, 0);
            SweepsF32.run(e.product(), all, hat, 0, t, 0, t, 0, hat, 0, s);
            ShortRowsF32.run(p.sum(), count, n, gw, 0, gw, 0, s, 0);
            for (int i = 0; i < count; i++) {
              s[i] /= n;
            }
            ShortRowsF32.run(p.spread(), count, n, g, gi, t, 0, s, 0);
            SweepsF32.run(e.minusEach(), all, gw, 0, t, 0, hat, 0, gw, 0, s);
            SweepsF32.run(e.product(), all, gw, 0, r, 0, r, 0, dx, di, s);
          }
        });
  }

  // End of twins.
}
