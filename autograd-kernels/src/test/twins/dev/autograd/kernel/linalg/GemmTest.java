package dev.autograd.kernel.linalg;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.support.Samples;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
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
    float[] c = t.c.clone();
    for (int i = 0; i < t.m; i++) {
      for (int j = 0; j < t.n; j++) {
        int ci = t.cOffset + i * t.cRow + j;
        float sum = t.accumulate ? c[ci] : 0f;
        for (int k0 = 0; k0 < t.k; k0 += GemmF32.KC) {
          float s = 0f;
          for (int k = k0; k < Math.min(t.k, k0 + GemmF32.KC); k++) {
            float a = t.a[t.aOffset + i * t.aRow + k * t.aColumn];
            s = Math.fma(a, t.b[t.bOffset + k * t.bRow + j * t.bColumn], s);
          }
          sum = k0 == 0 && !t.accumulate ? s : sum + s;
        }
        c[ci] = t.row.length == 0 ? sum : sum + t.row[t.rowOffset + j];
      }
    }
    return c;
  }

  private static final class CaseF32 {
    final int m;
    final int n;
    final int k;
    final int aOffset;
    final int aRow;
    final int aColumn;
    final int bOffset;
    final int bRow;
    final int bColumn;
    final int cOffset;
    final int cRow;
    final boolean accumulate;
    final float[] a;
    final float[] b;
    final float[] c;
    final float[] row;
    final int rowOffset;

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
      aOffset = random.nextInt(4);
      aRow = stepA * (turnA ? 1 : k + gap);
      aColumn = stepA * (turnA ? m + gap : 1);
      bOffset = random.nextInt(4);
      bRow = stepB * (turnB ? 1 : n + gap);
      bColumn = stepB * (turnB ? k + gap : 1);
      cOffset = random.nextInt(4);
      cRow = n + gap;
      accumulate = random.nextBoolean();
      // The arrays end with their last element: reading on would be seen.
      a = Samples.floats(random.nextLong(), aOffset + (m - 1) * aRow + (k - 1) * aColumn + 1);
      b = Samples.floats(random.nextLong(), bOffset + (k - 1) * bRow + (n - 1) * bColumn + 1);
      c = Samples.floats(random.nextLong(), cOffset + (m - 1) * cRow + n);
      // One case in three adds a row in the end.
      rowOffset = random.nextInt(4);
      boolean hasRow = random.nextInt(3) == 0;
      row = hasRow ? Samples.floats(random.nextLong(), rowOffset + n) : new float[0];
    }

    float[] run(TileF32 tile) {
      float[] y = c.clone();
      GemmF32.multiply(
          tile,
          m,
          n,
          k,
          a,
          aOffset,
          aRow,
          aColumn,
          b,
          bOffset,
          bRow,
          bColumn,
          y,
          cOffset,
          cRow,
          accumulate,
          row,
          rowOffset);
      return y;
    }

    @Override
    public String toString() {
      return "m %d n %d k %d a %d,%d b %d,%d c %d accumulate %b row %b"
          .formatted(m, n, k, aRow, aColumn, bRow, bColumn, cRow, accumulate, row.length > 0);
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
          int column = Math.floorMod(i - t.cOffset, t.cRow);
          if (i < t.cOffset || column >= n) {
            assertThat(y[i]).as("%s at %d", t, i).isEqualTo(t.c[i]);
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
    Gemm.multiply(2, 2, 0, new float[0], 0, 0, 1, new float[0], 0, 2, 1, c, 1, 3, true);
    assertThat(c).containsExactly(1f, 2f, 3f, 4f, 5f, 6f);
    Gemm.multiply(2, 2, 0, new float[0], 0, 0, 1, new float[0], 0, 2, 1, c, 1, 3, false);
    assertThat(c).containsExactly(1f, 0f, 0f, 4f, 0f, 0f);
    float[] row = {7f, 8f, 9f};
    Gemm.affine(2, 2, 0, new float[0], 0, 0, 1, new float[0], 0, 2, 1, row, 1, c, 1, 3);
    assertThat(c).containsExactly(1f, 8f, 9f, 4f, 8f, 9f);
    Gemm.multiply(2, 2, 0, new float[0], 0, 0, 1, new float[0], 0, 2, 1, c, 1, 3, false);
    Gemm.multiply(0, 2, 3, new float[0], 0, 3, 1, new float[6], 0, 2, 1, c, 0, 2, false);
    Gemm.multiply(2, 0, 3, new float[6], 0, 3, 1, new float[0], 0, 0, 1, c, 0, 0, false);
    assertThat(c).containsExactly(1f, 0f, 0f, 4f, 0f, 0f);
  }

  @Test
  void fewRowsAtDistancesThatAreAPowerOfTwoKeepTheOrderF32() {
    float[] a = Samples.floats(31, 4 * 2048);
    float[] b = Samples.floats(32, 37 * 1024);
    for (int m = 1; m <= 4; m++) {
      for (int n : new int[] {9, 16, 37}) {
        float[] y = new float[m * n];
        Gemm.multiply(m, n, 1021, a, 1, 2048, 1, b, 0, 1, 1024, y, 0, n, false);
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
    Gemm.multiply(40, 60, 50, a, 0, 50, 1, b, 0, 60, 1, c, 0, 60, false);
    for (int i = 0; i < c.length; i++) {
      if (i / 60 == 7) {
        assertThat(c[i]).isNaN();
      } else {
        assertThat(c[i]).isEqualTo(50f);
      }
    }
  }

  @Test
  void aBatchIsItsProductsOneByOneAndStrideZeroRepeatsF32() {
    int batch = 5;
    int m = 9;
    int n = 14;
    int k = 21;
    float[] a = Samples.floats(1, batch * m * k);
    float[] b = Samples.floats(2, batch * k * n);
    for (int aBatch : new int[] {0, m * k}) {
      for (int bBatch : new int[] {0, k * n}) {
        float[] expected = new float[batch * m * n];
        for (int i = 0; i < batch; i++) {
          Gemm.multiply(
              m, n, k, a, i * aBatch, k, 1, b, i * bBatch, n, 1, expected, i * m * n, n, false);
        }
        for (float[] y :
            Samples.onThreads(
                () -> {
                  float[] c = new float[batch * m * n];
                  Gemm.multiplyBatch(
                      batch, m, n, k, a, 0, aBatch, k, 1, b, 0, bBatch, n, 1, c, 0, m * n, n,
                      false);
                  return c;
                })) {
          assertThat(y).isEqualTo(expected);
        }
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
    Gemm.multiply(1, 1, k, a, 0, k, 1, b, 0, 1, 1, c, 0, 1, false);
    double exact = (double) 0.1f * k;
    // One chain over all of k would be off by about 1e-2.
    assertThat(Math.abs(c[0] - exact) / exact).isLessThan(2e-4);
  }
}
