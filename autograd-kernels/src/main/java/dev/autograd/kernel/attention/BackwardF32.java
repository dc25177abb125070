// Twin: BackwardF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.attention;

import dev.autograd.kernel.linalg.Gemm;
import dev.autograd.kernel.linalg.MatrixF32;
import dev.autograd.kernel.linalg.Scratch;
import dev.autograd.kernel.parallel.Workers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The gradients, tile by tile, from weights that are computed again.
///
/// With `D = Σ g y` over a row, `dP = g vᵀ` and `dS = P (dP − D)` that is `dv = Pᵀ g`, `dk = dSᵀ q`
/// and `dq = dS k`, both times the scale.
final class BackwardF32 {
  private static final int ROWS = AttentionShape.ROWS;

  private final AttentionShape s;
  private final Matrices q;
  private final Matrices k;
  private final Matrices v;
  private final @Nullable Matrices mask;
  private final Matrices y;
  private final float[] lse;
  private final int lseOffset;
  private final Matrices g;
  private final @Nullable Matrices dq;
  private final @Nullable Matrices dk;
  private final @Nullable Matrices dv;
  private final RowStepsF32 steps = RowSteps.f32();

  BackwardF32(
      AttentionShape s,
      Matrices q,
      Matrices k,
      Matrices v,
      @Nullable Matrices mask,
      Matrices y,
      float[] lse,
      int lseOffset,
      Matrices g,
      @Nullable Matrices dq,
      @Nullable Matrices dk,
      @Nullable Matrices dv) {
    this.s = s;
    this.q = q;
    this.k = k;
    this.v = v;
    this.mask = mask;
    this.y = y;
    this.lse = lse;
    this.lseOffset = lseOffset;
    this.g = g;
    this.dq = dq;
    this.dk = dk;
    this.dv = dv;
  }

  void run() {
    boolean both = dq != null && (dk != null || dv != null);
    if (s.queries() == 0 || s.keys() == 0) {
      empty(dq, s.queries(), s.size());
      empty(dk, s.keys(), s.size());
      empty(dv, s.keys(), s.valueSize());
    } else if (both && s.hasHeadsForAll()) {
      Workers.forRange(
          s.batch(),
          s.grain(s.queries(), s.keys(), 5),
          (from, to) -> {
            var tiles = new Tiles();
            for (int b = from; b < to; b++) {
              for (int j = 0; j < s.across(); j++) {
                tiles.ofKeys(b, j, true);
              }
            }
            tiles.release();
          });
    } else {
      if (dq != null) {
        shared(s.down(), s.keys(), 3, (tiles, b, i) -> tiles.ofQueries(b, i));
      }
      if (dk != null || dv != null) {
        shared(s.across(), s.queries(), 4, (tiles, b, j) -> tiles.ofKeys(b, j, false));
      }
    }
  }

  /// Work on a strip of tiles of one head.
  @FunctionalInterface
  private interface Strip {
    void run(Tiles tiles, int b, int number);
  }

  private void shared(int strips, int length, int products, Strip strip) {
    Workers.forRange(
        s.batch() * strips,
        s.grain(ROWS, length, products),
        (from, to) -> {
          var tiles = new Tiles();
          for (int t = from; t < to; t++) {
            strip.run(tiles, t / strips, t % strips);
          }
          tiles.release();
        });
  }

  private void empty(@Nullable Matrices d, int rows, int columns) {
    if (d == null) {
      return;
    }
    for (int b = 0; b < s.batch(); b++) {
      clear(d, b, 0, rows, columns);
    }
  }

  private static void clear(Matrices d, int b, int from, int to, int columns) {
    for (int i = from; i < to; i++) {
      Arrays.fill(d.floats(), d.row(b, i), d.row(b, i) + columns, 0f);
    }
  }

  /// The two tiles of a thread: weights and the gradients of products.
  private final class Tiles {
    private final int columns = s.gradientColumns();
    private final float[] p = Scratch.floats(ScoresF32.length(columns));
    private final float[] t = Scratch.floats(ScoresF32.length(columns));
    private final float[] d = new float[ROWS];
    private final ScoresF32 scores = new ScoresF32(s, q, k, mask, steps, columns, p);
    private final MatrixF32 weights = scores.matrix();
    private final MatrixF32 gradients = new MatrixF32(t, 0, scores.row());

    void release() {
      Scratch.release(p);
      Scratch.release(t);
    }

    /// Computes dk and dv of a tile of keys, and adds to dq if asked.
    void ofKeys(int b, int number, boolean withQueries) {
      int j = number * columns;
      int n = Math.min(columns, s.keys() - j);
      // The tile of the first query that sees one of these keys.
      int first = s.causal() ? j / ROWS * ROWS : 0;
      for (int i = first; i < s.queries(); i += ROWS) {
        int rows = Math.min(ROWS, s.queries() - i);
        int seen = Math.min(n, s.seen(i + rows) - j);
        compute(b, i, rows, j, seen);
        if (dv != null) {
          MatrixF32 to = dv.f32(b, j);
          Gemm.multiply(
              seen, s.valueSize(), rows, weights.transposed(), g.f32(b, i), to, i > first);
        }
        if (dk != null) {
          MatrixF32 to = dk.f32(b, j);
          Gemm.multiply(seen, s.size(), rows, gradients.transposed(), q.f32(b, i), to, i > first);
        }
        if (i == first) {
          // What the first queries see none of is zero until others come.
          rest(b, j + seen, j + n);
        }
        if (withQueries && dq != null) {
          Gemm.multiply(rows, s.size(), seen, gradients, k.f32(b, j), dq.f32(b, i), j > 0);
        }
      }
      if (first >= s.queries()) {
        rest(b, j, j + n);
      }
    }

    private void rest(int b, int from, int to) {
      if (dv != null) {
        clear(dv, b, from, to, s.valueSize());
      }
      if (dk != null) {
        clear(dk, b, from, to, s.size());
      }
    }

    /// Computes dq of a tile of queries.
    void ofQueries(int b, int number) {
      int i = number * ROWS;
      int rows = Math.min(ROWS, s.queries() - i);
      int end = s.seen(i + rows);
      if (dq == null) {
        return;
      }
      for (int j = 0; j < end; j += columns) {
        int n = Math.min(columns, end - j);
        compute(b, i, rows, j, n);
        Gemm.multiply(rows, s.size(), n, gradients, k.f32(b, j), dq.f32(b, i), j > 0);
      }
    }

    /// Computes the weights of a tile and the gradients of its products.
    private void compute(int b, int i, int rows, int j, int n) {
      scores.compute(b, i, rows, j, n);
      MatrixF32 turned = v.f32(b, j).transposed();
      Gemm.multiply(rows, n, s.valueSize(), g.f32(b, i), turned, gradients, false);
      steps.dots(
          rows,
          s.valueSize(),
          g.floats(),
          g.row(b, i),
          g.row(),
          g.column(),
          y.floats(),
          y.row(b, i),
          y.row(),
          y.column(),
          d);
      steps.gradients(
          rows,
          n,
          scores.seen(i, j, n),
          scores.more(),
          p,
          t,
          scores.row(),
          scores.slope(),
          lse,
          lseOffset + b * s.queries() + i,
          d,
          s.scaleF32());
    }
  }
}
