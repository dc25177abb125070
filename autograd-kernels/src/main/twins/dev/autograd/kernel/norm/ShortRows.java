package dev.autograd.kernel.norm;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import dev.autograd.kernel.reduce.lanes.Warmup;

/// The loops over short rows of this machine. The vector forms are loaded only where they can run.
final class ShortRows {
  private static final int N = 10;
  private static final int ROWS = 70;

  private ShortRows() {}

  // Twins: f32 as f64.

  /// Returns the loops over rows of floats, each of which goes over to vectors by itself.
  static ShortRowsF32 f32() {
    return F32.CHOSEN;
  }

  /// Returns the loops over rows of floats in vectors, or in plain Java where there are none.
  static ShortRowsF32 vectorF32() {
    return F32.VECTOR;
  }

  private static final class F32 {
    static final float[] X = new float[ROWS * N];
    static final float[] Y = new float[ROWS * RowsF32.LANES];
    static final float[] S = new float[3 * ROWS];
    static final ShortRowsF32 VECTOR = Simd.live() ? ShortRowsF32.vector() : ShortRowsF32.PLAIN;
    static final ShortRowsF32 CHOSEN = ShortRowsF32.PLAIN.with(VECTOR, F32::choice);

    private F32() {}

    private static ShortRowsF32.Loop choice(ShortRowsF32.Loop plain, ShortRowsF32.Loop vector) {
      var choice =
          new Warmup("normalizations of short rows f32", exercise(vector), exercise(plain));
      return (rows, n, a, ai, b, bi, y, yi, s, si) ->
          ShortRowsF32.run(choice.hot() ? vector : plain, rows, n, a, ai, b, bi, y, yi, s, si);
    }

    private static Runnable exercise(ShortRowsF32.Loop loop) {
      return () -> {
        ShortRowsF32.run(loop, 2 * N, RowsF32.LANES, X, 0, X, 0, Y, 0, S, 0);
        ShortRowsF32.run(loop, ROWS, N, X, 0, X, 0, Y, 0, S, 0);
      };
    }
  }

  // End of twins.
}
