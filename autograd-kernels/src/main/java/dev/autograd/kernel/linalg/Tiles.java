package dev.autograd.kernel.linalg;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.reduce.lanes.Warmup;

/// The tiles of this machine. The vector forms are loaded only where they can run.
final class Tiles {
  private static final int K = 32;

  private Tiles() {}

  /// Returns the f32 tile to use now.
  static TileF32 f32() {
    return F32.CHOICE.hot() ? F32.VECTOR : F32.PLAIN;
  }

  /// Returns the f64 tile to use now.
  static TileF64 f64() {
    return F64.CHOICE.hot() ? F64.VECTOR : F64.PLAIN;
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
      return () -> {
        for (int i = 0; i < tall; i++) {
          tile.tall(K, a, 0, b, 0, tile.columns(), sums);
          tile.put(sums, tile.rows(), c, 0, tile.columns(), (i & 1) == 0);
        }
        for (int i = 0; i < low; i++) {
          tile.low(K, a, 0, b, 0, tile.columns(), sums);
        }
      };
    }
  }

  private static final class F64 {
    static final TileF64 PLAIN = new ScalarTileF64();
    static final TileF64 VECTOR = Simd.live() ? new VectorTileF64() : PLAIN;
    static final Warmup CHOICE = new Warmup(exercise(VECTOR), exercise(PLAIN));

    private F64() {}

    /// Makes the same number of products with any tile: columns are a divisor of 64.
    private static Runnable exercise(TileF64 tile) {
      double[] a = new double[tile.rows() * K];
      double[] b = new double[tile.columns() * K];
      double[] sums = new double[tile.rows() * tile.columns()];
      double[] c = new double[sums.length];
      int tall = 96 * 64 / tile.columns() / tile.rows();
      int low = 24 * 64 / tile.columns() / tile.lowRows();
      return () -> {
        for (int i = 0; i < tall; i++) {
          tile.tall(K, a, 0, b, 0, tile.columns(), sums);
          tile.put(sums, tile.rows(), c, 0, tile.columns(), (i & 1) == 0);
        }
        for (int i = 0; i < low; i++) {
          tile.low(K, a, 0, b, 0, tile.columns(), sums);
        }
      };
    }
  }
}
