package dev.autograd.kernel.reduce;

import dev.autograd.kernel.parallel.Workers;

/// Reductions of integer and boolean arrays over any axes.
///
/// Sums and products wrap around as Java's do. Every method writes [Axes#outputs()] contiguous
/// results at `yOffset`.
public final class IntegerReduce {
  private static final int CHUNK = 1 << 15;

  private IntegerReduce() {}

  private enum Kind {
    SUM,
    PROD,
    MAX,
    MIN
  }

  // Twins: i64 as i32.

  /// Sums i64 sequences; an empty one gives 0.
  public static void sum(long[] x, int xOffset, Axes axes, long[] y, int yOffset) {
    run(Kind.SUM, 0, x, xOffset, axes, y, yOffset);
  }

  /// Multiplies i64 sequences; an empty one gives 1.
  public static void prod(long[] x, int xOffset, Axes axes, long[] y, int yOffset) {
    run(Kind.PROD, 1, x, xOffset, axes, y, yOffset);
  }

  /// Takes the greatest i64 element; an empty sequence gives the least value of the type.
  public static void max(long[] x, int xOffset, Axes axes, long[] y, int yOffset) {
    run(Kind.MAX, Long.MIN_VALUE, x, xOffset, axes, y, yOffset);
  }

  /// Takes the least i64 element; an empty sequence gives the greatest value of the type.
  public static void min(long[] x, int xOffset, Axes axes, long[] y, int yOffset) {
    run(Kind.MIN, Long.MAX_VALUE, x, xOffset, axes, y, yOffset);
  }

  private static void run(
      Kind kind, long identity, long[] x, int xOffset, Axes axes, long[] y, int yOffset) {
    int n = axes.length();
    int run = axes.run();
    int stride = axes.runStride();
    Workers.forRange(
        axes.outputs(),
        Workers.grain(CHUNK, n),
        (from, to) -> {
          for (int o = from; o < to; o++) {
            int base = xOffset + axes.keptOffset(o);
            long s = identity;
            for (int i = 0; i < n; i += run) {
              s = fold(kind, s, x, base + axes.reducedOffset(i), run, stride);
            }
            y[yOffset + o] = s;
          }
        });
  }

  private static long fold(Kind kind, long start, long[] x, int at, int n, int stride) {
    long s = start;
    switch (kind) {
      case SUM -> {
        for (int i = 0; i < n; i++) {
          s += x[at + i * stride];
        }
      }
      case PROD -> {
        for (int i = 0; i < n; i++) {
          s *= x[at + i * stride];
        }
      }
      case MAX -> {
        for (int i = 0; i < n; i++) {
          s = Math.max(s, x[at + i * stride]);
        }
      }
      case MIN -> {
        for (int i = 0; i < n; i++) {
          s = Math.min(s, x[at + i * stride]);
        }
      }
    }
    return s;
  }

  // End of twins.

  /// Writes 1 where any byte of the sequence is not 0, else 0; an empty sequence gives 0.
  public static void any(byte[] x, int xOffset, Axes axes, byte[] y, int yOffset) {
    contains(x, xOffset, axes, y, yOffset, true);
  }

  /// Writes 1 where every byte of the sequence is not 0, else 0; an empty sequence gives 1.
  public static void all(byte[] x, int xOffset, Axes axes, byte[] y, int yOffset) {
    contains(x, xOffset, axes, y, yOffset, false);
  }

  /// Counts the bytes of each sequence that are not 0.
  public static void count(byte[] x, int xOffset, Axes axes, long[] y, int yOffset) {
    int n = axes.length();
    for (int o = 0; o < axes.outputs(); o++) {
      int base = xOffset + axes.keptOffset(o);
      long s = 0;
      for (int i0 = 0; i0 < n; i0 += axes.run()) {
        int at = base + axes.reducedOffset(i0);
        for (int i = 0; i < axes.run(); i++) {
          s += x[at + i * axes.runStride()] != 0 ? 1 : 0;
        }
      }
      y[yOffset + o] = s;
    }
  }

  private static void contains(
      byte[] x, int xOffset, Axes axes, byte[] y, int yOffset, boolean wanted) {
    int n = axes.length();
    int run = axes.run();
    int stride = axes.runStride();
    Workers.forRange(
        axes.outputs(),
        Workers.grain(CHUNK, n),
        (from, to) -> {
          for (int o = from; o < to; o++) {
            int base = xOffset + axes.keptOffset(o);
            boolean found = false;
            for (int i0 = 0; i0 < n && !found; i0 += run) {
              int at = base + axes.reducedOffset(i0);
              for (int i = 0; i < run && !found; i++) {
                found = (x[at + i * stride] != 0) == wanted;
              }
            }
            y[yOffset + o] = (byte) (found == wanted ? 1 : 0);
          }
        });
  }
}
