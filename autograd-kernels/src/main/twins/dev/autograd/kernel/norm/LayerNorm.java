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
    if (ShortRowsF32.take(rows, n)) {
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
    int most = RowWalk.bandF32(count, n);
    float[] w = weight == null ? null : RowWalk.tiledF32(weight, weightOffset, n, n, most);
    float[] b = bias == null ? null : RowWalk.tiledF32(bias, biasOffset, n, n, most);
    RowWalk.bandsF32(
        x,
        count,
        n,
        (rows, a, at, r, room) -> {
          int yi = yOffset + r * n;
          int all = rows * n;
          float[] s = room.s;
          float[] t = room.t;
          room.sum(rows, n, a, at, 0);
          for (int i = 0; i < rows; i++) {
            s[i] /= n;
          }
          System.arraycopy(s, 0, mean, r, rows);
          Arrays.fill(s, rows, 2 * rows, 1f);
          ShortRowsF32.run(p.scale(), rows, n, a, at, a, at, t, 0, s, 0);
          room.dot(rows, n, t, 0, t, 0, rows);
          for (int i = rows; i < 2 * rows; i++) {
            s[i] = (float) (1.0 / Math.sqrt(s[i] / n + eps));
          }
          System.arraycopy(s, rows, rstd, r, rows);
          ShortRowsF32.run(p.scale(), rows, n, a, at, a, at, y, yi, s, 0);
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
    int groups = (rows + RowWalk.GROUP - 1) / RowWalk.GROUP;
    float[] parts = new float[parameters ? Math.max(1, groups) * pitchF32(n) : 0];
    float[] w = weight == null ? SweepsF32.filled(n, 1f) : weight;
    int wi = weight == null ? 0 : weightOffset;
    if (ShortRowsF32.take(rows, n)) {
      shortBackward(g, gOffset, x, xOffset, rows, n, w, wi, mean, rstd, dx, dxOffset, parts);
    } else {
      longBackward(g, gOffset, x, xOffset, rows, n, w, wi, mean, rstd, dx, dxOffset, parts);
    }
    if (!parameters) {
      return;
    }
    RowWalk.pairwiseF32(parts, groups, pitchF32(n), 2 * n);
    if (dweight != null) {
      System.arraycopy(parts, n, dweight, dweightOffset, n);
    }
    if (dbias != null) {
      System.arraycopy(parts, 0, dbias, dbiasOffset, n);
    }
  }

  /// Returns how far apart the parts of groups lie: what they add to dbias and to dweight, and what
  /// vectors write after that.
  private static int pitchF32(int n) {
    return 2 * n + RowsF32.LANES;
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
    int groups = (rows + RowWalk.GROUP - 1) / RowWalk.GROUP;
    SweepsF32 p = Sweeps.f32();
    Workers.forRange(
        groups,
        Math.max(1, RowWalk.grain(n) / RowWalk.GROUP),
        (from, to) -> {
          float[] scalars = new float[parameters ? SweepsF32.length(n) : SweepsF32.SUMS];
          float[] lanes = new float[2 * RowsF32.LANES];
          int blocks = RowsF32.blocks(n);
          float[] a = new float[blocks];
          float[] b = new float[blocks];
          for (int k = from; k < to; k++) {
            Arrays.fill(scalars, 0f);
            for (int r = k * RowWalk.GROUP; r < Math.min(rows, (k + 1) * RowWalk.GROUP); r++) {
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
              for (int r = k * RowWalk.GROUP; r < Math.min(rows, (k + 1) * RowWalk.GROUP); r++) {
                int gi = gOffset + r * n;
                int xi = xOffset + r * n;
                scalars[0] = mean[r];
                scalars[1] = rstd[r];
                SweepsF32.run(p.parameterSums(), n, g, gi, x, xi, x, xi, g, gi, scalars);
              }
              int at = k * pitchF32(n);
              System.arraycopy(scalars, SweepsF32.second(n), parts, at, n);
              System.arraycopy(scalars, SweepsF32.SUMS, parts, at + n, n);
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
      int count,
      int n,
      float[] w,
      int wi,
      float[] mean,
      float[] rstd,
      float @Nullable [] dx,
      int dxOffset,
      float[] parts) {
    boolean parameters = parts.length > 0;
    ShortRowsF32 p = ShortRows.f32();
    SweepsF32 e = Sweeps.f32();
    RowsF32 f = Rows.f32();
    float[] ws = RowWalk.tiledF32(w, wi, n, n, RowWalk.bandF32(count, n));
    RowWalk.bandsF32(
        Inflow.of(g, gOffset),
        count,
        n,
        (rows, a, gi, r, room) -> {
          int xi = xOffset + r * n;
          float[] s = room.s;
          float[] t = room.t;
          float[] hat = room.u;
          System.arraycopy(mean, r, s, 0, rows);
          System.arraycopy(rstd, r, s, rows, rows);
          ShortRowsF32.run(p.scale(), rows, n, x, xi, x, xi, hat, 0, s, 0);
          if (parameters) {
            int at = r / RowWalk.GROUP * pitchF32(n);
            f.sumColumns(a, gi, n, rows, n, parts, at);
            ShortRowsF32.run(p.columnDots(), rows, n, a, gi, hat, 0, parts, at + n, s, 0);
          }
          if (dx != null) {
            System.arraycopy(rstd, r, s, 2 * rows, rows);
            SweepsF32.run(e.product(), rows * n, a, gi, ws, 0, ws, 0, t, 0, s);
            room.sum(rows, n, t, 0, 0);
            room.dot(rows, n, t, 0, hat, 0, rows);
            for (int i = 0; i < 2 * rows; i++) {
              s[i] /= n;
            }
            int di = dxOffset + r * n;
            ShortRowsF32.run(p.gradient(), rows, n, t, 0, hat, 0, dx, di, s, 0);
          }
        });
  }

  // End of twins.
}
