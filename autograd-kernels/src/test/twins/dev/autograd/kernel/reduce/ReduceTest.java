package dev.autograd.kernel.reduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.kernel.Inflow;
import dev.autograd.kernel.reduce.lanes.Rows;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import dev.autograd.kernel.support.Samples;
import dev.autograd.kernel.support.Tolerance;
import dev.autograd.kernel.support.Trickle;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

@SuppressWarnings("cast") // to double; in f64 it does nothing
class ReduceTest {
  private static final int[] LENGTHS = {
    1, 2, 3, 5, 15, 16, 17, 31, 32, 33, 63, 64, 100, 1023, 1024, 1025, 2047, 3000, 5121
  };

  /// A view of three axes, of which some are reduced.
  private record View(int[] shape, int[] strides, boolean[] reduced, int size) {
    static View of(Random random, int length) {
      int a = 1 + random.nextInt(3);
      int[] shape = {1 + random.nextInt(4), length, a};
      boolean[] reduced = {false, true, random.nextBoolean()};
      if (random.nextBoolean()) {
        shape = new int[] {a, 1 + random.nextInt(length > 200 ? 6 : 70), length};
        reduced = new boolean[] {random.nextBoolean(), false, true};
      }
      // Any order of the axes in memory.
      int[] order = {0, 1, 2};
      for (int i = 2; i > 0; i--) {
        int j = random.nextInt(i + 1);
        int t = order[i];
        order[i] = order[j];
        order[j] = t;
      }
      int[] strides = new int[3];
      int n = 1;
      for (int d : order) {
        strides[d] = n;
        n *= shape[d] + random.nextInt(2);
      }
      return new View(shape, strides, reduced, n);
    }

    Axes axes() {
      return Axes.of(shape, strides, reduced);
    }

    @Override
    public String toString() {
      return Arrays.toString(shape) + Arrays.toString(strides) + Arrays.toString(reduced);
    }
  }

  // Twins: f32 as f64.

  /// The sequences of a view, by plain loops over its three axes.
  private static float[][] sequencesF32(View v, float[] x, int offset) {
    Axes axes = v.axes();
    float[][] out = new float[axes.outputs()][axes.length()];
    int[] filled = new int[out.length];
    for (int i = 0; i < v.shape[0]; i++) {
      for (int j = 0; j < v.shape[1]; j++) {
        for (int k = 0; k < v.shape[2]; k++) {
          int[] at = {i, j, k};
          int o = 0;
          int from = offset;
          for (int d = 0; d < 3; d++) {
            o = v.reduced[d] ? o : o * v.shape[d] + at[d];
            from += at[d] * v.strides[d];
          }
          out[o][filled[o]++] = x[from];
        }
      }
    }
    return out;
  }

  /// The definition of a sum: blocks, lanes, folds in halves, blocks pairwise.
  private static float sumF32(float[] x) {
    int blocks = (x.length + RowsF32.BLOCK - 1) / RowsF32.BLOCK;
    float[] parts = new float[blocks];
    for (int b = 0; b < blocks; b++) {
      float[] s = new float[RowsF32.LANES];
      for (int i = b * RowsF32.BLOCK; i < Math.min(x.length, (b + 1) * RowsF32.BLOCK); i++) {
        s[i % RowsF32.LANES] += x[i];
      }
      for (int w = RowsF32.LANES / 2; w > 0; w /= 2) {
        for (int l = 0; l < w; l++) {
          s[l] += s[l + w];
        }
      }
      parts[b] = s[0];
    }
    for (int n = blocks; n > 1; n = (n + 1) / 2) {
      for (int i = 0; i < n / 2; i++) {
        parts[i] = parts[2 * i] + parts[2 * i + 1];
      }
      if (n % 2 == 1) {
        parts[n / 2] = parts[n - 1];
      }
    }
    return parts[0];
  }

  private static List<RowsF32> rowsF32() {
    return List.of(Rows.vectorF32(), Rows.plainF32());
  }

