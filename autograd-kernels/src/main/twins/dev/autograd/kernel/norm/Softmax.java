package dev.autograd.kernel.norm;

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
/// arguments.
public final class Softmax {
  private static final int CHUNK = 1 << 15;

  private Softmax() {}

  // Twins: f32 as f64.

  /// Computes `y = exp(x) / sum(exp(x))` in f32.
  public static void forward(
      float[] x, int xOffset, int outer, int axis, int inner, float[] y, int yOffset) {
    if (inner != 1) {
      stridedForward(x, xOffset, outer, axis, inner, y, yOffset, false);
      return;
    }
    RowsF32 rows = Rows.f32();
    Workers.forRange(
        outer,
        grain(axis),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int xi = xOffset + r * axis;
            int yi = yOffset + r * axis;
            float s = rows.totalExp(x, xi, axis, rows.max(x, xi, axis), y, yi);
            for (int i = yi; i < yi + axis; i++) {
              y[i] /= s;
            }
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
    RowsF32 rows = Rows.f32();
    Workers.forRange(
        outer,
        grain(axis),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int xi = xOffset + r * axis;
            int yi = yOffset + r * axis;
            float m = rows.max(x, xi, axis);
            float s = FloatLog.log(rows.totalExp(x, xi, axis, m, y, yi));
            for (int i = 0; i < axis; i++) {
              y[yi + i] = (x[xi + i] - m) - s;
            }
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
    if (log) {
      for (int i = 0; i < s.length; i++) {
        s[i] = FloatLog.log(s[i]);
      }
    }
    Workers.forRange(
        outer * axis,
        grain(inner),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int o = r / axis * inner;
            int xi = xOffset + r * inner;
            int yi = yOffset + r * inner;
            if (log) {
              for (int j = 0; j < inner; j++) {
                y[yi + j] = (x[xi + j] - m[o + j]) - s[o + j];
              }
            } else {
              for (int j = 0; j < inner; j++) {
                y[yi + j] /= s[o + j];
              }
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
    if (inner == 1) {
      Workers.forRange(
          outer,
          grain(axis),
          (from, to) -> {
            for (int r = from; r < to; r++) {
              int gi = gOffset + r * axis;
              int yi = yOffset + r * axis;
              int di = dxOffset + r * axis;
              float s = Rows.f32().totalDot(g, gi, y, yi, axis);
              for (int i = 0; i < axis; i++) {
                dx[di + i] = y[yi + i] * (g[gi + i] - s);
              }
            }
          });
      return;
    }
    float[] s = new float[outer * inner];
    for (int i = 0; i < outer * axis * inner; i++) {
      dx[dxOffset + i] = g[gOffset + i] * y[yOffset + i];
    }
    Reduce.sum(dx, dxOffset, Axes.middle(outer, axis, inner), s, 0);
    Workers.forRange(
        outer * axis,
        grain(inner),
        (from, to) -> {
          for (int r = from; r < to; r++) {
            int o = r / axis * inner;
            int at = r * inner;
            for (int j = 0; j < inner; j++) {
              dx[dxOffset + at + j] = y[yOffset + at + j] * (g[gOffset + at + j] - s[o + j]);
            }
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
    float[] s = new float[outer * inner];
    Reduce.sum(g, gOffset, Axes.middle(outer, axis, inner), s, 0);
    int lines = inner == 1 ? outer : outer * axis;
    int length = inner == 1 ? axis : inner;
    Workers.forRange(
        lines,
        grain(length),
        (from, to) -> {
          float[] zero = new float[length];
          for (int r = from; r < to; r++) {
            int at = r * length;
            Rows.f32().exp(y, yOffset + at, length, zero, 0, dx, dxOffset + at);
            if (inner == 1) {
              float t = s[r];
              for (int i = 0; i < length; i++) {
                dx[dxOffset + at + i] = g[gOffset + at + i] - dx[dxOffset + at + i] * t;
              }
            } else {
              int o = r / axis * inner;
              for (int i = 0; i < length; i++) {
                dx[dxOffset + at + i] = g[gOffset + at + i] - dx[dxOffset + at + i] * s[o + i];
              }
            }
          }
        });
  }

  // End of twins.

  private static int grain(int length) {
    return Math.max(1, CHUNK / Math.max(1, length));
  }
}
