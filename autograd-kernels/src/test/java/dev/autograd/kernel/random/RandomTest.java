package dev.autograd.kernel.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.kernel.support.Samples;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class RandomTest {

  @Test
  void philoxGivesThePublishedWords() {
    // Random123, kat_vectors, philox4x32 with 10 rounds.
    int[] w = new int[4];
    Philox.block(0, 0, 0, w);
    assertThat(w).containsExactly(0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8);
    Philox.block(-1, -1, -1, w);
    assertThat(w).containsExactly(0x408f276d, 0x41c83b0e, 0xa20bc7c6, 0x6d5451fd);
    // The counter and key of digits of pi of the same file.
    Philox.block(0x299f31d0a4093822L, 0x0370734413198a2eL, 0x85a308d3243f6a88L, w);
    assertThat(w).containsExactly(0xd16cfe09, 0x94fdcceb, 0x5001e420, 0x24126ea1);
  }

  @Test
  void aPartOfAStreamIsThePartOfTheWhole() {
    int n = 1000;
    float[] u = new float[n];
    double[] v = new double[n];
    float[] f = new float[n];
    double[] g = new double[n];
    byte[] b = new byte[n];
    long[] k = new long[n];
    RandomFill.uniform(5, 2, 0, u, 0, n);
    RandomFill.uniform(5, 2, 0, v, 0, n);
    RandomFill.normal(5, 2, 0, f, 0, n);
    RandomFill.normal(5, 2, 0, g, 0, n);
    RandomFill.bernoulli(5, 2, 0, 0.3, b, 0, n);
    RandomFill.integers(5, 2, 0, -3, 9, k, 0, n);
    for (int first : new int[] {1, 2, 3, 5, 998}) {
      int m = Math.min(7, n - first);
      float[] a = new float[m];
      double[] c = new double[m];
      byte[] d = new byte[m];
      long[] e = new long[m];
      RandomFill.uniform(5, 2, first, a, 0, m);
      assertThat(a).isEqualTo(Arrays.copyOfRange(u, first, first + m));
      RandomFill.uniform(5, 2, first, c, 0, m);
      assertThat(c).isEqualTo(Arrays.copyOfRange(v, first, first + m));
      RandomFill.normal(5, 2, first, a, 0, m);
      assertThat(a).isEqualTo(Arrays.copyOfRange(f, first, first + m));
      RandomFill.normal(5, 2, first, c, 0, m);
      assertThat(c).isEqualTo(Arrays.copyOfRange(g, first, first + m));
      RandomFill.bernoulli(5, 2, first, 0.3, d, 0, m);
      assertThat(d).isEqualTo(Arrays.copyOfRange(b, first, first + m));
      RandomFill.integers(5, 2, first, -3, 9, e, 0, m);
      assertThat(e).isEqualTo(Arrays.copyOfRange(k, first, first + m));
    }
  }

  @Test
  void fillsDoNotDependOnThreadsAndDifferBySeedAndStream() {
    int n = 40_000;
    var results =
        Samples.onThreads(
            () -> {
              float[] y = new float[n];
              RandomFill.normal(1, 2, 3, y, 0, n);
              return y;
            });
    assertThat(results.get(1)).isEqualTo(results.get(0));
    assertThat(results.get(2)).isEqualTo(results.get(0));
    float[] other = new float[n];
    RandomFill.normal(2, 2, 3, other, 0, n);
    assertThat(other).isNotEqualTo(results.get(0));
    RandomFill.normal(1, 3, 3, other, 0, n);
    assertThat(other).isNotEqualTo(results.get(0));
  }

  @Test
  void uniformValuesAreInRangeWithTheRightMoments() {
    int n = 200_000;
    float[] x = new float[n];
    double[] y = new double[n];
    RandomFill.uniform(9, 0, 0, x, 0, n);
    RandomFill.uniform(9, 1, 0, y, 0, n);
    double mean = 0;
    double square = 0;
    for (int i = 0; i < n; i++) {
      assertThat(x[i] >= 0f && x[i] < 1f && y[i] >= 0.0 && y[i] < 1.0).isTrue();
      mean += (x[i] + y[i]) / (2.0 * n);
      square += (x[i] * x[i] + y[i] * y[i]) / (2.0 * n);
    }
    assertThat(mean).isCloseTo(0.5, within(3e-3));
    assertThat(square).isCloseTo(1.0 / 3, within(3e-3));
  }

  @Test
  void normalValuesHaveTheRightMomentsAndNeighboursAreIndependent() {
    int n = 200_000;
    float[] x = new float[n];
    RandomFill.normal(9, 0, 0, x, 0, n);
    double[] moment = new double[5];
    double neighbours = 0;
    for (int i = 0; i < n; i++) {
      double v = x[i];
      moment[1] += v / n;
      moment[2] += v * v / n;
      moment[3] += v * v * v / n;
      moment[4] += v * v * v * v / n;
      neighbours += i == 0 ? 0 : v * x[i - 1] / n;
    }
    assertThat(moment[1]).isCloseTo(0, within(0.01));
    assertThat(moment[2]).isCloseTo(1, within(0.015));
    assertThat(moment[3]).isCloseTo(0, within(0.03));
    assertThat(moment[4]).isCloseTo(3, within(0.1));
    assertThat(neighbours).isCloseTo(0, within(0.01));
  }

  @Test
  void bernoulliIsTheUniformNumberOfThePositionWhereverItBegins() {
    for (long first : new long[] {0, 1, 2, 3, 255, 256, (1L << 34) - 5, (1L << 34) + 1}) {
      for (int n : new int[] {1, 3, 4, 255, 256, 257, 259, 9000}) {
        float[] u = new float[n];
        byte[] b = new byte[n + 2];
        RandomFill.uniform(-7, 1L << 40, first, u, 0, n);
        RandomFill.bernoulli(-7, 1L << 40, first, 0.3, b, 1, n);
        for (int i = 0; i < n; i++) {
          assertThat(b[i + 1]).as("%d + %d", first, i).isEqualTo((byte) (u[i] < 0.3 ? 1 : 0));
        }
        assertThat(b[0] | b[n + 1]).isZero();
      }
    }
  }

  @Test
  void bernoulliAndIntegersHitTheirShares() {
    int n = 100_000;
    byte[] b = new byte[n];
    RandomFill.bernoulli(4, 0, 0, 0.3, b, 0, n);
    int ones = 0;
    for (byte v : b) {
      ones += v;
    }
    assertThat(ones / (double) n).isCloseTo(0.3, within(0.006));
    RandomFill.bernoulli(4, 0, 0, 0.0, b, 0, n);
    assertThat(b).containsOnly(0);
    RandomFill.bernoulli(4, 0, 0, 1.0, b, 0, n);
    assertThat(b).containsOnly(1);
    long[] k = new long[n];
    RandomFill.integers(4, 0, 0, -2, 3, k, 0, n);
    int[] count = new int[5];
    for (long v : k) {
      count[(int) v + 2]++;
    }
    for (int c : count) {
      assertThat(c / (double) n).isCloseTo(0.2, within(0.006));
    }
    assertThatThrownBy(() -> RandomFill.integers(4, 0, 0, 3, 3, k, 0, n))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("low 3 and high 3");
  }

  @Test
  void aPermutationHoldsEveryNumberOnceAndAllOrdersOccur() {
    long[] y = new long[1000];
    RandomFill.permutation(1, 2, y, 0, 1000);
    long[] sorted = y.clone();
    Arrays.sort(sorted);
    for (int i = 0; i < 1000; i++) {
      assertThat(sorted[i]).isEqualTo(i);
    }
    assertThat(y).isNotEqualTo(sorted);
    int[] seen = new int[28];
    for (int s = 0; s < 6000; s++) {
      RandomFill.permutation(s, 0, y, 0, 3);
      seen[(int) (y[0] * 9 + y[1] * 3 + y[2])]++;
    }
    assertThat(Arrays.stream(seen).filter(c -> c > 850 && c < 1150).count()).isEqualTo(6);
    RandomFill.permutation(1, 2, y, 0, 0);
  }
}
