package dev.autograd.kernel.linalg;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.support.Samples;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class GemmTest {
  private static final int[] SIZES = {
    1, 2, 3, 4, 5, 6, 7, 8, 10, 12, 13, 16, 17, 20, 31, 32, 33, 36, 44, 64, 67, 100, 130
  };
  private static final int[] DEPTHS = {1, 2, 3, 7, 16, 97, 255, 256, 257, 383, 384, 385, 800};

  // Twins: f32 as f64.

  private static List<TileF32> tilesF32() {
    return Simd.live()
        ? List.of(new ScalarTileF32(), new VectorTileF32(true))
        : List.of(new ScalarTileF32());
  }

  /// The definition: blocks of k, each a chain of fma from zero, added in order.
  private static float[] oracle(CaseF32 t) {
    float[] c = t.c.array().clone();
    for (int i = 0; i < t.m; i++) {
      for (int j = 0; j < t.n; j++) {
        int ci = t.c.index(i, j);
        float sum = t.accumulate ? c[ci] : 0f;
        for (int k0 = 0; k0 < t.k; k0 += GemmF32.KC) {
          float s = 0f;
          for (int k = k0; k < Math.min(t.k, k0 + GemmF32.KC); k++) {
            s = Math.fma(t.a.array()[t.a.index(i, k)], t.b.array()[t.b.index(k, j)], s);
          }
          sum = k0 == 0 && !t.accumulate ? s : sum + s;
        }
        c[ci] = t.row == null ? sum : sum + t.row.array()[t.row.index(0, j)];
      }
    }
    return c;
  }

  private static final class CaseF32 {
    final int m;
    final int n;
    final int k;
    final MatrixF32 a;
    final MatrixF32 b;
    final MatrixF32 c;
    final boolean accumulate;
    final @Nullable MatrixF32 row;

    CaseF32(int m, int n, int k, Random random) {
      this.m = m;
      this.n = n;
      this.k = k;
      int gap = random.nextInt(3);
      boolean turnA = random.nextBoolean();
      boolean turnB = random.nextBoolean();
      // One operand in eight has no contiguous direction at all.
      int stepA = random.nextInt(8) == 0 ? 2 : 1;
      int stepB = random.nextInt(8) == 0 ? 2 : 1;
      a = matrix(random, m, k, stepA * (turnA ? 1 : k + gap), stepA * (turnA ? m + gap : 1));
      b = matrix(random, k, n, stepB * (turnB ? 1 : n + gap), stepB * (turnB ? k + gap : 1));
      c = matrix(random, m, n, n + gap, 1);
      accumulate = random.nextBoolean();
      // One case in three adds a row in the end.
      row = random.nextInt(3) == 0 ? matrix(random, 1, n, 0, 1) : null;
    }

    /// The array ends with the last element: reading on would be seen.
    private static MatrixF32 matrix(
        Random random, int rows, int columns, int rowStride, int columnStride) {
      int offset = random.nextInt(4);
      int last = offset + (rows - 1) * rowStride + (columns - 1) * columnStride;
      float[] array = Samples.floats(random.nextLong(), last + 1);
      return new MatrixF32(array, offset, rowStride, columnStride);
    }

    float[] run(TileF32 tile) {
      float[] y = c.array().clone();
      MatrixF32 to = new MatrixF32(y, c.offset(), c.rowStride());
      GemmF32.multiply(tile, m, n, k, a, b, to, accumulate, row);
      return y;
    }

    @Override
    public String toString() {
      return "m %d n %d k %d a %s b %s c %s accumulate %b row %s"
          .formatted(m, n, k, a, b, c, accumulate, row);
    }
  }

  @Test
  void everyPathOfTheF32ProductGivesTheBitsOfItsDefinition() {
    var random = new Random(11);
    for (int round = 0; round < 500; round++) {
      int m = SIZES[random.nextInt(SIZES.length)];
      int n = SIZES[random.nextInt(SIZES.length)];
      int k = DEPTHS[random.nextInt(DEPTHS.length)];
      var t = new CaseF32(m, n, k, random);
      float[] expected = oracle(t);
      for (TileF32 tile : tilesF32()) {
        assertThat(t.run(tile)).as("%s %s", tile.getClass(), t).isEqualTo(expected);
      }
    }
  }

  @Test
  void theF32ProductDoesNotDependOnThreads() {
    var random = new Random(3);
    int[][] shapes = {
      {211, 337, 700}, {6, 700, 900}, {700, 9, 500}, {150, 90, 400}, {1, 2500, 390}, {700, 2, 1024}
    };
    for (int[] s : shapes) {
      for (int strides = 0; strides < 4; strides++) {
        var t = new CaseF32(s[0], s[1], s[2], random);
        float[] expected = oracle(t);
        for (TileF32 tile : tilesF32()) {
          for (float[] y : Samples.onThreads(() -> t.run(tile))) {
            assertThat(y).as("%s %s", tile.getClass(), t).isEqualTo(expected);
          }
        }
      }
    }
  }

  @Test
  void aProductLeavesAllElseInTheArrayOfF32() {
    var random = new Random(23);
    for (int round = 0; round < 60; round++) {
      int m = SIZES[random.nextInt(SIZES.length)];
      int n = SIZES[random.nextInt(SIZES.length)];
      var t = new CaseF32(m, n, 1 + random.nextInt(400), random);
      for (TileF32 tile : tilesF32()) {
        float[] y = t.run(tile);
        for (int i = 0; i < y.length; i++) {
          int column = Math.floorMod(i - t.c.offset(), t.c.rowStride());
          if (i < t.c.offset() || column >= n) {
            assertThat(y[i]).as("%s at %d", t, i).isEqualTo(t.c.array()[i]);
          }
        }
      }
    }
  }

  @Test
  void blocksOfRowsAndColumnsBeyondTheCacheSizesMeetF32() {
    for (int[] s :
        new int[][] {
          {1600, 3, 5},
          {7, 2100, 9},
          {1540, 40, 3},
          {50, 1030, 390},
          {70, 2060, 390},
          {15, 5000, 40}
        }) {
      var t = new CaseF32(s[0], s[1], s[2], new Random(5));
      for (TileF32 tile : tilesF32()) {
        assertThat(t.run(tile)).as("%s %s", tile.getClass(), t).isEqualTo(oracle(t));
      }
    }
  }

  @Test
  void anEmptySumIsZeroUnlessItIsAddedF32() {
    float[] c = {1f, 2f, 3f, 4f, 5f, 6f};
    MatrixF32 to = new MatrixF32(c, 1, 3);
    MatrixF32 none = new MatrixF32(new float[0], 0, 2);
    Gemm.multiply(2, 2, 0, none, none, to, true);
    assertThat(c).containsExactly(1f, 2f, 3f, 4f, 5f, 6f);
    Gemm.multiply(2, 2, 0, none, none, to, false);
    assertThat(c).containsExactly(1f, 0f, 0f, 4f, 0f, 0f);
    Gemm.affine(2, 2, 0, none, none, new MatrixF32(new float[] {7f, 8f, 9f}, 1, 0), to);
    assertThat(c).containsExactly(1f, 8f, 9f, 4f, 8f, 9f);
    Gemm.multiply(2, 2, 0, none, none, to, false);
    MatrixF32 some = new MatrixF32(new float[6], 0, 3);
    Gemm.multiply(0, 2, 3, none, some, new MatrixF32(c, 0, 2), false);
    Gemm.multiply(2, 0, 3, some, none, new MatrixF32(c, 0, 0), false);
    assertThat(c).containsExactly(1f, 0f, 0f, 4f, 0f, 0f);
  }

  @Test
  void aResultWithoutContiguousRowsIsRefusedF32() {
    MatrixF32 x = new MatrixF32(new float[4], 0, 2);
    assertThatThrownBy(() -> Gemm.multiply(2, 2, 2, x, x, x.transposed(), false))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("got a column stride of 2");
  }

  @Test
  void fewRowsAtDistancesThatAreAPowerOfTwoKeepTheOrderF32() {
    float[] a = Samples.floats(31, 4 * 2048);
    float[] b = Samples.floats(32, 37 * 1024);
    for (int m = 1; m <= 4; m++) {
      for (int n : new int[] {9, 16, 37}) {
        float[] y = new float[m * n];
        MatrixF32 rows = new MatrixF32(a, 1, 2048);
        MatrixF32 columns = new MatrixF32(b, 0, 1024).transposed();
        Gemm.multiply(m, n, 1021, rows, columns, new MatrixF32(y, 0, n), false);
        for (int i = 0; i < m; i++) {
          for (int j = 0; j < n; j++) {
            float sum = 0f;
            for (int k0 = 0; k0 < 1021; k0 += GemmF32.KC) {
              float s = 0f;
              for (int k = k0; k < Math.min(1021, k0 + GemmF32.KC); k++) {
                s = Math.fma(a[1 + i * 2048 + k], b[j * 1024 + k], s);
              }
              sum += s;
            }
            assertThat(y[i * n + j]).isEqualTo(sum);
          }
        }
      }
    }
  }

  @Test
  void aNanInAnOperandReachesExactlyItsRowOfF32() {
    float[] a = new float[40 * 50];
    float[] b = new float[50 * 60];
    Arrays.fill(a, 1f);
    Arrays.fill(b, 1f);
    a[7 * 50 + 3] = Float.NaN;
    float[] c = new float[40 * 60];
    MatrixF32 x = new MatrixF32(a, 0, 50);
    Gemm.multiply(40, 60, 50, x, new MatrixF32(b, 0, 60), new MatrixF32(c, 0, 60), false);
    for (int i = 0; i < c.length; i++) {
      if (i / 60 == 7) {
        assertThat(c[i]).isNaN();
      } else {
        assertThat(c[i]).isEqualTo(50f);
      }
    }
  }

  // End of twins.

  @Test
  void theErrorOfALongSumStaysNearThatOfItsBlocks() {
    int k = 1 << 20;
    float[] a = new float[k];
    Arrays.fill(a, 0.1f);
    float[] b = new float[k];
    Arrays.fill(b, 1f);
    float[] c = new float[1];
    Gemm.multiply(
        1, 1, k, new MatrixF32(a, 0, k), new MatrixF32(b, 0, 1), new MatrixF32(c, 0, 1), false);
    double exact = (double) 0.1f * k;
    // One chain over all of k would be off by about 1e-2.
    assertThat(Math.abs(c[0] - exact) / exact).isLessThan(2e-4);
  }
}
