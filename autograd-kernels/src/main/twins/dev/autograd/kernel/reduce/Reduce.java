package dev.autograd.kernel.reduce;

import dev.autograd.kernel.Inflow;
import dev.autograd.kernel.math.FloatLog;
import dev.autograd.kernel.reduce.lanes.Rows;

/// Reductions of floating-point arrays over any axes; see [IntegerReduce] for integers.
///
/// Every method writes [Axes#outputs()] contiguous results at `yOffset`. Sums keep the order of
/// Note [Order of a sum], so their error grows with the logarithm of the number of blocks and their
/// bits depend on the sequence of values alone.
@SuppressWarnings("cast") // to float; in f64 it does nothing
public final class Reduce {
  private Reduce() {}

  // Twins: f32 as f64.

  /// Sums f32 sequences; an empty one gives 0.
  public static void sum(float[] x, int xOffset, Axes axes, float[] y, int yOffset) {
    sum(Inflow.of(x, xOffset), axes, y, yOffset);
  }

  /// Sums f32 sequences; an empty one gives 0.
  public static void sum(Inflow x, Axes axes, float[] y, int yOffset) {
    FoldF32.run(Rows.f32(), FoldF32.Kind.SUM, x, axes, null, 0, y, yOffset);
  }

  /// Averages f32 sequences; an empty one gives NaN.
  public static void mean(float[] x, int xOffset, Axes axes, float[] y, int yOffset) {
    mean(Inflow.of(x, xOffset), axes, y, yOffset);
  }

  /// Averages f32 sequences; an empty one gives NaN.
  public static void mean(Inflow x, Axes axes, float[] y, int yOffset) {
    sum(x, axes, y, yOffset);
    float n = axes.length();
    for (int o = 0; o < axes.outputs(); o++) {
      y[yOffset + o] /= n;
    }
  }

  /// Multiplies f32 sequences; an empty one gives 1.
  public static void prod(float[] x, int xOffset, Axes axes, float[] y, int yOffset) {
    FoldF32.run(Rows.f32(), FoldF32.Kind.PROD, Inflow.of(x, xOffset), axes, null, 0, y, yOffset);
  }

  /// Takes the greatest f32 element, NaN if there is one; an empty sequence gives -inf.
  public static void max(float[] x, int xOffset, Axes axes, float[] y, int yOffset) {
    FoldF32.run(Rows.f32(), FoldF32.Kind.MAX, Inflow.of(x, xOffset), axes, null, 0, y, yOffset);
  }

  /// Takes the least f32 element, NaN if there is one; an empty sequence gives +inf.
  public static void min(float[] x, int xOffset, Axes axes, float[] y, int yOffset) {
    FoldF32.run(Rows.f32(), FoldF32.Kind.MIN, Inflow.of(x, xOffset), axes, null, 0, y, yOffset);
  }

  /// Sums the squares of `x - center`, one f32 center per output.
  public static void sumOfSquares(
      float[] x, int xOffset, Axes axes, float[] center, int centerOffset, float[] y, int yOffset) {
    FoldF32.run(
        Rows.f32(),
        FoldF32.Kind.SQUARES,
        Inflow.of(x, xOffset),
        axes,
        center,
        centerOffset,
        y,
        yOffset);
  }

  /// Sums the squares of f32 sequences.
  public static void sumOfSquares(float[] x, int xOffset, Axes axes, float[] y, int yOffset) {
    sumOfSquares(x, xOffset, axes, new float[axes.outputs()], 0, y, yOffset);
  }

  /// Computes f32 means and variances in two passes, dividing by `max(0, length - correction)`.
  ///
  /// With no degrees of freedom left the variance is NaN or infinite, as 0/0 or s/0 is.
  public static void variance(
      float[] x,
      int xOffset,
      Axes axes,
      double correction,
      float[] mean,
      int meanOffset,
      float[] y,
      int yOffset) {
    mean(x, xOffset, axes, mean, meanOffset);
    sumOfSquares(x, xOffset, axes, mean, meanOffset, y, yOffset);
    float n = (float) Math.max(0.0, axes.length() - correction);
    for (int o = 0; o < axes.outputs(); o++) {
      y[yOffset + o] /= n;
    }
  }

  /// Computes `log(sum(exp(x)))` of f32 sequences without overflow; all -inf (or none) gives -inf.
  public static void logSumExp(float[] x, int xOffset, Axes axes, float[] y, int yOffset) {
    int outputs = axes.outputs();
    float[] shift = new float[outputs];
    max(x, xOffset, axes, shift, 0);
    for (int o = 0; o < outputs; o++) {
      // An infinite greatest element would make inf - inf of itself.
      shift[o] = Math.abs(shift[o]) == Float.POSITIVE_INFINITY ? 0f : shift[o];
    }
    FoldF32.run(Rows.f32(), FoldF32.Kind.EXP, Inflow.of(x, xOffset), axes, shift, 0, y, yOffset);
    for (int o = 0; o < outputs; o++) {
      y[yOffset + o] = FloatLog.log(y[yOffset + o]) + shift[o];
    }
  }

  // End of twins.
}
