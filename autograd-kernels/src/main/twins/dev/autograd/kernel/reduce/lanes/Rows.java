package dev.autograd.kernel.reduce.lanes;

import dev.autograd.kernel.Simd;

/// The row primitives of this machine. The vector forms are loaded only where they can run.
public final class Rows {
  private static final int N = 8 * RowsF32.LANES;

  private Rows() {}

  // Twins: f32 as f64.

  /// Returns the rows of floats to use now.
  public static RowsF32 f32() {
    return F32.CHOICE.hot() ? F32.VECTOR : F32.PLAIN;
  }

  /// Returns the rows of floats in plain Java.
  public static RowsF32 plainF32() {
    return F32.PLAIN;
  }

  /// Returns the rows of floats in vectors, or in plain Java where there are none.
  public static RowsF32 vectorF32() {
    return F32.VECTOR;
  }

  private static final class F32 {
    static final RowsF32 PLAIN = new RowsF32(LanesF32.PLAIN);
    static final RowsF32 VECTOR = Simd.live() ? new RowsF32(LanesF32.vector()) : PLAIN;
    static final Warmup CHOICE = new Warmup("reductions f32", exercise(VECTOR), exercise(PLAIN));

    private F32() {}

    private static Runnable exercise(RowsF32 rows) {
      float[] x = new float[N];
      float[] y = new float[N];
      float[] blocks = new float[2 * RowsF32.BLOCK];
      return () -> {
        rows.sums(blocks, 0, 2, y, 0);
        x[0] += rows.sum(x, 0, N) + rows.squares(x, 0, N, 1f) + rows.dot(x, 0, x, 0, N);
        x[1] = rows.max(x, 0, N) + rows.min(x, 0, N);
        x[2] = rows.exp(y, 0, N, 1f, y, 0) + rows.expSum(y, 0, N, 1f) + rows.greatest(y, 0, N);
        rows.sumColumns(x, 0, N / 8, 7, N / 8, y, 0);
        rows.squareColumns(x, 0, N / 8, 7, N / 8, y, 0, y, N / 8);
        rows.exp(x, 0, N, x, 0, y, 0);
      };
    }
  }

  // End of twins.
}
