package dev.autograd.kernel.norm;

import dev.autograd.kernel.Inflow;
import dev.autograd.kernel.math.FloatLog;
import dev.autograd.kernel.reduce.Axes;
import dev.autograd.kernel.reduce.Reduce;
import dev.autograd.kernel.reduce.lanes.Rows;
import dev.autograd.kernel.reduce.lanes.RowsF32;

/// Softmax and its logarithm along the middle axis of contiguous `[outer, axis, inner]` arrays.
///
/// The greatest element is subtracted first, so large values do not overflow. A row that is -inf
/// throughout, or holds NaN or +inf, gives NaN throughout. Results must not share elements with
/// arguments. What is read is entered row by row if `inner` is 1, otherwise all at once.
public final class Softmax {
  private Softmax() {}

  // Twins: f32 as f64.

  /// Computes `y = exp(x) / sum(exp(x))` in f32.
  public static void forward(Inflow x, int outer, int axis, int inner, float[] y, int yOffset) {
    if (inner != 1) {
      strided(x, outer, axis, inner, y, yOffset, false);
      return;
    }
    if (ShortRowsF32.take(axis)) {
      shortForward(x, outer, axis, y, yOffset);
      return;
    }
    RowsF32 f = Rows.f32();
    SweepsF32.Sweep times = Sweeps.f32().times();
    RowWalk.f32(
        x,
        outer,
        axis,
        (a, xi, r, scalars) -> {
          int yi = yOffset + r * axis;
          scalars[0] = 1f / f.totalExp(a, xi, axis, f.greatest(a, xi, axis), y, yi);
          SweepsF32.run(times, axis, y, yi, y, yi, y, yi, y, yi, scalars);
        });
  }

  /// Computes `y = x - log(sum(exp(x)))` in f32.
  public static void logForward(Inflow x, int outer, int axis, int inner, float[] y, int yOffset) {
    if (inner != 1) {
      strided(x, outer, axis, inner, y, yOffset, true);
      return;
    }
    if (ShortRowsF32.take(axis)) {
      shortLogForward(x, outer, axis, y, yOffset);
      return;
    }
    RowsF32 f = Rows.f32();
    SweepsF32.Sweep minus = Sweeps.f32().minus();
    RowWalk.f32(
        x,
        outer,
        axis,
        (a, xi, r, scalars) -> {
          scalars[0] = f.greatest(a, xi, axis);
          scalars[1] = FloatLog.log(f.totalExp(a, xi, axis, scalars[0]));
          SweepsF32.run(minus, axis, a, xi, a, xi, a, xi, y, yOffset + r * axis, scalars);
        });
  }

  /// Finds what takes rows of f32 to the logarithm of their softmax: `(x - max[r]) - log[r]`.
  public static void logNormalizers(Inflow x, int rows, int n, float[] max, float[] log) {
    if (ShortRowsF32.take(n)) {
      shortLogNormalizers(x, rows, n, max, log);
      return;
    }
    RowsF32 f = Rows.f32();
    RowWalk.f32(
        x,
        rows,
        n,
        (a, xi, r, _) -> {
          max[r] = f.greatest(a, xi, n);
          log[r] = FloatLog.log(f.totalExp(a, xi, n, max[r]));
        });
  }

  private static void shortForward(Inflow x, int count, int n, float[] y, int yOffset) {
    RowsF32 f = Rows.f32();
    ShortRowsF32 p = ShortRows.f32();
    SweepsF32.Sweep product = Sweeps.f32().product();
    RowWalk.bandsF32(
        x,
        count,
        n,
        (rows, a, at, r, s, t, _) -> {
          int yi = yOffset + r * n;
          int all = rows * n;
          ShortRowsF32.run(p.greatest(), rows, n, a, at, a, at, s, 0);
          ShortRowsF32.run(p.spread(), rows, n, a, at, t, 0, s, 0);
          f.exp(a, at, all, t, 0, y, yi);
          ShortRowsF32.run(p.sum(), rows, n, y, yi, y, yi, s, 0);
          for (int i = 0; i < rows; i++) {
            s[i] = 1f / s[i];
          }
          ShortRowsF32.run(p.spread(), rows, n, y, yi, t, 0, s, 0);
          SweepsF32.run(product, all, y, yi, t, 0, t, 0, y, yi, s);
        });
  }

