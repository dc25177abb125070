package dev.autograd.kernel.reduce;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.kernel.support.Samples;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Running products and recurrences are those of the loop that defines them.
class ScanTest {
  private static final long SEED = 20_261_123;

  private static double[] random(int count, long salt) {
    return new SplittableRandom(SEED + salt).doubles(count, -2, 2).toArray();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 5, 1, false",
    "3, 4, 7, true",
    "2, 3, 130, false",
    "2, 1, 3, true",
    "0, 3, 2, false"
  })
  void recurrencesFollowTheirDefinition(int outer, int axis, int inner, boolean reverse) {
    int count = outer * axis * inner;
    double[] a = random(count, 1);
    double[] b = random(count, 2);
    double[] y = new double[count];
    Scan.recurrence(a, 0, b, 0, outer, axis, inner, reverse, y, 0);
    double[] expected = new double[count];
    for (int o = 0; o < outer; o++) {
      for (int j = 0; j < inner; j++) {
        double before = 0;
        for (int i = 0; i < axis; i++) {
          int k = (o * axis + (reverse ? axis - 1 - i : i)) * inner + j;
          before = b[k] + (i == 0 ? 0 : a[k] * before);
          expected[k] = before;
        }
      }
    }
    assertThat(y).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"1, 5, 1, false", "3, 4, 7, true", "2, 3, 130, false", "0, 3, 2, false"})
  void productsRunAlongTheAxis(int outer, int axis, int inner, boolean reverse) {
    int count = outer * axis * inner;
    double[] x = random(count, 3);
    double[] y = new double[count];
    Scan.cumprod(x, 0, outer, axis, inner, reverse, y, 0);
    for (int k = 0; k < count; k++) {
      int i = k / inner % axis;
      double expected = 1;
      for (int s = 0; s <= (reverse ? axis - 1 - i : i); s++) {
        expected *= x[k - (i - (reverse ? axis - 1 - s : s)) * inner];
      }
      assertThat(y[k]).as("element %d", k).isEqualTo(expected);
    }
  }

  /// Rows are run several at once, columns in strips: the sizes lie on both sides of each limit.
  @ParameterizedTest
  @CsvSource({
    "1, 1", "3, 1", "4, 1", "5, 1", "11, 1", "2050, 1", "2, 2", "3, 63", "2, 64", "2, 65"
  })
  void everyLineRunsByItselfWhereverItLies(int outer, int inner) {
    for (int axis : new int[] {0, 1, 2, 19}) {
      for (boolean reverse : new boolean[] {false, true}) {
        int count = outer * axis * inner;
        double[] x = random(3 + count + 2, 5);
        float[] narrow = new float[x.length];
        for (int k = 0; k < x.length; k++) {
          narrow[k] = (float) x[k];
        }
        double[] sums = new double[1 + count + 2];
        double[] products = sums.clone();
        float[] narrowSums = new float[sums.length];
        float[] narrowProducts = narrowSums.clone();
        for (int line = 0; line < outer * inner; line++) {
          double sum = 0;
          double product = 1;
          double narrowSum = 0;
          double narrowProduct = 1;
          for (int i = 0; i < axis; i++) {
            int k = (line / inner * axis + (reverse ? axis - 1 - i : i)) * inner + line % inner;
            sums[1 + k] = sum += x[3 + k];
            products[1 + k] = product *= x[3 + k];
            narrowSums[1 + k] = (float) (narrowSum += narrow[3 + k]);
            narrowProducts[1 + k] = (float) (narrowProduct *= narrow[3 + k]);
          }
        }
        String which = "axis " + axis + (reverse ? " reversed" : "");
        for (double[] y :
            Samples.onThreads(
                () -> {
                  double[] r = new double[sums.length];
                  Scan.cumsum(x, 3, outer, axis, inner, reverse, r, 1);
                  return r;
                })) {
          assertThat(Arrays.equals(y, sums)).as("f64 sums, %s", which).isTrue();
        }
        for (float[] y :
            Samples.onThreads(
                () -> {
                  float[] r = new float[sums.length];
                  Scan.cumsum(narrow, 3, outer, axis, inner, reverse, r, 1);
                  return r;
                })) {
          assertThat(Arrays.equals(y, narrowSums)).as("f32 sums, %s", which).isTrue();
        }
        double[] wide = new double[sums.length];
        Scan.cumprod(x, 3, outer, axis, inner, reverse, wide, 1);
        assertThat(Arrays.equals(wide, products)).as("f64 products, %s", which).isTrue();
        // In place.
        float[] both = narrow.clone();
        Scan.cumprod(both, 3, outer, axis, inner, reverse, both, 3);
        assertThat(
                Arrays.equals(both, 3, 3 + count, narrowProducts, 1, 1 + count)
                    && both[2] == narrow[2]
                    && both[3 + count] == narrow[3 + count])
            .as("f32 products, %s", which)
            .isTrue();
      }
    }
  }

  @Test
  void singlePrecisionRunsInDouble() {
    float[] x = new float[40];
    Arrays.fill(x, 1e-2f);
    float[] y = new float[40];
    Scan.cumprod(x, 0, 1, 40, 1, false, y, 0);
    assertThat(y[21]).isEqualTo((float) Math.pow(1e-2f, 22));
    // What has underflown in f32 still runs on in f64.
    Arrays.fill(x, 24, 40, 1e2f);
    Scan.cumprod(x, 0, 1, 40, 1, false, y, 0);
    assertThat(y[23]).isZero();
    assertThat(y[39]).isPositive();
  }

  @Test
  void wholeNumbersMultiplyAndWrapAround() {
    long[] y = new long[4];
    Scan.cumprod(new long[] {2, 3, Long.MAX_VALUE, 1}, 0, 1, 4, 1, false, y, 0);
    assertThat(y).containsExactly(2, 6, -6, -6);
    Scan.cumprod(new long[] {2, 3, 4, 5}, 0, 1, 2, 2, true, y, 0);
    assertThat(y).containsExactly(8, 15, 4, 5);
  }
}
