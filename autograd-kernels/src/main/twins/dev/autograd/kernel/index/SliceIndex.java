package dev.autograd.kernel.index;

import dev.autograd.kernel.parallel.Workers;

/// Selects whole slices of contiguous `[outer, axis, inner]` arrays: index_select and embedding.
///
/// An embedding is the case `outer == 1`; bool goes as u8. Positions count from 0. Every method
/// returns the place in `index` of the first position outside `[0, axis)`, having done nothing, or
/// -1 when all is done.
public final class SliceIndex {
  private static final int CHUNK = 1 << 15;
  private static final int STRIP = 256;

  private SliceIndex() {}

  // Twins: f32 as f64, i64, i32, u8.

  /// Selects f32 slices: `y[o, i] = x[o, index[i]]` with `y: [outer, n, inner]`.
  public static int select(
      int outer,
      int axis,
      int inner,
      float[] x,
      int xOffset,
      long[] index,
      int indexOffset,
      int n,
      float[] y,
      int yOffset) {
    int bad = Positions.firstOutside(index, indexOffset, n, axis);
    if (bad >= 0) {
      return bad;
    }
    Workers.forRange(
        outer * n,
        Workers.grain(CHUNK, inner),
        (from, to) -> {
          for (int t = from; t < to; t++) {
            int at = t / n * axis + (int) index[indexOffset + t % n];
            System.arraycopy(x, xOffset + at * inner, y, yOffset + t * inner, inner);
          }
        });
    return -1;
  }

  // End of twins.

  // Twins: f32 as f64, i64, i32.

  /// Adds f32 slices in the order of `index`: `y[o, index[i]] += x[o, i]` with `x: [outer, n,
  /// inner]`.
  public static int add(
      int outer,
      int axis,
      int inner,
      float[] x,
      int xOffset,
      long[] index,
      int indexOffset,
      int n,
      float[] y,
      int yOffset) {
    int bad = Positions.firstOutside(index, indexOffset, n, axis);
    if (bad >= 0) {
      return bad;
    }
    // Strips of columns are independent, whatever positions repeat.
    int strips = (inner + STRIP - 1) / STRIP;
    Workers.forRange(
        outer * strips,
        Workers.grain(CHUNK, (long) n * Math.min(inner, STRIP)),
        (from, to) -> {
          for (int t = from; t < to; t++) {
            int first = t % strips * STRIP;
            int width = Math.min(STRIP, inner - first);
            for (int i = 0; i < n; i++) {
              int xi = xOffset + (t / strips * n + i) * inner + first;
              int at = t / strips * axis + (int) index[indexOffset + i];
              int yi = yOffset + at * inner + first;
              for (int j = 0; j < width; j++) {
                y[yi + j] += x[xi + j];
              }
            }
          }
        });
    return -1;
  }

  // End of twins.
}
