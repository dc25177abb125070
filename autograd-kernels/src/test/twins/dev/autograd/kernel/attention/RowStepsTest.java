package dev.autograd.kernel.attention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import dev.autograd.kernel.support.Samples;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RowStepsTest {
  private static final int[] LENGTHS = {1, 5, 16, 31, 32, 33, 100, 128};
  private static final int ROWS = 19;

  @Test
  void vectorsAreLive() {
    assertThat(Simd.live()).isTrue();
  }

  // Twins: f32 as f64.

  @Test
  void weightsAndGradientsHaveTheSameBitsInVectorsAndInPlainJavaF32() {
    for (int n : LENGTHS) {
      for (int seen : new int[] {n, 0, -7, n - 3}) {
        int more = seen == n ? 0 : 1;
        sameWeightsF32(n, seen, more);
        sameGradientsF32(n, seen, more);
      }
    }
  }

  private static void sameWeightsF32(int n, int seen, int more) {
    int row = ((n + RowsF32.LANES - 1) & -RowsF32.LANES) + 3;
    float[] first = Samples.floats(1, ROWS * row);
    first[2 * row] = Float.NEGATIVE_INFINITY;
    first[3 * row] = Float.POSITIVE_INFINITY;
    first[4 * row] = Float.NaN;
    Arrays.fill(first, 5 * row, 6 * row, Float.NEGATIVE_INFINITY);
    Arrays.fill(first, 6 * row, 7 * row, -0f);
    float[][] results = new float[2][];
    for (int form = 0; form < 2; form++) {
      RowStepsF32 steps = form == 0 ? new ScalarRowStepsF32() : new VectorRowStepsF32();
      float[] m = new float[ROWS];
      float[] l = new float[ROWS * (1 + RowsF32.LANES)];
      float[] a = new float[ROWS];
      float[] all = new float[2 * ROWS * n + 6 * ROWS];
      Arrays.fill(m, Float.NEGATIVE_INFINITY);
      for (int pass = 0; pass < 2; pass++) {
        float[] x = first.clone();
        for (int i = 0; i < x.length; i++) {
          x[i] *= 1 + pass;
        }
        steps.weights(ROWS, n, seen, more, x, row, 0.7f, m, l, a);
        copyF32(x, n, row, all, pass * ROWS * n);
        System.arraycopy(a, 0, all, 2 * ROWS * n + pass * ROWS, ROWS);
      }
      float[] lse = new float[ROWS];
      steps.finish(ROWS, m, l, lse, 0, a);
      System.arraycopy(m, 0, all, all.length - 4 * ROWS, ROWS);
      System.arraycopy(l, 0, all, all.length - 3 * ROWS, ROWS);
      System.arraycopy(lse, 0, all, all.length - 2 * ROWS, ROWS);
      System.arraycopy(a, 0, all, all.length - ROWS, ROWS);
      results[form] = all;
    }
    assertThat(Arrays.mismatch(results[1], results[0]))
        .as("length %s, seen %s", n, seen)
        .isEqualTo(-1);
  }

  private static void sameGradientsF32(int n, int seen, int more) {
    int row = ((n + RowsF32.LANES - 1) & -RowsF32.LANES) + 3;
    float[] lse = Samples.floats(3, ROWS + 1);
    lse[4] = Float.NEGATIVE_INFINITY;
    float[] d = Samples.floats(4, ROWS);
    float[][] results = new float[2][];
    for (int form = 0; form < 2; form++) {
      RowStepsF32 steps = form == 0 ? new ScalarRowStepsF32() : new VectorRowStepsF32();
      float[] x = Samples.floats(1, ROWS * row);
      float[] t = Samples.floats(2, ROWS * row);
      x[7 * row] = Float.NEGATIVE_INFINITY;
      steps.bias(ROWS, n, x, row, 0.3f, lse, 1, 0, 0);
      steps.bias(ROWS, Math.min(n, ROWS), x, row, 0.3f, d, 0, 0, 1);
      steps.scale(ROWS, n, x, 1, row, d);
      steps.gradients(ROWS, n, seen, more, x, t, row, 0.7f, lse, 1, d, 0.2f);
      float[] all = new float[2 * ROWS * n + 2 * ROWS];
      copyF32(x, n, row, all, 0);
      copyF32(t, n, row, all, ROWS * n);
      float[] sums = new float[ROWS];
      steps.dots(ROWS, n, x, 0, row, 1, t, 0, row, 1, sums);
      System.arraycopy(sums, 0, all, all.length - 2 * ROWS, ROWS);
      steps.dots(ROWS, n / 2, x, 0, row, 2, t, 0, row, 1, sums);
      System.arraycopy(sums, 0, all, all.length - ROWS, ROWS);
      results[form] = all;
    }
    assertThat(Arrays.mismatch(results[1], results[0]))
        .as("length %s, seen %s", n, seen)
        .isEqualTo(-1);
  }

  private static void copyF32(float[] x, int n, int row, float[] to, int at) {
    for (int r = 0; r < ROWS; r++) {
      System.arraycopy(x, r * row, to, at + r * n, n);
    }
  }

  // End of twins.
}
