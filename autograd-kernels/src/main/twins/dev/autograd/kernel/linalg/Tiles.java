package dev.autograd.kernel.linalg;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.reduce.lanes.Warmup;

/// The tiles of this machine. The vector forms are loaded only where they can run.
final class Tiles {
  private static final int ROWS = 16;
  private static final int COLUMNS = 64;
  private static final int[] WIDTHS = {34, 36, 38, 44};
  private static final int K = 64;

  private Tiles() {}

  // Twins: f32 as f64.

  /// Returns the f32 tile to use now.
  static TileF32 f32() {
    if (!F32.CHOICE.hot()) {
      return F32.PLAIN;
    }
    return F32.EDGES.hot() ? F32.WHOLE : F32.VECTOR;
  }

  private static final class F32 {
    static final TileF32 PLAIN = new ScalarTileF32();
    static final TileF32 VECTOR = Simd.live() ? new VectorTileF32(false) : PLAIN;
    static final TileF32 WHOLE = Simd.live() ? new VectorTileF32(true) : PLAIN;
    static final Warmup CHOICE =
        new Warmup("matrix products f32", products(VECTOR), products(PLAIN));
    static final Warmup EDGES =
        new Warmup("matrix products f32, edges", edges(WHOLE), edges(PLAIN));

    private F32() {}

    /// Makes the same products with any tile, of all heights and the greatest width.
    private static Runnable products(TileF32 tile) {
      float[] a = new float[ROWS * K];
      float[] b = new float[COLUMNS * K];
      float[] c = new float[ROWS * COLUMNS];
      float[] t = new float[COLUMNS * K];
      int n = COLUMNS;
      return () -> {
        TransposeF32.into(tile, COLUMNS, K, b, 0, K, t, 0, COLUMNS);
        GemmF32.multiply(tile, 12, n, K, a, 0, K, 1, b, 0, n, 1, c, 0, n, false);
        GemmF32.multiply(tile, 8, n, K, a, 0, K, 1, b, 0, n, 1, c, 0, n, true);
        GemmF32.multiply(tile, 4, n, K, a, 0, K, 1, b, 0, n, 1, c, 0, n, true);
      };
    }

    /// Makes products of all widths, and of one to three rows with contiguous columns.
    private static Runnable edges(TileF32 tile) {
      float[] a = new float[ROWS * K];
      float[] b = new float[COLUMNS * K];
      float[] c = new float[ROWS * COLUMNS];
      return () -> {
        for (int n : WIDTHS) {
          GemmF32.multiply(tile, ROWS, n, K, a, 0, K, 1, b, 0, n, 1, c, 0, n, true);
        }
        for (int m = 1; m <= 3; m++) {
          GemmF32.multiply(tile, m, COLUMNS, K, a, 0, K, 1, b, 0, 1, K, c, 0, COLUMNS, false);
        }
      };
    }
  }

  // End of twins.
}
