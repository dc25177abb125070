package dev.autograd.kernel.reduce;

import dev.autograd.kernel.index.StridedCopy;
import dev.autograd.kernel.parallel.Workers;
import dev.autograd.kernel.reduce.lanes.Rows;
import dev.autograd.kernel.reduce.lanes.RowsF32;

/// The position of the greatest or least element of every sequence.
///
/// The first of equal elements wins; a NaN wins over every number, the first NaN over the others.
/// `0.0` and `-0.0` are equal.
public final class ArgReduce {
  private static final int CHUNK = 1 << 15;
  private static final int COLUMNS = 256;
  private static final int FEW_COLUMNS = 4;

  /// Up to here the numbers of rows are exact in f32.
  private static final int COUNTED = 1 << 24;

  /// From here on it is worth it to look at a sequence by itself.
  private static final int LONG = 64;

  /// Elements of short sequences that go together.
  private static final int TURNED = 1 << 12;

  /// Elements that stay in the first cache.
  private static final int PIECE = 1 << 11;

  private ArgReduce() {}

  // Twins: f32 as f64.

  /// Writes, per output, the position of its greatest f32 element within its sequence.
  ///
  /// @throws IllegalArgumentException if the sequences are empty and there are outputs
  public static void argmax(float[] x, int xOffset, Axes axes, long[] y, int yOffset) {
    run(Rows.f32(), x, xOffset, axes, y, yOffset, "argmax", 1f);
  }

  /// Writes, per output, the position of its least f32 element within its sequence.
  ///
  /// @throws IllegalArgumentException if the sequences are empty and there are outputs
  public static void argmin(float[] x, int xOffset, Axes axes, long[] y, int yOffset) {
    run(Rows.f32(), x, xOffset, axes, y, yOffset, "argmin", -1f);
  }

  /// Writes the positions of the greatest `sign x`.
  static void run(
      RowsF32 rows,
      float[] x,
      int xOffset,
      Axes axes,
      long[] y,
      int yOffset,
      String who,
      float sign) {
    int n = nonEmpty(axes, who);
    int columns = axes.columns();
    if (columns >= FEW_COLUMNS && axes.run() == n && n <= COUNTED) {
      int strips = (columns + COLUMNS - 1) / COLUMNS;
      int step = axes.runStride();
      Workers.forRange(
          axes.outputs() / columns * strips,
          Workers.grain(CHUNK, (long) n * Math.min(columns, COLUMNS)),
          (from, to) -> {
            float[] room = new float[2 * COLUMNS + 1];
            for (int i = from; i < to; i++) {
              int j = i % strips * COLUMNS;
              int o = i / strips * columns + j;
              int width = Math.min(COLUMNS, columns - j);
              int at = xOffset + axes.keptOffset(o);
              rows.firstGreatest(x, at, step, n, width, sign, room, y, yOffset + o);
            }
          });
      return;
    }
    Workers.forRange(
        axes.outputs(),
        Workers.grain(CHUNK, n),
        (from, to) -> {
          if (n < LONG) {
            turned(rows, x, xOffset, axes, from, to, sign, y, yOffset);
            return;
          }
          float[] buffer = new float[axes.liesApart() ? PIECE : 0];
          for (int o = from; o < to; o++) {
            y[yOffset + o] = first(rows, x, xOffset + axes.keptOffset(o), axes, sign, buffer);
          }
        });
  }

  /// Looks at short sequences as columns, which they are made to.
  private static void turned(
      RowsF32 rows,
      float[] x,
      int xOffset,
      Axes axes,
      int from,
      int to,
      float sign,
      long[] y,
      int yOffset) {
    int n = axes.length();
    int most = Math.min(TURNED / n, to - from);
    float[] apart = new float[axes.isDense() && !axes.liesApart() ? 0 : most * n];
    float[] columns = new float[most * n];
    float[] room = new float[2 * most + 1];
    for (int o = from; o < to; o += most) {
      int width = Math.min(most, to - o);
      for (int j = 0; j < width && apart.length > 0; j++) {
        gather(x, xOffset + axes.keptOffset(o + j), axes, 0, n, apart, j * n);
      }
      float[] a = apart.length > 0 ? apart : x;
      int at = apart.length > 0 ? 0 : xOffset + axes.keptOffset(o);
      int[] shape = {n, width};
      StridedCopy.copy(shape, a, at, new int[] {1, n}, columns, 0, new int[] {width, 1});
      rows.firstGreatest(columns, 0, width, n, width, sign, room, y, yOffset + o);
    }
  }

  /// Returns the position of the extreme of a long sequence, looked for in that one piece which has
  /// it.
  private static int first(
      RowsF32 rows, float[] x, int base, Axes axes, float sign, float[] buffer) {
    int n = axes.length();
    float best = Float.NaN;
    int piece = 0;
    for (int i = 0; i < n && (i == 0 || !Float.isNaN(best)); i += PIECE) {
      int length = Math.min(PIECE, n - i);
      int at = piece(x, base, axes, i, length, buffer);
      float[] a = buffer.length > 0 ? buffer : x;
      float m = sign * (sign > 0 ? rows.max(a, at, length) : rows.min(a, at, length));
      if (!(m <= best)) {
        best = m;
        piece = i;
      }
    }
    int length = Math.min(PIECE, n - piece);
    int at = piece(x, base, axes, piece, length, buffer);
    return piece + rows.find(buffer.length > 0 ? buffer : x, at, length, sign * best);
  }

  /// Returns where a piece of a sequence begins: in x, or in the buffer, if there is one.
  private static int piece(float[] x, int base, Axes axes, int i, int n, float[] buffer) {
    if (buffer.length == 0) {
      return base + i;
    }
    gather(x, base, axes, i, n, buffer, 0);
    return 0;
  }

  /// Copies elements `i` and on of a sequence that lies apart.
  private static void gather(
      float[] x, int base, Axes axes, int i, int n, float[] to, int toOffset) {
    int stride = axes.runStride();
    for (int k = 0; k < n; ) {
      int at = base + axes.reducedOffset(i + k);
      int end = Math.min(n, k + axes.run() - (i + k) % axes.run());
      for (; k < end; k++) {
        to[toOffset + k] = x[at];
        at += stride;
      }
    }
  }

  // End of twins.

  private static int nonEmpty(Axes axes, String who) {
    if (axes.length() == 0 && axes.outputs() > 0) {
      throw new IllegalArgumentException(
          who
              + ": an empty axis has no element to choose from, got "
              + axes.outputs()
              + " outputs of length 0. Reduce over a non-empty axis.");
    }
    return axes.length();
  }
}
