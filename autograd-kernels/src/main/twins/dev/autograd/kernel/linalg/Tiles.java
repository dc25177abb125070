package dev.autograd.kernel.linalg;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.reduce.lanes.Warmup;

/// The tiles of this machine. The vector forms are loaded only where they can run.
final class Tiles {
  private static final int K = 32;

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

    /// Makes the same number of products with any tile: columns are a divisor of 64.
    private static Runnable exercise(TileF32 tile) {
      float[] a = new float[tile.rows() * K];
      float[] b = new float[tile.columns() * K];
      float[] sums = new float[tile.rows() * tile.columns()];
      float[] c = new float[sums.length];
      int tall = 96 * 64 / tile.columns() / tile.rows();
      int low = 24 * 64 / tile.columns() / tile.lowRows();
      int middle = tile.rowsFor(8);
      return () -> {
        for (int i = 0; i < tall; i++) {
          tile.sum(tile.rows(), K, a, 0, b, 0, tile.columns(), sums);
          tile.put(sums, tile.rows(), c, 0, tile.columns(), (i & 1) == 0);
        }
        for (int i = 0; i < low; i++) {
          tile.sum((i & 1) == 0 ? tile.lowRows() : middle, K, a, 0, b, 0, tile.columns(), sums);
        }
      };
    }
  }

  // End of twins.
}
