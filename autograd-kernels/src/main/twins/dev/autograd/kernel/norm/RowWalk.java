package dev.autograd.kernel.norm;

import dev.autograd.kernel.Inflow;
import dev.autograd.kernel.parallel.Workers;

/// The walk over contiguous rows that may be computed as a kernel comes to them.
final class RowWalk {
  private static final int CHUNK = 1 << 15;

  /// About how many elements are asked for at a time.
  private static final int ENTERED = 4096;

  private static final int SCALARS = 2;

  private RowWalk() {}

  // Twins: f32 as f64.

  /// Hands each of `count` rows of `n` f32 elements over once.
  static void f32(Inflow x, int count, int n, RowF32 row) {
    int group = Math.max(1, ENTERED / Math.max(1, n));
    Workers.forRange(
        count,
        grain(n),
        (from, to) -> {
          float[] scalars = new float[SCALARS];
          Inflow.Window window = x.window(Math.min(group, to - from) * n);
          float[] a = (float[]) window.array();
          for (int r = from; r < to; ) {
            int end = r + Math.min(group, to - r);
            int at = window.at(r * n, (end - r) * n, 0);
            for (; r < end; r++, at += n) {
              row.take(a, at, r, scalars);
            }
          }
        });
  }

  /// What is done with a row.
  @FunctionalInterface
  interface RowF32 {
    /// Takes row `r`, which begins at `a[at]`.
    ///
    /// @param scalars two elements of the thread's own
    void take(float[] a, int at, int r, float[] scalars);
  }

  // End of twins.

  /// Returns how many rows of `n` elements a thread takes at a time.
  static int grain(int n) {
    return Math.max(1, CHUNK / Math.max(1, n));
  }
}