  @Test
  void anF32SumHasTheBitsOfItsDefinitionInEveryLayout() {
    var random = new Random(7);
    for (int round = 0; round < 150; round++) {
      View v = View.of(random, LENGTHS[random.nextInt(LENGTHS.length)]);
      int offset = random.nextInt(5);
      float[] x = Samples.floats(round, offset + v.size());
      float[][] sequences = sequencesF32(v, x, offset);
      float[] expected = new float[sequences.length + 2];
      for (int o = 0; o < sequences.length; o++) {
        expected[o + 1] = sumF32(sequences[o]);
      }
      for (RowsF32 rows : rowsF32()) {
        float[] y = new float[sequences.length + 2];
        FoldF32.run(rows, FoldF32.Kind.SUM, Inflow.of(x, offset), v.axes(), null, 0, y, 1);
        assertThat(y).as("%s", v).isEqualTo(expected);
      }
    }
  }

  @Test
  void sumsOfShortF32RowsSideBySideHaveTheBitsOfTheirDefinition() {
    for (int n = 1; n < 300; n = n < 70 ? n + 1 : n + 31) {
      for (int count : new int[] {1, 7, 16, 33, 64, 70, 131}) {
        float[] x = Samples.floats(n, 3 + count * n);
        Arrays.fill(x, 3, 3 + n, -0f);
        float[] expected = new float[count];
        for (int o = 0; o < count; o++) {
          expected[o] = sumF32(Arrays.copyOfRange(x, 3 + o * n, 3 + (o + 1) * n));
        }
        Axes axes = Axes.middle(count, n, 1);
        for (RowsF32 rows : rowsF32()) {
          float[] y = new float[count];
          FoldF32.run(rows, FoldF32.Kind.SUM, Inflow.of(x, 3), axes, null, 0, y, 0);
          assertThat(y).as("%s rows of %s", count, n).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void sumsOfFewF32ColumnsHaveTheBitsOfTheirDefinition() {
    for (int width : new int[] {4, 15, 16, 17, 128}) {
      for (int n : new int[] {1, 31, 32, 33, 127, 128, 129, 161, 1023, 1024, 1025, 2100}) {
        float[] x = Samples.floats(n, n * width);
        float[] expected = new float[width];
        for (int j = 0; j < width; j++) {
          float[] column = new float[n];
          for (int i = 0; i < n; i++) {
            column[i] = x[i * width + j];
          }
          expected[j] = sumF32(column);
        }
        Axes axes = Axes.middle(1, n, width);
        for (RowsF32 rows : rowsF32()) {
          for (float[] y :
              Samples.onThreads(
                  () -> {
                    float[] r = new float[width];
                    FoldF32.run(rows, FoldF32.Kind.SUM, Inflow.of(x, 0), axes, null, 0, r, 0);
                    return r;
                  })) {
            assertThat(y).as("%s rows of %s", n, width).isEqualTo(expected);
          }
        }
      }
    }
  }

  @Test
  void sumsOfFewF32RowsHaveTheBitsOfTheirDefinition() {
    for (int width : new int[] {4, 16, 37, 1024, 2500}) {
      for (int n : new int[] {1, 2, 5, 8, 16, 17, 31, 32}) {
        // Rows with something between them, which is not to be added.
        int pitch = width + 3;
        float[] x = Samples.floats(n + width, 1 + n * pitch);
        for (int i = 0; i < n; i++) {
          x[1 + i * pitch] = -0f;
          x[1 + i * pitch + width] = Float.NaN;
        }
        float[] expected = new float[width + 2];
        for (int j = 0; j < width; j++) {
          float[] column = new float[n];
          for (int i = 0; i < n; i++) {
            column[i] = x[1 + i * pitch + j];
          }
          expected[1 + j] = sumF32(column);
        }
        int[] strides = {pitch, 1};
        Axes axes = Axes.of(new int[] {n, width}, strides, new boolean[] {true, false});
        for (RowsF32 rows : rowsF32()) {
          for (float[] y :
              Samples.onThreads(
                  () -> {
                    float[] r = new float[width + 2];
                    FoldF32.run(rows, FoldF32.Kind.SUM, Inflow.of(x, 1), axes, null, 0, r, 1);
                    return r;
                  })) {
            assertThat(Arrays.equals(y, expected)).as("%s rows of %s", n, width).isTrue();
          }
        }
      }
    }
  }

  @Test
  void extremesOfF32AndTheirFirstPlacesAreThoseOfPlainLoopsInEveryLayout() {
    float inf = Float.POSITIVE_INFINITY;
    float[][] values = {
      {0f, -0f},
      {-inf},
      {1f, 2f, 3f, -1f, -2f, 0f, -0f},
      {1f, inf, -inf, 2f},
      {-1f, -2f, -0f},
      {1f, 2f, 3f, 4f, 5f, 6f, 7f, Float.NaN, -1f, -2f, -3f, inf}
    };
    var random = new Random(11);
    for (int round = 0; round < 240; round++) {
      View v = View.of(random, LENGTHS[random.nextInt(LENGTHS.length)]);
      int offset = random.nextInt(5);
      float[] some = values[round % values.length];
      float[] x = new float[offset + v.size()];
      for (int i = 0; i < x.length; i++) {
        // A NaN is rare, so that it comes alone or late.
        float e = some[random.nextInt(some.length)];
        x[i] = Float.isNaN(e) && random.nextInt(50) > 0 ? 1f : e;
      }
      float[][] sequences = sequencesF32(v, x, offset);
      for (int sign : new int[] {-1, 1}) {
        float[] extremes = new float[sequences.length];
        long[] places = new long[sequences.length];
        for (int o = 0; o < sequences.length; o++) {
          float best = -sign * inf;
          int at = 0;
          for (int i = 0; i < sequences[o].length; i++) {
            float e = sequences[o][i];
            boolean better = sign > 0 ? e > best : e < best;
            at = better || (Float.isNaN(e) && !Float.isNaN(best)) ? i : at;
            best = sign > 0 ? Math.max(best, e) : Math.min(best, e);
          }
          extremes[o] = best;
          places[o] = at;
        }
        FoldF32.Kind kind = sign > 0 ? FoldF32.Kind.MAX : FoldF32.Kind.MIN;
        for (RowsF32 rows : rowsF32()) {
          float[] y = new float[sequences.length];
          FoldF32.run(rows, kind, Inflow.of(x, offset), v.axes(), null, 0, y, 0);
          assertThat(Arrays.equals(y, extremes)).as("%s of %s", kind, v).isTrue();
          for (long[] at :
              Samples.onThreads(
                  () -> {
                    long[] r = new long[sequences.length];
                    ArgReduce.run(rows, x, offset, v.axes(), r, 0, "arg", sign);
                    return r;
                  })) {
            assertThat(Arrays.equals(at, places)).as("place of %s of %s", kind, v).isTrue();
          }
        }
      }
    }
  }

  @Test
  void lateF32ElementsThatComeAsTheyAreReadAreReadOnceAndFoldToTheSameBits() {
    var random = new Random(8);
    for (int round = 0; round < 150; round++) {
      View v = View.of(random, LENGTHS[random.nextInt(LENGTHS.length)]);
      int offset = random.nextInt(5);
      float[] x = Samples.floats(round, offset + v.size());
      float[] expected = new float[v.axes().outputs()];
      Reduce.sum(x, offset, v.axes(), expected, 0);
      for (boolean kept : new boolean[] {false, true}) {
        float[] y = new float[expected.length];
        Reduce.sum(new Trickle(x, offset, kept), v.axes(), y, 0);
        assertThat(y).as("%s, kept: %s", v, kept).isEqualTo(expected);
      }
    }
  }

  @Test
  void lateF32ColumnsThatComeAsTheyAreReadFoldToTheSameBits() {
    int[][] shapes = {{3, 4}, {40, 20}, {1030, 300}, {70, 1200}, {5000, 7}, {200, 512}};
    for (int[] shape : shapes) {
      float[] x = Samples.floats(shape[1], shape[0] * shape[1]);
      Axes axes = Axes.middle(1, shape[0], shape[1]);
      float[] expected = new float[shape[1]];
      Reduce.mean(x, 0, axes, expected, 0);
      for (boolean kept : new boolean[] {false, true}) {
        for (float[] y :
            Samples.onThreads(
                () -> {
                  float[] r = new float[shape[1]];
                  Reduce.mean(new Trickle(x, 0, kept), axes, r, 0);
                  return r;
                })) {
          assertThat(Arrays.equals(y, expected)).as(Arrays.toString(shape)).isTrue();
        }
      }
    }
  }

  @Test
  void theOtherF32ReductionsAgreeWithPlainLoops() {
    var random = new Random(9);
    for (int round = 0; round < 150; round++) {
      View v = View.of(random, LENGTHS[random.nextInt(LENGTHS.length)]);
      float[] x = Samples.floats(round, v.size());
      float[][] sequences = sequencesF32(v, x, 0);
      Axes axes = v.axes();
      int n = axes.outputs();
      float[] max = new float[n];
      float[] min = new float[n];
      float[] mean = new float[n];
      float[] variance = new float[n];
      float[] lse = new float[n];
      float[] squares = new float[n];
      long[] argmax = new long[n];
      long[] argmin = new long[n];
      Reduce.max(x, 0, axes, max, 0);
      Reduce.min(x, 0, axes, min, 0);
      Reduce.variance(x, 0, axes, 0.0, mean, 0, variance, 0);
      Reduce.logSumExp(x, 0, axes, lse, 0);
      Reduce.sumOfSquares(x, 0, axes, squares, 0);
      ArgReduce.argmax(x, 0, axes, argmax, 0);
      ArgReduce.argmin(x, 0, axes, argmin, 0);
      for (int o = 0; o < n; o++) {
        double sum = 0;
        double sum2 = 0;
        double exp = 0;
        int least = 0;
        int greatest = 0;
        for (int i = 0; i < sequences[o].length; i++) {
          double e = sequences[o][i];
          sum += e;
          sum2 += e * e;
          exp += Math.exp(e);
          least = e < sequences[o][least] ? i : least;
          greatest = e > sequences[o][greatest] ? i : greatest;
        }
        int length = sequences[o].length;
        double mu = sum / length;
        assertThat(max[o]).isEqualTo(sequences[o][greatest]);
        assertThat(min[o]).isEqualTo(sequences[o][least]);
        assertThat(argmax[o]).isEqualTo(greatest);
        assertThat(argmin[o]).isEqualTo(least);
        assertThat((double) mean[o]).isCloseTo(mu, within(Tolerance.of(mean, 1e-6)));
        assertThat((double) variance[o])
            .isCloseTo(sum2 / length - mu * mu, within(Tolerance.of(variance, 2e-5)));
        assertThat((double) lse[o]).isCloseTo(Math.log(exp), within(Tolerance.of(lse, 2e-6)));
        assertThat((double) squares[o]).isCloseTo(sum2, within(Tolerance.of(squares, 1e-6 * sum2)));
      }
    }
  }

  @Test
  void reductionsHaveTheSameBitsInRowsAndColumnsOnAnyThreadsAndLanesF32() {
    int n = 2600;
    int width = 131;
    float[] x = Samples.floats(4, n * width);
    float[] turned = new float[n * width];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < width; j++) {
        turned[j * n + i] = x[i * width + j];
      }
    }
    Axes columns = Axes.middle(1, n, width);
    Axes rows = Axes.middle(width, n, 1);
    float[] shift = Samples.floats(5, width);
    for (FoldF32.Kind kind : FoldF32.Kind.values()) {
      float[] expected = new float[width];
      FoldF32.run(Rows.plainF32(), kind, Inflow.of(turned, 0), rows, shift, 0, expected, 0);
      for (RowsF32 lanes : rowsF32()) {
        for (float[] y :
            Samples.onThreads(
                () -> {
                  float[] r = new float[2 * width];
                  FoldF32.run(lanes, kind, Inflow.of(x, 0), columns, shift, 0, r, 0);
                  FoldF32.run(lanes, kind, Inflow.of(turned, 0), rows, shift, 0, r, width);
                  return r;
                })) {
          assertThat(Arrays.copyOf(y, width)).as(kind.toString()).isEqualTo(expected);
          assertThat(Arrays.copyOfRange(y, width, 2 * width)).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void anF32ProductMultipliesEveryElementOnce() {
    for (int n : LENGTHS) {
      float[] x = new float[n];
      Arrays.fill(x, 1f);
      x[n / 2] = 3f;
      x[n - 1] *= 5f;
      float[] y = new float[1];
      Reduce.prod(x, 0, Axes.middle(1, n, 1), y, 0);
      assertThat(y[0]).isEqualTo(15f);
    }
  }

  @Test
  void emptySequencesGiveTheNeutralElementInF32() {
    Axes axes = Axes.middle(2, 0, 3);
    float[] y = new float[6];
    Reduce.prod(new float[0], 0, axes, y, 0);
    assertThat(y).containsOnly(1f);
    Reduce.sum(new float[0], 0, axes, y, 0);
    assertThat(y).containsOnly(0f);
    Reduce.max(new float[0], 0, axes, y, 0);
    assertThat(y).containsOnly(Float.NEGATIVE_INFINITY);
    Reduce.mean(new float[0], 0, axes, y, 0);
    assertThat(y).containsOnly(Float.NaN);
    Reduce.logSumExp(new float[0], 0, axes, y, 0);
    assertThat(y).containsOnly(Float.NEGATIVE_INFINITY);
    Reduce.sum(new float[0], 0, Axes.middle(0, 4, 3), y, 0);
  }

  @Test
  void aNanWinsEveryF32ComparisonAndItsFirstPlaceIsTheArgument() {
    for (int n : new int[] {3, 40, 1500}) {
      float[] x = Samples.floats(n, n);
      x[n / 2] = Float.NaN;
      x[n - 1] = Float.NaN;
      Axes axes = Axes.middle(1, n, 1);
      float[] y = new float[1];
      long[] at = new long[1];
      Reduce.max(x, 0, axes, y, 0);
      assertThat(y[0]).isNaN();
      Reduce.min(x, 0, axes, y, 0);
      assertThat(y[0]).isNaN();
      ArgReduce.argmax(x, 0, axes, at, 0);
      assertThat(at[0]).isEqualTo(n / 2);
      ArgReduce.argmin(x, 0, axes, at, 0);
      assertThat(at[0]).isEqualTo(n / 2);
    }
  }

  @Test
  void logSumExpKeepsInfinitiesAndLargeValuesF32() {
    float inf = Float.POSITIVE_INFINITY;
    float[] x = {-inf, -inf, 1000f, 1000f, inf, 0f, -inf, 3f};
    float[] y = new float[4];
    Reduce.logSumExp(x, 0, Axes.middle(4, 2, 1), y, 0);
    assertThat(y[0]).isEqualTo(-inf);
    assertThat(y[1]).isEqualTo(1000f + (float) Math.log(2.0));
    assertThat(y[2]).isEqualTo(inf);
    assertThat(y[3]).isEqualTo(3f);
  }

  @Test
  void runningF32SumsGoForwardAndBackward() {
    int outer = 3;
    int axis = 17;
    int inner = 67;
    float[] x = Samples.floats(1, outer * axis * inner);
    for (boolean reverse : new boolean[] {false, true}) {
      float[] y = new float[x.length];
      Scan.cumsum(x, 0, outer, axis, inner, reverse, y, 0);
      for (int o = 0; o < outer; o++) {
        for (int j = 0; j < inner; j++) {
          double s = 0;
          for (int i = 0; i < axis; i++) {
            int at = (o * axis + (reverse ? axis - 1 - i : i)) * inner + j;
            s += x[at];
            assertThat((double) y[at]).isCloseTo(s, within(Tolerance.of(y, 1e-6)));
          }
        }
      }
    }
  }

  @Test
  void argumentsOfAnEmptyF32AxisAreRefused() {
    org.assertj.core.api.Assertions.assertThatThrownBy(
            () -> ArgReduce.argmax(new float[0], 0, Axes.middle(2, 0, 1), new long[2], 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("argmax")
        .hasMessageContaining("2 outputs");
  }

  // End of twins.

  @Test
  void aLongF32SumIsAsAccurateAsAPairwiseOne() {
    int n = 10_000_000;
    float[] x = new float[n];
    Arrays.fill(x, 0.1f);
    float[] y = new float[1];
    Reduce.sum(x, 0, Axes.middle(1, n, 1), y, 0);
    double exact = (double) 0.1f * n;
    // Added one by one it would be 1.0879e6.
    assertThat(Math.abs(y[0] - exact) / exact).isLessThan(Tolerance.of(y, 1e-6));
  }

  @Test
  void theVarianceOfOneElementWithCorrectionIsNan() {
    float[] mean = new float[1];
    float[] y = new float[1];
    Reduce.variance(new float[] {3f}, 0, Axes.middle(1, 1, 1), 1.0, mean, 0, y, 0);
    assertThat(y[0]).isNaN();
    Reduce.variance(new float[] {1f, 3f}, 0, Axes.middle(1, 2, 1), 1.0, mean, 0, y, 0);
    assertThat(y[0]).isEqualTo(2f);
  }

  @Test
  void integerReductionsWrapAroundAndFollowTheAxes() {
    long[] x = {1, 2, 3, 4, 5, Long.MAX_VALUE};
    long[] y = new long[3];
    IntegerReduce.sum(x, 0, Axes.middle(1, 2, 3), y, 0);
    assertThat(y).containsExactly(5, 7, Long.MIN_VALUE + 2);
    IntegerReduce.prod(x, 0, Axes.middle(2, 3, 1), y, 0);
    assertThat(y[0]).isEqualTo(6);
    IntegerReduce.max(x, 0, Axes.middle(1, 2, 3), y, 0);
    assertThat(y).containsExactly(4, 5, Long.MAX_VALUE);
    IntegerReduce.min(x, 0, Axes.middle(1, 2, 3), y, 0);
    assertThat(y).containsExactly(1, 2, 3);
    int[] z = new int[1];
    IntegerReduce.sum(new int[] {Integer.MAX_VALUE, 1}, 0, Axes.middle(1, 2, 1), z, 0);
    assertThat(z[0]).isEqualTo(Integer.MIN_VALUE);
    IntegerReduce.prod(new int[0], 0, Axes.middle(1, 0, 1), z, 0);
    assertThat(z[0]).isEqualTo(1);
    Scan.cumsum(new long[] {1, 2, 3, 4, 5, 6}, 0, 1, 3, 2, true, x, 0);
    assertThat(x).containsExactly(9, 12, 8, 10, 5, 6);
  }

  @Test
  void anyAllAndCountLookAtEveryByte() {
    byte[] x = {0, 0, 0, 0, 7, 0, 1, 1, 1};
    byte[] y = new byte[3];
    IntegerReduce.any(x, 0, Axes.middle(3, 3, 1), y, 0);
    assertThat(y).containsExactly(0, 1, 1);
    IntegerReduce.all(x, 0, Axes.middle(3, 3, 1), y, 0);
    assertThat(y).containsExactly(0, 0, 1);
    IntegerReduce.all(x, 0, Axes.middle(1, 0, 3), y, 0);
    assertThat(y).containsExactly(1, 1, 1);
    IntegerReduce.any(x, 0, Axes.middle(1, 0, 3), y, 0);
    assertThat(y).containsExactly(0, 0, 0);
    long[] n = new long[3];
    IntegerReduce.count(x, 0, Axes.middle(1, 3, 3), n, 0);
    assertThat(n).containsExactly(1, 2, 1);
  }
}
