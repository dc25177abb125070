// Twin: ForwardF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.attention;

import dev.autograd.kernel.linalg.Gemm;
import dev.autograd.kernel.linalg.Scratch;
import dev.autograd.kernel.parallel.Workers;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The result, tile by tile: the weights of a tile are relative to the greatest product so far, and
/// what is already summed is rescaled when a greater one comes.
final class ForwardF32 {
  private static final int ROWS = AttentionShape.ROWS;

  private final AttentionShape s;
  private final Matrices q;
  private final Matrices k;
  private final Matrices v;
  private final @Nullable Matrices mask;
  private final Matrices y;
  private final float[] lse;
  private final RowStepsF32 steps = RowSteps.f32();

  ForwardF32(
      AttentionShape s,
      Matrices q,
      Matrices k,
      Matrices v,
      @Nullable Matrices mask,
      Matrices y,
      float[] lse) {
    this.s = s;
    this.q = q;
    this.k = k;
    this.v = v;
    this.mask = mask;
    this.y = y;
    this.lse = lse;
  }

  void run() {
    int columns = s.columns();
    int down = s.down();
    Workers.forRange(
        s.batch() * down,
        s.grain(Math.min(ROWS, s.queries()), s.keys(), 2),
        (from, to) -> {
          float[] tile = Scratch.floats(ScoresF32.length(columns));
          float[] m = new float[ROWS];
          float[] l = new float[ROWS * (1 + RowsF32.LANES)];
          float[] a = new float[ROWS];
          var scores = new ScoresF32(s, q, k, mask, steps, columns, tile);
          for (int t = from; t < to; t++) {
            rows(scores, t / down, t % down * ROWS, m, l, a);
          }
          Scratch.release(tile);
        });
  }

  /// Computes the results of the tile of queries from `i` on.
  private void rows(ScoresF32 scores, int b, int i, float[] m, float[] l, float[] a) {
    int rows = Math.min(ROWS, s.queries() - i);
    float[] ys = y.floats();
    int yi = y.row(b, i);
    Arrays.fill(m, Float.NEGATIVE_INFINITY);
    Arrays.fill(l, 0f);
    int end = s.seen(i + rows);
    for (int j = 0; j < end; j += s.columns()) {
      int n = Math.min(s.columns(), end - j);
      scores.compute(b, i, rows, j, n);
      steps.weights(
          rows,
          n,
          scores.seen(i, j, n),
          scores.more(),
          scores.tile(),
          scores.row(),
          scores.slope(),
          m,
          l,
          a);
      if (j > 0) {
        steps.scale(rows, s.valueSize(), ys, yi, y.row(), a);
      }
      Gemm.multiply(rows, s.valueSize(), n, scores.matrix(), v.f32(b, j), y.f32(b, i), j > 0);
    }
    steps.finish(rows, m, l, lse, b * s.queries() + i, a);
    if (end > 0) {
      steps.scale(rows, s.valueSize(), ys, yi, y.row(), a);
    } else {
      for (int r = 0; r < rows; r++) {
        Arrays.fill(ys, yi + r * y.row(), yi + r * y.row() + s.valueSize(), 0f);
      }
    }
  }
}
