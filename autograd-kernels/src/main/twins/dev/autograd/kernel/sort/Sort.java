package dev.autograd.kernel.sort;

import dev.autograd.kernel.parallel.Workers;
import java.util.Arrays;

/// Stable sorting along the middle axis of contiguous `[outer, axis, inner]` arrays.
///
/// NaN is greater than every number: last in ascending order, first in descending order. `0.0` and
/// `-0.0` are equal, and equal elements keep their order either way.
public final class Sort {
  private static final int CHUNK = 1 << 12;

  private Sort() {}

  /// Sorts f32 elements and writes the first `take` of each line with their positions.
  ///
  /// With `take == axis` it is a full sort, with less a topk; y and index are `[outer, take,
  /// inner]`.
  ///
  /// @throws IllegalArgumentException if `take` is not in `[0, axis]`
  public static void sort(
      float[] x,
      int xOffset,
      int outer,
      int axis,
      int inner,
      boolean descending,
      int take,
      float[] y,
      int yOffset,
      long[] index,
      int indexOffset) {
    requireTake(take, axis);
    Workers.forRange(
        outer * inner,
        Workers.grain(CHUNK, axis),
        (from, to) -> {
          // Key and position in one word: the order of words is the stable order of keys.
          long[] words = new long[axis];
          for (int t = from; t < to; t++) {
            int at = t / inner * axis * inner + t % inner;
            for (int i = 0; i < axis; i++) {
              int key = key(x[xOffset + at + i * inner]);
              words[i] = (long) (descending ? ~key : key) << 32 | i;
            }
            Arrays.sort(words);
            int out = t / inner * take * inner + t % inner;
            for (int i = 0; i < take; i++) {
              int p = (int) words[i];
              index[indexOffset + out + i * inner] = p;
              y[yOffset + out + i * inner] = x[xOffset + at + p * inner];
            }
          }
        });
  }

  // Twins: f64 as i64.

  /// Sorts f64 elements; see the f32 form.
  ///
  /// @throws IllegalArgumentException if `take` is not in `[0, axis]`
  public static void sort(
      double[] x,
      int xOffset,
      int outer,
      int axis,
      int inner,
      boolean descending,
      int take,
      double[] y,
      int yOffset,
      long[] index,
      int indexOffset) {
    requireTake(take, axis);
    Workers.forRange(
        outer * inner,
        Workers.grain(CHUNK, axis),
        (from, to) -> {
          var line = new MergeSort(axis);
          for (int t = from; t < to; t++) {
            int at = t / inner * axis * inner + t % inner;
            for (int i = 0; i < axis; i++) {
              long key = key(x[xOffset + at + i * inner]);
              line.key(i, descending ? ~key : key);
            }
            int[] order = line.order();
            int out = t / inner * take * inner + t % inner;
            for (int i = 0; i < take; i++) {
              index[indexOffset + out + i * inner] = order[i];
              y[yOffset + out + i * inner] = x[xOffset + at + order[i] * inner];
            }
          }
        });
  }

  // End of twins.

  /// Returns an integer that orders as the float does.
  private static int key(float v) {
    int bits = v == 0f ? 0 : Float.floatToIntBits(v);
    return bits ^ (bits >> 31 & 0x7FFFFFFF);
  }

  private static long key(double v) {
    long bits = v == 0.0 ? 0 : Double.doubleToLongBits(v);
    return bits ^ (bits >> 63 & 0x7FFFFFFFFFFFFFFFL);
  }

  private static long key(long v) {
    return v;
  }

  private static void requireTake(int take, int axis) {
    if (take < 0 || take > axis) {
      throw new IllegalArgumentException(
          "topk: k must be between 0 and the length of the axis, got k "
              + take
              + " and length "
              + axis);
    }
  }
}
