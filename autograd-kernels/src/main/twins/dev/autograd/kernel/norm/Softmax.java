package dev.autograd.kernel.norm;

import dev.autograd.kernel.Inflow;
import dev.autograd.kernel.math.FloatLog;
import dev.autograd.kernel.parallel.Workers;
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
    slices(outer, axis, inner, (at, o) -> f.exp(x, xOffset + at, inner, m, o, y, yOffset + at));
    Reduce.sum(y, yOffset, axes, s, 0);
    for (int i = 0; i < s.length; i++) {
      s[i] = log ? FloatLog.log(s[i]) : 1f / s[i];
    }
    SweepsF32 p = Sweeps.f32();
    // Negative zeros change nothing they are added to.
    float[] nothing = SweepsF32.filled(inner, -0f);
    float[] scalars = {0f, 1f};
    slices(
        outer,
        axis,
        inner,
        (at, o) -> {
          int xi = xOffset + at;
          int yi = yOffset + at;
          if (log) {
            SweepsF32.run(p.minusEach(), inner, x, xi, m, o, s, o, y, yi, scalars);
          } else {
            SweepsF32.run(p.affine(), inner, y, yi, s, o, nothing, 0, y, yi, scalars);
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
    // Negative zeros change nothing they are added to.
    float[] nothing = SweepsF32.filled(inner, -0f);
    float[] scalars = {0f, 1f};
    slices(
        outer,
        axis,
        inner,
        (at, _) -> {
          int gi = gOffset + at;
          int di = dxOffset + at;
          SweepsF32.run(p.affine(), inner, g, gi, y, yOffset + at, nothing, 0, dx, di, scalars);
        });
    Reduce.sum(dx, dxOffset, Axes.middle(outer, axis, inner), s, 0);
    slices(
        outer,
        axis,
        inner,
        (at, o) -> {
          int gi = gOffset + at;
          int di = dxOffset + at;
          SweepsF32.run(p.weightedEach(), inner, g, gi, y, yOffset + at, s, o, dx, di, s);
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
      slices(
          outer,
          axis,
          inner,
          (at, o) -> {
            int gi = gOffset + at;
            int di = dxOffset + at;
            SweepsF32.run(p.restEach(), inner, a, gi, y, yOffset + at, s, o, dx, di, s);
          });
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

  /// Hands every slice of `inner` elements over.
  private static void slices(int outer, int axis, int inner, Slice slice) {
    Workers.forRange(
        outer * axis,
        RowWalk.grain(inner),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            slice.take(r * inner, r / axis * inner);
          }
        });
  }

  /// What is done with a slice.
  @FunctionalInterface
  private interface Slice {
    /// Takes the slice from `at` on, for whose elements there are results along the axis from `o`
    /// on.
    void take(int at, int o);
  }
}
