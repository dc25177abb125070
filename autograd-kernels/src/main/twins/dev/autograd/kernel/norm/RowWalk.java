package dev.autograd.kernel.norm;

import dev.autograd.kernel.Inflow;
import dev.autograd.kernel.parallel.Workers;
import dev.autograd.kernel.reduce.lanes.Rows;
import dev.autograd.kernel.reduce.lanes.RowsF32;

/// The walk over contiguous rows that may be computed as a kernel comes to them.
final class RowWalk {
  private static final int CHUNK = 1 << 15;

  /// About how many elements are asked for at a time.
  private static final int ENTERED = 4096;

  /// About how many elements of short rows go through a pass together: they and two results of as
  /// many stay in the first cache.
  static final int BAND = 2048;

  /// Elements that are worth a call.
  private static final int TILE = 256;

  /// Rows that one thread takes all of.
  static final int GROUP = 64;

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

  /// Hands all of `count` short rows of `n` f32 elements over once, a band of them at a time.
  static void bandsF32(Inflow x, int count, int n, BandF32 band) {
    int most = bandF32(count, n);
    Workers.forRange(
        count,
        grain(n) & -GROUP,
        (from, to) -> {
          RoomF32 room = new RoomF32(most, n);
          Inflow.Window window = x.window(most * n);
          float[] a = (float[]) window.array();
          for (int r = from; r < to; r += most) {
            int rows = Math.min(most, to - r);
            band.take(rows, a, window.at(r * n, rows * n, 0), r, room);
          }
        });
  }

  /// Returns how many of `count` short rows go together; a divisor of a group, if not all.
  static int bandF32(int count, int n) {
    int most = Integer.highestOneBit(BAND / Math.max(n, RowsF32.LANES));
    return Math.min(count, Math.min(GROUP, most));
  }

  /// What is done with some short rows.
  @FunctionalInterface
  interface BandF32 {
    /// Takes `rows` rows from row `r` on, which begins at `a[at]`.
    void take(int rows, float[] a, int at, int r, RoomF32 room);
  }

  /// What a thread that takes bands has for itself.
  static final class RoomF32 {
    /// Three elements for each row.
    final float[] s;

    /// Longer than the rows together, by what vectors read beyond them.
    final float[] t;

    /// As t.
    final float[] u;

    /// For sums of longer rows, LANES for each and what their sums need.
    private final float[] lanes;

    private final float[] side;

    RoomF32(int rows, int n) {
      s = new float[3 * rows];
      t = new float[rows * n + RowsF32.LANES];
      u = new float[rows * n + RowsF32.LANES];
      boolean longer = n > RowsF32.LANES;
      lanes = new float[longer ? rows * RowsF32.LANES : 0];
      side = new float[longer ? RowsF32.ROOM : 0];
    }

    /// Sets s from `si` on to the sums of rows of x.
    void sum(int rows, int n, float[] x, int xi, int si) {
      sum(rows, n, x, xi, s, si);
    }

    /// Sets y to the sums of rows of x.
    void sum(int rows, int n, float[] x, int xi, float[] y, int yi) {
      if (n <= RowsF32.LANES) {
        ShortRowsF32.run(ShortRows.f32().sum(), rows, n, x, xi, x, xi, x, xi, y, yi);
      } else {
        Rows.f32().sums(x, xi, n, rows, n, side, y, yi);
      }
    }

    /// Sets s from `si` on to the sums of `x y` of rows.
    void dot(int rows, int n, float[] x, int xi, float[] y, int yi, int si) {
      ShortRowsF32 p = ShortRows.f32();
      if (n <= RowsF32.LANES) {
        ShortRowsF32.run(p.dot(), rows, n, x, xi, y, yi, x, xi, s, si);
      } else {
        ShortRowsF32.run(p.laneDots(), rows, n, x, xi, y, yi, lanes, 0, s, 0);
        Rows.f32().sums(lanes, 0, RowsF32.LANES, rows, RowsF32.LANES, side, s, si);
      }
    }
  }

  /// Returns `all` elements of x from `offset` on, each `n` of them `tile` times.
  static float[] tiledF32(float[] x, int offset, int all, int n, int tile) {
    if (tile == 1 && offset == 0) {
      return x;
    }
    float[] y = new float[all * tile];
    int step = n * tile;
    for (int at = 0; at < y.length; at += step) {
      System.arraycopy(x, offset + at / tile, y, at, n);
      for (int done = n; done < step; done *= 2) {
        System.arraycopy(y, at, y, at + done, Math.min(done, step - done));
      }
    }
    return y;
  }

  /// Adds `count` parts of n elements, `pitch` apart, pairwise into the first, as
  /// [RowsF32#pairwise] adds numbers.
  static void pairwiseF32(float[] parts, int count, int pitch, int n) {
    SweepsF32.Sweep add = Sweeps.f32().add();
    for (int step = 1; step < count; step *= 2) {
      for (int k = 0; k + step < count; k += 2 * step) {
        int at = (k + step) * pitch;
        SweepsF32.run(add, n, parts, at, parts, at, parts, at, parts, k * pitch, parts);
      }
    }
  }

  // End of twins.

  /// Returns how many rows of `n` elements a thread takes at a time.
  static int grain(int n) {
    return Workers.grain(CHUNK, n);
  }

  /// Returns how many slices of `inner` elements a pass takes together: a call for each of many
  /// short ones would cost more than the slice.
  static int tile(int axis, int inner) {
    return Math.max(1, Math.min(axis, TILE / Math.max(1, inner)));
  }

  /// Hands all slices of `inner` elements over, up to `tile` along the axis at a time.
  static void slices(int outer, int axis, int inner, int tile, Slices slices) {
    Workers.forRange(
        outer * axis,
        grain(inner),
        (from, to) -> {
          for (int r = from; r < to; ) {
            int o = r / axis;
            int end = Math.min(Math.min(to, (o + 1) * axis), r + tile);
            slices.take((end - r) * inner, r * inner, o * tile * inner);
            r = end;
          }
        });
  }

  /// What is done with slices.
  @FunctionalInterface
  interface Slices {
    /// Takes the slices of n elements together from `at` on, for whose elements there are results
    /// along the axis from `o` on, as often as a tile has slices.
    void take(int n, int at, int o);
  }
}
