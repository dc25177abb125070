package dev.autograd.kernel.reduce;

import dev.autograd.kernel.parallel.Workers;

/// Running sums, products and linear recurrences along the middle axis of contiguous `[outer, axis,
/// inner]` arrays.
///
/// The f32 forms keep what runs in f64. A scan runs from the first element, or from the last if
/// `reverse`; x and y may be the same array.
@SuppressWarnings("cast") // to float; in f64 it does nothing
public final class Scan {
  private static final int COLUMNS = 64;
  private static final int ROWS = 4;
  private static final int CHUNK = 1 << 15;

  private Scan() {}

  private static int grain(int axis) {
    // Whole groups of rows, so that the chunks have few left over.
    return Math.max(1, Workers.grain(CHUNK, axis) / ROWS) * ROWS;
  }

  private static double plus(double a, double b) {
    return a + b;
  }

  private static double times(double a, double b) {
    return a * b;
  }

  // Twins: f32 as f64.

  // For $name $all $op $first in cumsum cumsums plus 0, cumprod cumprods times 1.

  /// Writes the f32 $name of each line.
  public static void $name(
      float[] x,
      int xOffset,
      int outer,
      int axis,
      int inner,
      boolean reverse,
      float[] y,
      int yOffset) {
    if (inner == 1) {
      int begin = reverse ? axis - 1 : 0;
      int step = reverse ? -1 : 1;
      Workers.forRange(
          outer,
          grain(axis),
          (from, to) -> {
            int o = from;
            for (; o <= to - ROWS; o += ROWS) {
              int k = o * axis + begin;
              $all(x, xOffset + k, axis, step, y, yOffset + k);
            }
            for (; o < to; o++) {
              int k = o * axis + begin;
              $name(x, xOffset + k, axis, step, y, yOffset + k);
            }
          });
      return;
    }
    int strips = (inner + COLUMNS - 1) / COLUMNS;
    Workers.forRange(
        outer * strips,
        Workers.grain(CHUNK, (long) axis * Math.min(inner, COLUMNS)),
        (from, to) -> {
          double[] s = new double[Math.min(inner, COLUMNS)];
          for (int t = from; t < to; t++) {
            int column = t % strips * COLUMNS;
            int width = Math.min(COLUMNS, inner - column);
            int at = t / strips * axis * inner + column;
            java.util.Arrays.fill(s, $first);
            for (int i = 0; i < axis; i++) {
              int k = at + (reverse ? axis - 1 - i : i) * inner;
              for (int j = 0; j < width; j++) {
                s[j] = $op(s[j], x[xOffset + k + j]);
                y[yOffset + k + j] = (float) s[j];
              }
            }
          }
        });
  }

  /// Runs along four rows at once: within one, each result waits for the one before.
  private static void $all(float[] x, int xOffset, int axis, int step, float[] y, int yOffset) {
    // For $r below 4.
    int x$r = xOffset + $r * axis;
    int y$r = yOffset + $r * axis;
    double s$r = $first;
    // End.
    for (int i = 0; i < axis; i++) {
      int k = i * step;
      // For $r below 4.
      s$r = $op(s$r, x[x$r + k]);
      y[y$r + k] = (float) s$r;
      // End.
    }
  }

  private static void $name(float[] x, int xOffset, int axis, int step, float[] y, int yOffset) {
    double s = $first;
    for (int i = 0; i < axis; i++) {
      int k = i * step;
      s = $op(s, x[xOffset + k]);
      y[yOffset + k] = (float) s;
    }
  }

  // End.

  /// Writes the f32 recurrence `y_i = b_i + a_i y_{i-1}`, before whose first element is 0.
  public static void recurrence(
      float[] a,
      int aOffset,
      float[] b,
      int bOffset,
      int outer,
      int axis,
      int inner,
      boolean reverse,
      float[] y,
      int yOffset) {
    int strips = (inner + COLUMNS - 1) / COLUMNS;
    Workers.forRange(
        outer * strips,
        Workers.grain(CHUNK, (long) axis * Math.min(inner, COLUMNS)),
        (from, to) -> {
          double[] s = new double[Math.min(inner, COLUMNS)];
          for (int t = from; t < to; t++) {
            int column = t % strips * COLUMNS;
            int width = Math.min(COLUMNS, inner - column);
            int at = t / strips * axis * inner + column;
            for (int i = 0; i < axis; i++) {
              int k = at + (reverse ? axis - 1 - i : i) * inner;
              for (int j = 0; j < width; j++) {
                // The first factor meets nothing: 0 times it could be NaN.
                s[j] = i == 0 ? b[bOffset + k + j] : b[bOffset + k + j] + a[aOffset + k + j] * s[j];
                y[yOffset + k + j] = (float) s[j];
              }
            }
          }
        });
  }

  // End of twins.

  /// Writes running i64 sums, which wrap around.
  public static void cumsum(
      long[] x,
      int xOffset,
      int outer,
      int axis,
      int inner,
      boolean reverse,
      long[] y,
      int yOffset) {
    Workers.forRange(
        outer,
        Workers.grain(CHUNK, (long) axis * inner),
        (from, to) -> {
          for (int o = from; o < to; o++) {
            for (int i = 0; i < axis; i++) {
              int k = (o * axis + (reverse ? axis - 1 - i : i)) * inner;
              int before = reverse ? k + inner : k - inner;
              for (int j = 0; j < inner; j++) {
                y[yOffset + k + j] = x[xOffset + k + j] + (i == 0 ? 0 : y[yOffset + before + j]);
              }
            }
          }
        });
  }

  /// Writes running i64 products, which wrap around.
  public static void cumprod(
      long[] x,
      int xOffset,
      int outer,
      int axis,
      int inner,
      boolean reverse,
      long[] y,
      int yOffset) {
    Workers.forRange(
        outer,
        Workers.grain(CHUNK, (long) axis * inner),
        (from, to) -> {
          for (int o = from; o < to; o++) {
            for (int i = 0; i < axis; i++) {
              int k = (o * axis + (reverse ? axis - 1 - i : i)) * inner;
              int before = reverse ? k + inner : k - inner;
              for (int j = 0; j < inner; j++) {
                y[yOffset + k + j] = x[xOffset + k + j] * (i == 0 ? 1 : y[yOffset + before + j]);
              }
            }
          }
        });
  }
}
