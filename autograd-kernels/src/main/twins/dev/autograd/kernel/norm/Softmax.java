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
    forward(x, outer, axis, inner, y, yOffset, false);
  }

  /// Computes `y = x - log(sum(exp(x)))` in f32.
  public static void logForward(Inflow x, int outer, int axis, int inner, float[] y, int yOffset) {
    forward(x, outer, axis, inner, y, yOffset, true);
  }

  private static void forward(
      Inflow x, int outer, int axis, int inner, float[] y, int yOffset, boolean log) {
    if (inner != 1) {
      strided(x, outer, axis, inner, y, yOffset, log);
      return;
    }
    RowsF32 f = Rows.f32();
    SweepsF32 p = Sweeps.f32();
    if (ShortRowsF32.take(outer, axis)) {
      ShortRowsF32 q = ShortRows.f32();
      RowWalk.bandsF32(
          x,
          outer,
          axis,
          (rows, a, at, r, room) -> {
            int all = rows * axis;
            int yi = yOffset + r * axis;
            float[] s = room.s;
            float[] t = room.t;
            float[] u = room.u;
            exponentials(f, q, rows, axis, a, at, s, 0, s, rows, room);
            for (int i = rows; i < 2 * rows; i++) {
              s[i] = log ? FloatLog.log(s[i]) : 1f / s[i];
            }
            ShortRowsF32.run(q.spread(), rows, axis, a, at, a, at, log ? u : t, 0, s, rows);
            if (log) {
              SweepsF32.run(p.minusEach(), all, a, at, t, 0, u, 0, y, yi, s);
            } else {
              SweepsF32.run(p.product(), all, u, 0, t, 0, t, 0, y, yi, s);
            }
          });
      return;
    }
    RowWalk.f32(
        x,
        outer,
        axis,
        (a, xi, r, scalars) -> {
          int yi = yOffset + r * axis;
          scalars[0] = f.greatest(a, xi, axis);
          if (log) {
            scalars[1] = FloatLog.log(f.totalExp(a, xi, axis, scalars[0]));
            SweepsF32.run(p.minus(), axis, a, xi, a, xi, a, xi, y, yi, scalars);
          } else {
            scalars[0] = 1f / f.totalExp(a, xi, axis, scalars[0], y, yi);
            SweepsF32.run(p.times(), axis, y, yi, y, yi, y, yi, y, yi, scalars);
          }
        });
  }

  /// Finds what takes rows of f32 to the logarithm of their softmax: `(x - max[r]) - log[r]`.
  public static void logNormalizers(Inflow x, int rows, int n, float[] max, float[] log) {
    RowsF32 f = Rows.f32();
    if (ShortRowsF32.take(rows, n)) {
      ShortRowsF32 p = ShortRows.f32();
      RowWalk.bandsF32(
          x,
          rows,
          n,
          (count, a, at, r, room) -> {
            exponentials(f, p, count, n, a, at, max, r, log, r, room);
            for (int i = r; i < r + count; i++) {
              log[i] = FloatLog.log(log[i]);
            }
          });
      return;
    }
    RowWalk.f32(
        x,
        rows,
        n,
        (a, xi, r, _) -> {
          max[r] = f.greatest(a, xi, n);
          log[r] = FloatLog.log(f.totalExp(a, xi, n, max[r]));
        });
  }

  /// Finds the greatest elements of short rows and the sums of what `exp(x - max)` is; the room's t
  /// is then the greatest of each element's row, u the exponentials.
  private static void exponentials(
      RowsF32 f,
      ShortRowsF32 p,
      int rows,
      int n,
      float[] x,
      int xi,
      float[] max,
      int maxAt,
      float[] sum,
      int sumAt,
      RowWalk.RoomF32 room) {
    ShortRowsF32.run(p.greatest(), rows, n, x, xi, x, xi, room.t, 0, max, maxAt);
    ShortRowsF32.run(p.spread(), rows, n, x, xi, x, xi, room.t, 0, max, maxAt);
    f.exp(x, xi, rows * n, room.t, 0, room.u, 0);
    room.sum(rows, n, room.u, 0, sum, sumAt);
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
    backward(g, y, yOffset, outer, axis, inner, dx, dxOffset, false);
  }

  /// Computes `dx = g - exp(y) sum(g)` in f32 from the result y of [#logForward].
  public static void logBackward(
      Inflow g, float[] y, int yOffset, int outer, int axis, int inner, float[] dx, int dxOffset) {
    backward(g, y, yOffset, outer, axis, inner, dx, dxOffset, true);
  }

  private static void backward(
      Inflow g,
      float[] y,
      int yOffset,
      int outer,
      int axis,
      int inner,
      float[] dx,
      int dxOffset,
      boolean log) {
    if (inner != 1) {
      stridedBackward(g, y, yOffset, outer, axis, inner, dx, dxOffset, log);
      return;
    }
    RowsF32 f = Rows.f32();
    SweepsF32 p = Sweeps.f32();
    if (ShortRowsF32.take(outer, axis)) {
      ShortRowsF32 q = ShortRows.f32();
      SweepsF32.Sweep last = log ? p.restEach() : p.weightedEach();
      RowWalk.bandsF32(
          g,
          outer,
          axis,
          (rows, a, gi, r, room) -> {
            int yi = yOffset + r * axis;
            int di = dxOffset + r * axis;
            float[] s = room.s;
            float[] t = room.t;
            if (log) {
              room.sum(rows, axis, a, gi, 0);
            } else {
              room.dot(rows, axis, a, gi, y, yi, 0);
            }
            ShortRowsF32.run(q.spread(), rows, axis, a, gi, a, gi, t, 0, s, 0);
            SweepsF32.run(last, rows * axis, a, gi, y, yi, t, 0, dx, di, s);
          });
      return;
    }
    SweepsF32.Sweep last = log ? p.rest() : p.weighted();
    RowWalk.f32(
        g,
        outer,
        axis,
        (a, gi, r, scalars) -> {
          int yi = yOffset + r * axis;
          int di = dxOffset + r * axis;
          scalars[0] = log ? f.total(a, gi, axis) : f.totalDot(a, gi, y, yi, axis);
          SweepsF32.run(last, axis, a, gi, y, yi, y, yi, dx, di, scalars);
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
      int dxOffset,
      boolean log) {
    Inflow.Window window = all.window(outer * axis * inner);
    float[] g = (float[]) window.array();
    int gOffset = window.at(0, outer * axis * inner, 0);
    SweepsF32 p = Sweeps.f32();
    float[] s = new float[outer * inner];
    int tile = RowWalk.tile(axis, inner);
    if (!log) {
      RowWalk.slices(
          outer,
          axis,
          inner,
          tile,
          (n, at, _) -> {
            int yi = yOffset + at;
            SweepsF32.run(p.product(), n, g, gOffset + at, y, yi, y, yi, dx, dxOffset + at, s);
          });
    }
    Axes axes = Axes.middle(outer, axis, inner);
    Reduce.sum(log ? g : dx, log ? gOffset : dxOffset, axes, s, 0);
    float[] ss = RowWalk.tiledF32(s, 0, s.length, inner, tile);
    SweepsF32.Sweep last = log ? p.restEach() : p.weightedEach();
    RowWalk.slices(
        outer,
        axis,
        inner,
        tile,
        (n, at, o) -> {
          int gi = gOffset + at;
          int di = dxOffset + at;
          SweepsF32.run(last, n, g, gi, y, yOffset + at, ss, o, dx, di, s);
        });
  }

  // End of twins.
}