  private static void shortLogForward(Inflow x, int count, int n, float[] y, int yOffset) {
    RowsF32 f = Rows.f32();
    ShortRowsF32 p = ShortRows.f32();
    SweepsF32.Sweep minus = Sweeps.f32().minusEach();
    RowWalk.bandsF32(
        x,
        count,
        n,
        (rows, a, at, r, s, t, u) -> {
          int all = rows * n;
          ShortRowsF32.run(p.greatest(), rows, n, a, at, a, at, s, 0);
          ShortRowsF32.run(p.spread(), rows, n, a, at, t, 0, s, 0);
          f.exp(a, at, all, t, 0, u, 0);
          ShortRowsF32.run(p.sum(), rows, n, u, 0, u, 0, s, 0);
          for (int i = 0; i < rows; i++) {
            s[i] = FloatLog.log(s[i]);
          }
          ShortRowsF32.run(p.spread(), rows, n, a, at, u, 0, s, 0);
          SweepsF32.run(minus, all, a, at, t, 0, u, 0, y, yOffset + r * n, s);
        });
  }

  private static void shortLogNormalizers(Inflow x, int count, int n, float[] max, float[] log) {
    RowsF32 f = Rows.f32();
    ShortRowsF32 p = ShortRows.f32();
    RowWalk.bandsF32(
        x,
        count,
        n,
        (rows, a, at, r, _, t, u) -> {
          ShortRowsF32.run(p.greatest(), rows, n, a, at, a, at, max, r);
          ShortRowsF32.run(p.spread(), rows, n, a, at, t, 0, max, r);
          f.exp(a, at, rows * n, t, 0, u, 0);
          ShortRowsF32.run(p.sum(), rows, n, u, 0, u, 0, log, r);
          for (int i = r; i < r + rows; i++) {
            log[i] = FloatLog.log(log[i]);
          }
        });
  }

  private static void strided(
      Inflow all, int outer, int axis, int inner, float[] y, int yOffset, boolean log) {
    Inflow.Window window = all.window(outer * axis * inner);
    float[] x = (float[]) window.array();
    int xOffset = window.at(0, outer * axis * inner, 0);
    float[] m = new float[outer * inner];
    float[] s = new float[outer * inner];
    Axes axes = Axes.middle(outer, axis, inner);
    Reduce.max(x, xOffset, axes, m, 0);
    RowsF32 f = Rows.f32();
    int tile = RowWalk.tile(axis, inner);
    float[] ms = RowWalk.tiledF32(m, 0, m.length, inner, tile);
    RowWalk.slices(
        outer, axis, inner, tile, (n, at, o) -> f.exp(x, xOffset + at, n, ms, o, y, yOffset + at));
    Reduce.sum(y, yOffset, axes, s, 0);
    for (int i = 0; i < s.length; i++) {
      s[i] = log ? FloatLog.log(s[i]) : 1f / s[i];
    }
    SweepsF32 p = Sweeps.f32();
    float[] ss = RowWalk.tiledF32(s, 0, s.length, inner, tile);
    RowWalk.slices(
        outer,
        axis,
        inner,
        tile,
        (n, at, o) -> {
          int xi = xOffset + at;
          int yi = yOffset + at;
          if (log) {
            SweepsF32.run(p.minusEach(), n, x, xi, ms, o, ss, o, y, yi, s);
          } else {
            SweepsF32.run(p.product(), n, y, yi, ss, o, ss, o, y, yi, s);
          }
        });
  }

  /// Computes `dx = y (g - sum(g y))` in f32 from the result y of [#forward].
  public static void backward(
      Inflow g, float[] y, int yOffset, int outer, int axis, int inner, float[] dx, int dxOffset) {
    if (inner != 1) {
      stridedBackward(g, y, yOffset, outer, axis, inner, dx, dxOffset);
      return;
    }
    if (ShortRowsF32.take(axis)) {
      shortBackward(g, y, yOffset, outer, axis, dx, dxOffset);
      return;
    }
    RowsF32 f = Rows.f32();
    SweepsF32.Sweep weighted = Sweeps.f32().weighted();
    RowWalk.f32(
        g,
        outer,
        axis,
        (a, gi, r, scalars) -> {
          int yi = yOffset + r * axis;
          int di = dxOffset + r * axis;
          scalars[0] = f.totalDot(a, gi, y, yi, axis);
          SweepsF32.run(weighted, axis, a, gi, y, yi, y, yi, dx, di, scalars);
        });
  }

