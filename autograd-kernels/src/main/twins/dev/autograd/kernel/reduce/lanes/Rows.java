package dev.autograd.kernel.reduce.lanes;

import dev.autograd.kernel.Simd;

/// The row primitives of this machine. The vector forms are loaded only where they can run.
public final class Rows {
  private static final int N = RowsF32.BLOCK;

  private Rows() {}

  // Twins: f32 as f64.

  /// Returns the rows of floats, each loop of which goes over to vectors by itself.
  public static RowsF32 f32() {
    return F32.CHOSEN;
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
    static final float[] X = new float[N];
    static final float[] Y = new float[N];
    static final float[] S = new float[N];
    static final RowsF32 PLAIN = new RowsF32(LanesF32.PLAIN);
    static final LanesF32 LIVE = Simd.live() ? LanesF32.vector() : LanesF32.PLAIN;
    static final RowsF32 VECTOR = new RowsF32(LIVE);
    static final RowsF32 CHOSEN =
        new RowsF32(LanesF32.PLAIN.with(LIVE, F32::choice, F32::columnChoice));

    private F32() {}

    private static LanesF32.Loop choice(LanesF32.Loop plain, LanesF32.Loop vector) {
      var choice = new Warmup("reductions f32", exercise(vector), exercise(plain));
      return (x, xOffset, y, yOffset, n, c, s, sOffset) ->
          LanesF32.run(choice.hot() ? vector : plain, x, xOffset, y, yOffset, n, c, s, sOffset);
    }

    private static Runnable exercise(LanesF32.Loop loop) {
      return () -> LanesF32.run(loop, X, 0, Y, 0, N, 1f, S, 0);
    }

    private static LanesF32.Columns columnChoice(LanesF32.Columns plain, LanesF32.Columns vector) {
      var choice = new Warmup("reductions f32", exercise(vector), exercise(plain));
      return (x, xOffset, step, rows, n, c, cOffset, s, sOffset) ->
          LanesF32.run(
              choice.hot() ? vector : plain, x, xOffset, step, rows, n, c, cOffset, s, sOffset);
    }

    private static Runnable exercise(LanesF32.Columns columns) {
      return () -> {
        LanesF32.run(columns, X, 0, N / 8, 7, N / 8, Y, 0, S, 0);
        LanesF32.run(columns, X, 0, 20, 31, 20, Y, 0, S, 0);
      };
    }
  }

  // End of twins.
}
