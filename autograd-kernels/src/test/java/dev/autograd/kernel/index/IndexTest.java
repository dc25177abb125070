package dev.autograd.kernel.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.kernel.support.Samples;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IndexTest {

  @Test
  void aStridedCopyMovesEveryElementOfAnyTwoViews() {
    var random = new Random(3);
    for (int round = 0; round < 300; round++) {
      int rank = random.nextInt(5);
      int[] shape = new int[rank];
      for (int d = 0; d < rank; d++) {
        shape[d] = random.nextInt(8) == 0 ? random.nextInt(90) : 1 + random.nextInt(6);
      }
      int[] xStrides = new int[rank];
      int[] yStrides = new int[rank];
      int[] x0 = new int[1];
      int[] y0 = new int[1];
      int xSize = layout(random, shape, xStrides, x0, true);
      int ySize = layout(random, shape, yStrides, y0, false);
      float[] x = Samples.floats(round, xSize);
      float[] y = new float[ySize];
      float[] expected = new float[ySize];
      int n = Positions.count(shape);
      for (int i = 0; i < n; i++) {
        int left = i;
        int xi = x0[0];
        int yi = y0[0];
        for (int d = rank - 1; d >= 0; d--) {
          xi += left % shape[d] * xStrides[d];
          yi += left % shape[d] * yStrides[d];
          left /= shape[d];
        }
        expected[yi] = x[xi];
      }
      StridedCopy.copy(shape, x, x0[0], xStrides, y, y0[0], yStrides);
      assertThat(y)
          .as(
              "%s %s %s",
              Arrays.toString(shape), Arrays.toString(xStrides), Arrays.toString(yStrides))
          .isEqualTo(expected);
      byte[] bytes = new byte[xSize];
      for (int i = 0; i < xSize; i++) {
        bytes[i] = (byte) (x[i] * 40);
      }
      byte[] moved = new byte[ySize];
      StridedCopy.copy(shape, bytes, x0[0], xStrides, moved, y0[0], yStrides);
      for (int i = 0; i < ySize; i++) {
        assertThat(moved[i]).isEqualTo((byte) (expected[i] * 40));
      }
    }
  }

  /// Chooses strides for any order of the axes, with gaps, reversed axes and repeated ones.
  private static int layout(
      Random random, int[] shape, int[] strides, int[] offset, boolean repeats) {
    Integer[] order = new Integer[shape.length];
    Arrays.setAll(order, i -> i);
    java.util.Collections.shuffle(Arrays.asList(order), random);
    int n = 1;
    offset[0] = random.nextInt(3);
    for (int d : order) {
      if (repeats && random.nextInt(5) == 0) {
        strides[d] = 0;
        continue;
      }
      strides[d] = n;
      if (random.nextInt(4) == 0) {
        strides[d] = -n;
        offset[0] += n * Math.max(0, shape[d] - 1);
      }
      n *= Math.max(1, shape[d]) + (random.nextInt(3) == 0 ? 1 : 0);
    }
    return n + offset[0];
  }

  @Test
  void aLargeTransposingCopyDoesNotDependOnThreads() {
    int rows = 517;
    int columns = 389;
    double[] x = Samples.doubles(1, rows * columns);
    for (double[] y :
        Samples.onThreads(
            () -> {
              double[] r = new double[rows * columns];
              StridedCopy.copy(
                  new int[] {columns, rows},
                  x,
                  0,
                  new int[] {1, columns},
                  r,
                  0,
                  new int[] {rows, 1});
              return r;
            })) {
      for (int i = 0; i < rows * columns; i++) {
        if (y[i] != x[i % rows * columns + i / rows]) {
          assertThat(y[i]).as("at %d", i).isEqualTo(x[i % rows * columns + i / rows]);
        }
      }
    }
  }

  /// Lines are turned eight at once, in pieces of 256: the sizes lie on both sides of each limit.
  @Test
  void turnedLinesKeepTheirElementsAtAnyCountAndLength() {
    for (int lines : new int[] {2, 7, 8, 9, 31, 32, 33, 41}) {
      for (int length : new int[] {2, 7, 8, 9, 255, 256, 257, 515}) {
        for (int gap : new int[] {0, 3}) {
          for (boolean backwards : new boolean[] {false, true}) {
            turn(lines, length, gap, backwards);
          }
        }
      }
    }
  }

  private static void turn(int lines, int length, int gap, boolean backwards) {
    int line = length + gap;
    int row = lines + 2 * gap;
    int xOffset = 2 + (backwards ? (lines - 1) * line : 0);
    int xLine = backwards ? -line : line;
    int[] shape = {length, lines};
    int[] xStrides = {1, xLine};
    int[] yStrides = {row, 1};
    float[] x = Samples.floats(lines + length, 2 + lines * line);
    byte[] bytes = new byte[x.length];
    for (int k = 0; k < x.length; k++) {
      bytes[k] = (byte) (x[k] * 40);
    }
    float[] expected = new float[5 + length * row];
    byte[] expectedBytes = new byte[expected.length];
    for (int i = 0; i < length; i++) {
      for (int j = 0; j < lines; j++) {
        expected[5 + i * row + j] = x[xOffset + i + j * xLine];
        expectedBytes[5 + i * row + j] = bytes[xOffset + i + j * xLine];
      }
    }
    String which = lines + " lines of " + length + ", gap " + gap + ", backwards " + backwards;
    for (float[] y :
        Samples.onThreads(
            () -> {
              float[] r = new float[expected.length];
              StridedCopy.copy(shape, x, xOffset, xStrides, r, 5, yStrides);
              return r;
            })) {
      assertThat(Arrays.equals(y, expected)).as(which).isTrue();
    }
    byte[] moved = new byte[expected.length];
    StridedCopy.copy(shape, bytes, xOffset, xStrides, moved, 5, yStrides);
    assertThat(Arrays.equals(moved, expectedBytes)).as("bytes, %s", which).isTrue();
  }

  @Test
  void contiguousStridesEndInOne() {
    assertThat(StridedCopy.contiguous(new int[] {2, 3, 4})).containsExactly(12, 4, 1);
    assertThat(StridedCopy.contiguous(new int[0])).isEmpty();
  }

  @Test
  void gatherAndScatterFollowTheAxisOfAnyView() {
    int[] shape = {2, 3, 4};
    for (int axis = 0; axis < 3; axis++) {
      int size = 5;
      int[] view = {4, 6, 7};
      view[axis] = size;
      // The view lies transposed in memory.
      int[] strides = {1, view[0] * view[2], view[0]};
      float[] x = Samples.floats(axis, 3 + view[0] * view[1] * view[2]);
      long[] index = Samples.positions(axis, 1 + 24, size);
      float[] y = new float[2 + 24];
      assertThat(AxisIndex.gather(shape, axis, size, x, 3, strides, index, 1, y, 2)).isEqualTo(-1);
      float[] set = x.clone();
      float[] added = x.clone();
      float[] values = Samples.floats(9, 1 + 24);
      assertThat(AxisIndex.scatter(shape, axis, size, values, 1, index, 1, set, 3, strides))
          .isEqualTo(-1);
      assertThat(AxisIndex.scatterAdd(shape, axis, size, values, 1, index, 1, added, 3, strides))
          .isEqualTo(-1);
      float[] expectedSet = x.clone();
      float[] expectedAdded = x.clone();
      for (int i = 0; i < 24; i++) {
        int[] at = {i / 12, i / 4 % 3, i % 4};
        at[axis] = (int) index[1 + i];
        int k = 3 + at[0] * strides[0] + at[1] * strides[1] + at[2] * strides[2];
        assertThat(y[2 + i]).isEqualTo(x[k]);
        expectedSet[k] = values[1 + i];
        expectedAdded[k] += values[1 + i];
      }
      assertThat(set).isEqualTo(expectedSet);
      assertThat(added).isEqualTo(expectedAdded);
    }
  }

  @Test
  void zeroDimensionalGatherTakesTheOnlyElement() {
    long[] y = new long[1];
    int[] none = new int[0];
    assertThat(AxisIndex.gather(none, 0, 1, new long[] {7}, 0, none, new long[1], 0, y, 0))
        .isEqualTo(-1);
    assertThat(y[0]).isEqualTo(7);
  }

  @Test
  void positionsOutsideAreReportedAndNothingIsWritten() {
    long[] bad = {0, 2, -1, 9};
    float[] y = new float[8];
    float[] x = {1f, 2f, 3f, 4f, 5f, 6f, 7f, 8f};
    assertThat(Positions.firstOutside(bad, 0, 4, 9)).isEqualTo(2);
    assertThat(Positions.firstOutside(bad, 0, 4, 2)).isEqualTo(1);
    assertThat(Positions.firstOutside(bad, 0, 2, 3)).isEqualTo(-1);
    assertThat(Positions.firstOutside(new long[] {1L << 32}, 0, 1, 5)).isEqualTo(0);
    int[] shape = {4};
    int[] one = {1};
    assertThat(AxisIndex.gather(shape, 0, 8, x, 0, one, bad, 0, y, 0)).isEqualTo(2);
    assertThat(AxisIndex.scatter(shape, 0, 8, x, 0, bad, 0, y, 0, one)).isEqualTo(2);
    assertThat(AxisIndex.scatterAdd(shape, 0, 8, x, 0, bad, 0, y, 0, one)).isEqualTo(2);
    assertThat(SliceIndex.select(1, 8, 1, x, 0, bad, 0, 4, y, 0)).isEqualTo(2);
    assertThat(SliceIndex.add(1, 8, 1, x, 0, bad, 0, 4, y, 0)).isEqualTo(2);
    assertThat(FlatIndex.take(x, 0, 8, bad, 0, 4, y, 0)).isEqualTo(2);
    assertThat(FlatIndex.put(x, 0, bad, 0, 4, y, 0, 8)).isEqualTo(2);
    assertThat(FlatIndex.putAdd(x, 0, bad, 0, 4, y, 0, 8)).isEqualTo(2);
    assertThat(Positions.oneHot(bad, 0, 4, 8, new long[32], 0)).isEqualTo(2);
    assertThat(y).containsOnly(0f);
  }

  @Test
  void sliceGradientsAddInOrderOnAnyThreads() {
    int outer = 3;
    int axis = 11;
    int inner = 300;
    int n = 400;
    float[] x = Samples.floats(1, outer * n * inner);
    long[] index = Samples.positions(2, n, axis);
    float[] start = Samples.floats(3, outer * axis * inner);
    float[] expected = start.clone();
    for (int o = 0; o < outer; o++) {
      for (int i = 0; i < n; i++) {
        for (int j = 0; j < inner; j++) {
          expected[(o * axis + (int) index[i]) * inner + j] += x[(o * n + i) * inner + j];
        }
      }
    }
    for (float[] y :
        Samples.onThreads(
            () -> {
              float[] r = start.clone();
              SliceIndex.add(outer, axis, inner, x, 0, index, 0, n, r, 0);
              return r;
            })) {
      assertThat(y).isEqualTo(expected);
    }
    float[] picked = new float[outer * n * inner];
    SliceIndex.select(outer, axis, inner, start, 0, index, 0, n, picked, 0);
    for (int t = 0; t < outer * n; t++) {
      int from = (t / n * axis + (int) index[t % n]) * inner;
      assertThat(Arrays.copyOfRange(picked, t * inner, (t + 1) * inner))
          .isEqualTo(Arrays.copyOfRange(start, from, from + inner));
    }
  }

  @Test
  void flatPositionsMayRepeat() {
    double[] x = {1, 2, 3, 4};
    long[] index = {3, 0, 3};
    double[] y = new double[3];
    FlatIndex.take(x, 0, 4, index, 0, 3, y, 0);
    assertThat(y).containsExactly(4, 1, 4);
    FlatIndex.put(new double[] {7, 8, 9}, 0, index, 0, 3, x, 0, 4);
    assertThat(x).containsExactly(8, 2, 3, 9);
    FlatIndex.putAdd(new double[] {7, 8, 9}, 0, index, 0, 3, x, 0, 4);
    assertThat(x).containsExactly(16, 2, 3, 25);
    long[] hot = new long[6];
    Positions.oneHot(new long[] {1, 2}, 0, 2, 3, hot, 0);
    assertThat(hot).containsExactly(0, 1, 0, 0, 0, 1);
  }

  @Test
  void castsGoTowardZeroAndSaturate() {
    float nan = Float.NaN;
    float inf = Float.POSITIVE_INFINITY;
    float[] x = {nan, inf, -inf, 2.9f, -2.9f, 300f, -1f, 1e10f};
    long[] longs = new long[8];
    int[] ints = new int[8];
    byte[] bytes = new byte[8];
    byte[] truth = new byte[8];
    Cast.cast(x, 0, longs, 0, 8);
    Cast.cast(x, 0, ints, 0, 8);
    Cast.cast(x, 0, bytes, 0, 8);
    Cast.toBool(x, 0, truth, 0, 8);
    long most = Long.MAX_VALUE;
    assertThat(longs).containsExactly(0, most, Long.MIN_VALUE, 2, -2, 300, -1, 10_000_000_000L);
    int top = Integer.MAX_VALUE;
    assertThat(ints).containsExactly(0, top, Integer.MIN_VALUE, 2, -2, 300, -1, top);
    assertThat(bytes).containsExactly(0, -1, 0, 2, -2, 44, -1, -1);
    assertThat(truth).containsOnly(1);
    Cast.cast(bytes, 0, ints, 0, 8);
    assertThat(ints).containsExactly(0, 255, 0, 2, 254, 44, 255, 255);
    double[] doubles = new double[8];
    Cast.cast(bytes, 1, doubles, 0, 2);
    assertThat(doubles[0]).isEqualTo(255.0);
    Cast.toBool(new double[] {0.0, -0.0, 1e-300}, 0, truth, 0, 3);
    assertThat(Arrays.copyOf(truth, 3)).containsExactly(0, 0, 1);
    Cast.cast(new long[] {(1L << 32) + 5}, 0, ints, 0, 1);
    assertThat(ints[0]).isEqualTo(5);
  }
}