  private static void shortBackward(
      Inflow g, float[] y, int yOffset, int count, int n, float[] dx, int dxOffset) {
    ShortRowsF32 p = ShortRows.f32();
    SweepsF32.Sweep weighted = Sweeps.f32().weightedEach();
    RowWalk.bandsF32(
        g,
        count,
        n,
        (rows, a, at, r, s, t, _) -> {
          int yi = yOffset + r * n;
          ShortRowsF32.run(p.dot(), rows, n, a, at, y, yi, s, 0);
          ShortRowsF32.run(p.spread(), rows, n, a, at, t, 0, s, 0);
          SweepsF32.run(weighted, rows * n, a, at, y, yi, t, 0, dx, dxOffset + r * n, s);
        });
  }

  private static void shortLogBackward(
      Inflow g, float[] y, int yOffset, int count, int n, float[] dx, int dxOffset) {
    ShortRowsF32 p = ShortRows.f32();
    SweepsF32.Sweep rest = Sweeps.f32().restEach();
    RowWalk.bandsF32(
        g,
        count,
        n,
        (rows, a, at, r, s, t, _) -> {
          ShortRowsF32.run(p.sum(), rows, n, a, at, a, at, s, 0);
          ShortRowsF32.run(p.spread(), rows, n, a, at, t, 0, s, 0);
          int yi = yOffset + r * n;
          SweepsF32.run(rest, rows * n, a, at, y, yi, t, 0, dx, dxOffset + r * n, s);
        });
  }

  private static void stridedBackward(
      Inflow all,
      float[] y,
      int yOffset,
      int outer,
      int axis,
      int inner,
      float[] dx,
      int dxOffset) {
    Inflow.Window window = all.window(outer * axis * inner);
    float[] g = (float[]) window.array();
    int gOffset = window.at(0, outer * axis * inner, 0);
    SweepsF32 p = Sweeps.f32();
    float[] s = new float[outer * inner];
    int tile = RowWalk.tile(axis, inner);
    RowWalk.slices(
        outer,
        axis,
        inner,
        tile,
        (n, at, _) -> {
          int yi = yOffset + at;
          SweepsF32.run(p.product(), n, g, gOffset + at, y, yi, y, yi, dx, dxOffset + at, s);
        });
    Reduce.sum(dx, dxOffset, Axes.middle(outer, axis, inner), s, 0);
    float[] ss = RowWalk.tiledF32(s, 0, s.length, inner, tile);
    RowWalk.slices(
        outer,
        axis,
        inner,
        tile,
        (n, at, o) -> {
          int gi = gOffset + at;
          int di = dxOffset + at;
          SweepsF32.run(p.weightedEach(), n, g, gi, y, yOffset + at, ss, o, dx, di, s);
        });
  }

  /// Computes `dx = g - exp(y) sum(g)` in f32 from the result y of [#logForward].
  public static void logBackward(
      Inflow g, float[] y, int yOffset, int outer, int axis, int inner, float[] dx, int dxOffset) {
    SweepsF32 p = Sweeps.f32();
    if (inner != 1) {
      Inflow.Window window = g.window(outer * axis * inner);
      float[] a = (float[]) window.array();
      int gOffset = window.at(0, outer * axis * inner, 0);
      float[] s = new float[outer * inner];
      Reduce.sum(a, gOffset, Axes.middle(outer, axis, inner), s, 0);
      int tile = RowWalk.tile(axis, inner);
      float[] ss = RowWalk.tiledF32(s, 0, s.length, inner, tile);
      RowWalk.slices(
          outer,
          axis,
          inner,
          tile,
          (n, at, o) -> {
            int gi = gOffset + at;
            int di = dxOffset + at;
            SweepsF32.run(p.restEach(), n, a, gi, y, yOffset + at, ss, o, dx, di, s);
          });
      return;
    }
    if (ShortRowsF32.take(axis)) {
      shortLogBackward(g, y, yOffset, outer, axis, dx, dxOffset);
      return;
    }
    RowsF32 f = Rows.f32();
    RowWalk.f32(
        g,
        outer,
        axis,
        (a, gi, r, scalars) -> {
          int yi = yOffset + r * axis;
          int di = dxOffset + r * axis;
          scalars[0] = f.total(a, gi, axis);
          SweepsF32.run(p.rest(), axis, a, gi, y, yi, y, yi, dx, di, scalars);
        });
  }

  // End of twins.
}
