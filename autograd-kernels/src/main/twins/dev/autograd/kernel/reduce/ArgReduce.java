package dev.autograd.kernel.reduce;

import dev.autograd.kernel.parallel.Workers;

/// The position of the greatest or least element of every sequence.
///
/// The first of equal elements wins; a NaN wins over every number, the first NaN over the others.
/// `0.0` and `-0.0` are equal.
public final class ArgReduce {
  private static final int CHUNK = 1 << 15;

  private ArgReduce() {}

  // Twins: f32 as f64.

  /// Writes, per output, the position of its greatest f32 element within its sequence.
  ///
  /// @throws IllegalArgumentException if the sequences are empty and there are outputs
  public static void argmax(float[] x, int xOffset, Axes axes, long[] y, int yOffset) {
    run(x, xOffset, axes, y, yOffset, "argmax", true);
  }

  /// Writes, per output, the position of its least f32 element within its sequence.
  ///
  /// @throws IllegalArgumentException if the sequences are empty and there are outputs
  public static void argmin(float[] x, int xOffset, Axes axes, long[] y, int yOffset) {
    run(x, xOffset, axes, y, yOffset, "argmin", false);
  }

  private static void run(
      float[] x, int xOffset, Axes axes, long[] y, int yOffset, String who, boolean greatest) {
    int n = nonEmpty(axes, who);
    int run = axes.run();
    int stride = axes.runStride();
    Workers.forRange(
        axes.outputs(),
        Math.max(1, CHUNK / Math.max(1, n)),
        (from, to) -> {
          for (int o = from; o < to; o++) {
            int base = xOffset + axes.keptOffset(o);
            float best = x[base];
            int at = 0;
            for (int i0 = 0; i0 < n && !Float.isNaN(best); i0 += run) {
              int start = base + axes.reducedOffset(i0);
              for (int i = 0; i < run; i++) {
                float v = x[start + i * stride];
                if ((greatest ? v > best : v < best) || Float.isNaN(v)) {
                  best = v;
                  at = i0 + i;
                  if (Float.isNaN(v)) {
                    break;
                  }
                }
              }
            }
            y[yOffset + o] = at;
          }
        });
  }

  // End of twins.

  private static int nonEmpty(Axes axes, String who) {
    if (axes.length() == 0 && axes.outputs() > 0) {
      throw new IllegalArgumentException(
          who
              + ": an empty axis has no element to choose from, got "
              + axes.outputs()
              + " outputs of length 0. Reduce over a non-empty axis.");
    }
    return axes.length();
  }
}
