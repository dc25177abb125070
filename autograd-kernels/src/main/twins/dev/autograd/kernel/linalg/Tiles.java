package dev.autograd.kernel.linalg;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.reduce.lanes.Warmup;
import java.util.concurrent.atomic.AtomicInteger;

/// The tiles of this machine. The vector forms are loaded only where they can run.
final class Tiles {
  private static final int ROWS = 20;
  private static final int COLUMNS = 64;
  private static final int[] WIDTHS = {64, 34, 38, 44};
  private static final int K = 16;

  private Tiles() {}

  // Twins: f32 as f64.

  /// Returns the f32 tile to use now.
  static TileF32 f32() {
    return F32.CHOICE.hot() ? F32.VECTOR : F32.PLAIN;
  }

  private static final class F32 {
    static final TileF32 PLAIN = new ScalarTileF32();
    static final TileF32 VECTOR = Simd.live() ? new VectorTileF32() : PLAIN;
    static final Warmup CHOICE = new Warmup(exercise(VECTOR), exercise(PLAIN));

    private F32() {}

    /// Makes the same products with any tile, of all heights and widths.
    private static Runnable exercise(TileF32 tile) {
      float[] a = new float[ROWS * K];
      float[] b = new float[COLUMNS * K];
      float[] c = new float[ROWS * COLUMNS];
      var turn = new AtomicInteger();
      return () -> {
        int t = turn.getAndIncrement();
        int n = WIDTHS[t % WIDTHS.length];
        boolean accumulate = t / WIDTHS.length % 2 == 0;
        GemmF32.multiply(tile, ROWS, n, K, a, 0, K, 1, b, 0, 1, K, c, 0, n, accumulate);
        GemmF32.multiply(tile, ROWS - 5, n, K, a, 0, 1, ROWS, b, 0, n, 1, c, 0, n, false);
      };
    }
  }

  // End of twins.
}
