package dev.autograd.kernel.sort;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.kernel.support.Samples;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SortTest {
  private static final double[] SPECIAL = {
    0.0, -0.0, Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY, 1.0, -1.0
  };

  private static double[] values(int n, boolean special) {
    double[] x = Samples.doubles(n, n);
    var random = new Random(n);
    for (int i = 0; i < n; i++) {
      x[i] = special ? SPECIAL[random.nextInt(SPECIAL.length)] : Math.round(x[i] * 9) / 8.0;
    }
    return x;
  }

  @Test
  void everyTypeIsSortedStablyAlongTheAxis() {
    for (int axis : new int[] {0, 1, 2, 3, 15, 16, 17, 33, 64, 200}) {
      for (int mode = 0; mode < 4; mode++) {
        boolean descending = (mode & 1) != 0;
        boolean special = (mode & 2) != 0;
        int outer = 2;
        int inner = 3;
        int n = outer * axis * inner;
        int take = mode == 1 ? axis / 2 : axis;
        double[] x = values(n, special);
        float[] f = new float[n];
        long[] l = new long[n];
        for (int i = 0; i < n; i++) {
          f[i] = (float) x[i];
          l[i] = special && x[i] == 1.0 ? Long.MIN_VALUE : Math.round(x[i] * 8);
        }
        int out = outer * take * inner;
        double[] y = new double[out];
        float[] fy = new float[out];
        long[] ly = new long[out];
        long[] at = new long[out];
        long[] fAt = new long[out];
        long[] lAt = new long[out];
        Sort.sort(x, 0, outer, axis, inner, descending, take, y, 0, at, 0);
        Sort.sort(f, 0, outer, axis, inner, descending, take, fy, 0, fAt, 0);
        Sort.sort(l, 0, outer, axis, inner, descending, take, ly, 0, lAt, 0);
        for (int t = 0; t < outer * inner; t++) {
          int from = t / inner * axis * inner + t % inner;
          int to = t / inner * take * inner + t % inner;
          Comparator<Integer> byValue =
              Comparator.comparingDouble(i -> x[from + i * inner] + 0.0);
          Comparator<Integer> byLong = Comparator.comparingLong(i -> l[from + i * inner]);
          Integer[] order = order(axis, descending ? byValue.reversed() : byValue);
          Integer[] longOrder = order(axis, descending ? byLong.reversed() : byLong);
          for (int i = 0; i < take; i++) {
            int k = to + i * inner;
            assertThat(at[k]).isEqualTo((long) order[i]);
            assertThat(fAt[k]).isEqualTo((long) order[i]);
            assertThat(lAt[k]).isEqualTo((long) longOrder[i]);
            assertThat(y[k]).isEqualTo((Double) x[from + order[i] * inner]);
            assertThat(fy[k]).isEqualTo((Float) f[from + order[i] * inner]);
            assertThat(ly[k]).isEqualTo(l[from + longOrder[i] * inner]);
          }
        }
      }
    }
  }

  private static Integer[] order(int n, Comparator<Integer> by) {
    Integer[] order = new Integer[n];
    Arrays.setAll(order, i -> i);
    Arrays.sort(order, by);
    return order;
  }

  @Test
  void takingMoreThanTheAxisHoldsIsRefused() {
    assertThatThrownBy(
            () ->
                Sort.sort(new float[3], 0, 1, 3, 1, true, 4, new float[4], 0, new long[4], 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("k 4 and length 3");
  }
}
