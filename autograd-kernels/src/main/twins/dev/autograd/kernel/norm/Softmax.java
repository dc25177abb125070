package dev.autograd.kernel.norm;

import dev.autograd.kernel.Inflow;
import dev.autograd.kernel.math.FloatLog;
import dev.autograd.kernel.parallel.Workers;
import dev.autograd.kernel.reduce.Axes;
import dev.autograd.kernel.reduce.Reduce;
import dev.autograd.kernel.reduce.lanes.Rows;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import java.util.Arrays;

/// Softmax and its logarithm along the middle axis of contiguous `[outer, axis, inner]` arrays.
///
/// The greatest element is subtracted first, so large values do not overflow. A row that is -inf
/// throughout, or holds NaN or +inf, gives NaN throughout. Results must not share elements with
/// arguments.
public final class Softmax {
  private static final int CHUNK = 1 << 15;

  /// About how many elements are asked for at a time.
  private static final int ENTERED = 4096;

  private Softmax() {}

  // Twins: f32 as f64.

  /// Computes `y = exp(x) / sum(exp(x))` in f32.
  public static void forward(
      float[] x, int xOffset, int outer, int axis, int inner, float[] y, int yOffset) {
    if (inner != 1) {
      stridedForward(x, xOffset, outer, axis, inner, y, yOffset, false);
      return;
    }
    forward(Inflow.of(x, xOffset), outer, axis, y, yOffset);
  }

  /// Computes `y = exp(x) / sum(exp(x))` of f32 rows of `n` elements.
  public static void forward(Inflow x, int count, int n, float[] y, int yOffset) {
    RowsF32 rows = Rows.f32();
    SweepsF32 p = Sweeps.f32();
    int axis = n;
    Workers.forRange(
        count,
        grain(axis),
        (from, to) -> {
          float[] scalars = new float[1];
          int group = group(axis);
          Inflow.Window window = x.window(Math.min(group, to - from) * axis);
          float[] a = (float[]) window.array();
          int xi = 0;
          for (int r = from; r < to; r++, xi += axis) {
            if ((r - from) % group == 0) {
              xi = window.at(r * axis, Math.min(group, to - r) * axis, 0);
            }
            int yi = yOffset + r * axis;
            scalars[0] = 1f / rows.totalExp(a, xi, axis, rows.greatest(a, xi, axis), y, yi);
            SweepsF32.run(p.times(), axis, y, yi, y, yi, y, yi, y, yi, scalars);
          }
        });
  }

  /// Computes `y = x - log(sum(exp(x)))` in f32.
  public static void logForward(
      float[] x, int xOffset, int outer, int axis, int inner, float[] y, int yOffset) {
    if (inner != 1) {
      stridedForward(x, xOffset, outer, axis, inner, y, yOffset, true);
      return;
    }
    logForward(Inflow.of(x, xOffset), outer, axis, y, yOffset);
  }

  /// Computes `y = x - log(sum(exp(x)))` of f32 rows of `n` elements.
  public static void logForward(Inflow x, int count, int n, float[] y, int yOffset) {
    RowsF32 rows = Rows.f32();
    SweepsF32 p = Sweeps.f32();
    int axis = n;
    Workers.forRange(
        count,
        grain(axis),
        (from, to) -> {
          float[] scalars = new float[2];
          int group = group(axis);
          Inflow.Window window = x.window(Math.min(group, to - from) * axis);
          float[] a = (float[]) window.array();
          int xi = 0;
          for (int r = from; r < to; r++, xi += axis) {
            if ((r - from) % group == 0) {
              xi = window.at(r * axis, Math.min(group, to - r) * axis, 0);
            }
            int yi = yOffset + r * axis;
            scalars[0] = rows.greatest(a, xi, axis);
            scalars[1] = FloatLog.log(rows.totalExp(a, xi, axis, scalars[0]));
            SweepsF32.run(p.minus(), axis, a, xi, a, xi, a, xi, y, yi, scalars);
          }
        });
  }

  /// Finds what takes rows of f32 to the logarithm of their softmax: `(x - max[r]) - log[r]`.
  public static void logNormalizers(
      float[] x, int xOffset, int rows, int n, float[] max, float[] log) {
    logNormalizers(Inflow.of(x, xOffset), rows, n, max, log);
  }

  /// Finds what takes rows of f32 to the logarithm of their softmax: `(x - max[r]) - log[r]`.
  public static void logNormalizers(Inflow x, int rows, int n, float[] max, float[] log) {
    RowsF32 f = Rows.f32();
    Workers.forRange(
        rows,
        grain(n),
        (from, to) -> {
          int group = group(n);
          Inflow.Window window = x.window(Math.min(group, to - from) * n);
          float[] a = (float[]) window.array();
          int xi = 0;
          for (int r = from; r < to; r++, xi += n) {
            if ((r - from) % group == 0) {
              xi = window.at(r * n, Math.min(group, to - r) * n, 0);
            }
            max[r] = f.greatest(a, xi, n);
            log[r] = FloatLog.log(f.totalExp(a, xi, n, max[r]));
          }
        });
  }

