package dev.autograd.kernel.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.support.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Products with a packed operand have the bits of [Gemm]'s.
class PackedTest {
  private static final int[][] SHAPES = {
    {1, 1, 1},
    {5, 64, 3},
    {6, 65, 97},
    {7, 40, 257},
    {8, 130, 384},
    {12, 3, 385},
    {20, 200, 800},
    {32, 96, 64},
    {33, 128, 20},
    {200, 70, 50},
  };

  // Twins: f32 as f64.

  private static List<TileF32> tilesF32() {
    return Simd.live()
        ? List.of(new ScalarTileF32(), new VectorTileF32())
        : List.of(new ScalarTileF32());
  }

  @Test
  void packedF32ProductsHaveTheBitsOfTheOthers() {
    for (int[] s : SHAPES) {
      int m = s[0];
      int n = s[1];
      int k = s[2];
      float[] a = Samples.floats(1, m * k);
      float[] b = Samples.floats(2, n * k);
      for (boolean accumulate : new boolean[] {false, true}) {
        float[] expected = Samples.floats(3, m * n);
        Gemm.multiply(m, n, k, a, 0, k, 1, b, 0, 1, k, expected, 0, n, accumulate);
        for (TileF32 tile : tilesF32()) {
          PackedF32 packed = new PackedF32(tile, k, n, new StridedF32(b, 0, 1, k));
          float[] left = packed.left(m);
          // In pieces, across the blocks of k.
          for (int from = 0; from < k; from += 100) {
            packed.packLeft(m, from, Math.min(k, from + 100), a, from, k, 1, left);
          }
          float[] c = Samples.floats(3, m * n);
          for (int j = 0; j < n; j += PackedF32.COLUMN_STEP) {
            int columns = Math.min(PackedF32.COLUMN_STEP, n - j);
            packed.multiply(m, left, j, columns, c, j, n, accumulate);
          }
          packed.release();
          assertThat(c)
              .as("%s m %d n %d k %d accumulate %b", tile.getClass(), m, n, k, accumulate)
              .isEqualTo(expected);
        }
      }
    }
  }

  // End of twins.
}
