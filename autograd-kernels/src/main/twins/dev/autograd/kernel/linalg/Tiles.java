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
      MatrixF32 a = new MatrixF32(new float[ROWS * K], 0, K);
      MatrixF32 b = new MatrixF32(new float[COLUMNS * K], 0, COLUMNS);
      MatrixF32 c = new MatrixF32(new float[ROWS * COLUMNS], 0, COLUMNS);
      float[] t = new float[COLUMNS * K];
      return () -> {
        TransposeF32.into(tile, COLUMNS, K, b.array(), 0, K, t, 0, COLUMNS);
        GemmF32.multiply(tile, 12, COLUMNS, K, a, b, c, false, null);
        GemmF32.multiply(tile, 8, COLUMNS, K, a, b, c, true, null);
        GemmF32.multiply(tile, 4, COLUMNS, K, a, b, c, true, null);
      };
    }

    /// Makes products of all widths, and of one to three rows with contiguous columns.
    private static Runnable edges(TileF32 tile) {
      MatrixF32 a = new MatrixF32(new float[ROWS * K], 0, K);
      float[] b = new float[COLUMNS * K];
      float[] c = new float[ROWS * COLUMNS];
      MatrixF32 turned = new MatrixF32(b, 0, K).transposed();
      MatrixF32 few = new MatrixF32(c, 0, COLUMNS);
      return () -> {
        for (int n : WIDTHS) {
          MatrixF32 wide = new MatrixF32(b, 0, n);
          GemmF32.multiply(tile, ROWS, n, K, a, wide, new MatrixF32(c, 0, n), true, null);
        }
        for (int m = 1; m <= 3; m++) {
          GemmF32.multiply(tile, m, COLUMNS, K, a, turned, few, false, null);
        }
        GemmF32.multiply(tile, ROWS, COLUMNS, 1, a, few, few, true, null);
      };
    }
  }

  // End of twins.
}