  private static void stridedForward(
      float[] x, int xOffset, int outer, int axis, int inner, float[] y, int yOffset, boolean log) {
    float[] m = new float[outer * inner];
    float[] s = new float[outer * inner];
    Axes axes = Axes.middle(outer, axis, inner);
    Reduce.max(x, xOffset, axes, m, 0);
    Workers.forRange(
        outer * axis,
        grain(inner),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int o = r / axis * inner;
            Rows.f32().exp(x, xOffset + r * inner, inner, m, o, y, yOffset + r * inner);
          }
        });
    Reduce.sum(y, yOffset, axes, s, 0);
    for (int i = 0; i < s.length; i++) {
      s[i] = log ? FloatLog.log(s[i]) : 1f / s[i];
    }
    // Negative zeros change nothing they are added to.
    float[] nothing = log ? m : filled(new float[inner], -0f);
    SweepsF32 p = Sweeps.f32();
    Workers.forRange(
        outer * axis,
        grain(inner),
        (from, to) -> {
          float[] scalars = {0f, 1f};
          for (int r = from; r < to; r++) {
            int o = r / axis * inner;
            int xi = xOffset + r * inner;
            int yi = yOffset + r * inner;
            if (log) {
              SweepsF32.run(p.minusEach(), inner, x, xi, m, o, s, o, y, yi, scalars);
            } else {
              SweepsF32.run(p.affine(), inner, y, yi, s, o, nothing, 0, y, yi, scalars);
            }
          }
        });
  }

  /// Computes `dx = y (g - sum(g y))` in f32 from the result y of [#forward].
  public static void backward(
      float[] g,
      int gOffset,
      float[] y,
      int yOffset,
      int outer,
      int axis,
      int inner,
      float[] dx,
      int dxOffset) {
    SweepsF32 p = Sweeps.f32();
    if (inner == 1) {
      backward(Inflow.of(g, gOffset), y, yOffset, outer, axis, dx, dxOffset);
      return;
    }
    float[] s = new float[outer * inner];
    // Negative zeros change nothing they are added to.
    float[] nothing = filled(new float[inner], -0f);
    Workers.forRange(
        outer * axis,
        grain(inner),
        (from, to) -> {
          float[] scalars = {0f, 1f};
          for (int r = from; r < to; r++) {
            int at = r * inner;
            SweepsF32.run(
                p.affine(),
                inner,
                g,
                gOffset + at,
                y,
                yOffset + at,
                nothing,
                0,
                dx,
                dxOffset + at,
                scalars);
          }
        });
    Reduce.sum(dx, dxOffset, Axes.middle(outer, axis, inner), s, 0);
    Workers.forRange(
        outer * axis,
        grain(inner),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int at = r * inner;
            int o = r / axis * inner;
            SweepsF32.run(
                p.weightedEach(),
                inner,
                g,
                gOffset + at,
                y,
                yOffset + at,
                s,
                o,
                dx,
                dxOffset + at,
                s);
          }
        });
  }

  /// Computes `dx = y (g - sum(g y))` of f32 rows of `n` elements.
  public static void backward(
      Inflow g, float[] y, int yOffset, int count, int n, float[] dx, int dxOffset) {
    RowsF32 rows = Rows.f32();
    SweepsF32 p = Sweeps.f32();
    Workers.forRange(
        count,
        grain(n),
        (from, to) -> {
          float[] scalars = new float[1];
          int group = group(n);
          Inflow.Window window = g.window(Math.min(group, to - from) * n);
          float[] a = (float[]) window.array();
          int gi = 0;
          for (int r = from; r < to; r++, gi += n) {
            if ((r - from) % group == 0) {
              gi = window.at(r * n, Math.min(group, to - r) * n, 0);
            }
            int yi = yOffset + r * n;
            int di = dxOffset + r * n;
            scalars[0] = rows.totalDot(a, gi, y, yi, n);
            SweepsF32.run(p.weighted(), n, a, gi, y, yi, y, yi, dx, di, scalars);
          }
        });
  }

  /// Computes `dx = g - exp(y) sum(g)` in f32 from the result y of [#logForward].
  public static void logBackward(
      float[] g,
      int gOffset,
      float[] y,
      int yOffset,
      int outer,
      int axis,
      int inner,
      float[] dx,
      int dxOffset) {
    SweepsF32 p = Sweeps.f32();
    if (inner == 1) {
      logBackward(Inflow.of(g, gOffset), y, yOffset, outer, axis, dx, dxOffset);
      return;
    }
    float[] s = new float[outer * inner];
    Reduce.sum(g, gOffset, Axes.middle(outer, axis, inner), s, 0);
    Workers.forRange(
        outer * axis,
        grain(inner),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int at = r * inner;
            int o = r / axis * inner;
            SweepsF32.run(
                p.restEach(), inner, g, gOffset + at, y, yOffset + at, s, o, dx, dxOffset + at, s);
          }
        });
  }

  /// Computes `dx = g - exp(y) sum(g)` of f32 rows of `n` elements.
  public static void logBackward(
      Inflow g, float[] y, int yOffset, int count, int n, float[] dx, int dxOffset) {
    RowsF32 rows = Rows.f32();
    SweepsF32 p = Sweeps.f32();
    Workers.forRange(
        count,
        grain(n),
        (from, to) -> {
          float[] scalars = new float[1];
          int group = group(n);
          Inflow.Window window = g.window(Math.min(group, to - from) * n);
          float[] a = (float[]) window.array();
          int gi = 0;
          for (int r = from; r < to; r++, gi += n) {
            if ((r - from) % group == 0) {
              gi = window.at(r * n, Math.min(group, to - r) * n, 0);
            }
            int yi = yOffset + r * n;
            int di = dxOffset + r * n;
            scalars[0] = rows.total(a, gi, n);
            SweepsF32.run(p.rest(), n, a, gi, y, yi, y, yi, dx, di, scalars);
          }
        });
  }

  private static float[] filled(float[] x, float value) {
    Arrays.fill(x, value);
    return x;
  }

  // End of twins.

  private static int group(int length) {
    return Math.max(1, ENTERED / Math.max(1, length));
  }

  private static int grain(int length) {
    return Math.max(1, CHUNK / Math.max(1, length));
  }
}
