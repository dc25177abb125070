package dev.autograd.kernel.attention;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.kernel.parallel.Workers;
import dev.autograd.kernel.support.Samples;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class AttentionTest {
  private static final int THREADS = Workers.threads();

  private static final List<AttentionShape> SHAPES =
      List.of(
          new AttentionShape(2, 3, 5, 4, 2, 0.5, false),
          new AttentionShape(3, 1, 70, 8, 8, 0.35, false),
          new AttentionShape(1, 65, 129, 5, 7, 0.4, false),
          new AttentionShape(1, 70, 600, 3, 4, 0.4, false),
          new AttentionShape(2, 130, 130, 4, 3, 0.5, true),
          new AttentionShape(1, 200, 600, 3, 2, 0.5, true),
          new AttentionShape(1, 600, 150, 3, 2, 0.5, true),
          new AttentionShape(1, 600, 600, 2, 3, 0.5, true),
          new AttentionShape(2, 40, 30, 4, 4, -0.5, true),
          new AttentionShape(2, 4, 3, 0, 2, 1, false),
          new AttentionShape(2, 4, 3, 2, 0, 1, false),
          new AttentionShape(2, 4, 0, 2, 3, 1, false),
          new AttentionShape(2, 0, 3, 2, 3, 1, false),
          new AttentionShape(0, 4, 3, 2, 3, 1, false));

  @AfterEach
  void restoreThreads() {
    Workers.threads(THREADS);
  }

  private static int[] places(int batch, int first, int step) {
    int[] at = new int[batch];
    Arrays.setAll(at, b -> first + b * step);
    return at;
  }

  @Test
  void negativeSizesAreRefused() {
    assertThatThrownBy(() -> new AttentionShape(1, -2, 3, 4, 5, 1, false))
        .hasMessage(
            "attention: sizes must not be negative, got batch 1, -2 queries, 3 keys, sizes 4 and"
                + " 5");
  }

  // Twins: f32 as f64.

  /// Operands, results and gradients of one shape, with gaps, or with transposed queries and keys.
  private static final class ProblemF32 {
    final AttentionShape s;
    final Matrices q;
    final Matrices k;
    final Matrices v;
    final Matrices g;
    final @Nullable Matrices mask;
    final Matrices y;
    final float[] lse;
    final Matrices dq;
    final Matrices dk;
    final Matrices dv;

    ProblemF32(AttentionShape s, int layout, @Nullable Matrices mask) {
      this.s = s;
      this.mask = mask;
      q = operand(1, s.queries(), s.size(), layout);
      k = operand(2, s.keys(), s.size(), layout);
      v = operand(3, s.keys(), s.valueSize(), 0);
      g = operand(4, s.queries(), s.valueSize(), layout);
      y = operand(5, s.queries(), s.valueSize(), 0);
      lse = new float[s.batch() * s.queries()];
      dq = operand(6, s.queries(), s.size(), 0);
      dk = operand(7, s.keys(), s.size(), 0);
      dv = operand(8, s.keys(), s.valueSize(), 0);
    }

    private Matrices operand(int seed, int rows, int columns, int layout) {
      int row = layout == 0 ? columns + 3 : 1;
      int column = layout == 0 ? 1 : rows + 2;
      int each = (rows + 3) * (columns + 3);
      float[] data = Samples.floats(seed, s.batch() * each + 5);
      return new Matrices(data, places(s.batch(), 5, each), row, column);
    }

    ProblemF32 run() {
      Attention.forward(s, q, k, v, mask, y, lse);
      Attention.backward(s, q, k, v, mask, y, lse, 0, g, dq, dk, dv);
      return this;
    }

    double score(int b, int i, int j) {
      if (s.causal() && j > i) {
        return Double.NEGATIVE_INFINITY;
      }
      double sum = 0;
      for (int e = 0; e < s.size(); e++) {
        sum += at(q, b, i, e) * at(k, b, j, e);
      }
      double bias = 0;
      if (mask != null) {
        int place = mask.row(b, i) + j * mask.column();
        bias =
            !mask.isSeen()
                ? mask.floats()[place]
                : mask.bytes()[place] == 0 ? Double.NEGATIVE_INFINITY : 0;
      }
      return sum * s.scale() + bias;
    }

    void check(double tolerance) {
      for (int b = 0; b < s.batch(); b++) {
        double[][] p = new double[s.queries()][s.keys()];
        double[][] ds = new double[s.queries()][s.keys()];
        for (int i = 0; i < s.queries(); i++) {
          double sum = weights(b, i, p[i]);
          double expected = Math.log(sum);
          double found = lse[b * s.queries() + i];
          assertThat(found).isCloseTo(expected, sum == 0 ? within(0.0) : within(tolerance));
          gradients(b, i, p[i], ds[i]);
        }
        for (int f = 0; f < s.valueSize(); f++) {
          for (int i = 0; i < s.queries(); i++) {
            double sum = 0;
            for (int j = 0; j < s.keys(); j++) {
              sum += p[i][j] * at(v, b, j, f);
            }
            near(y, b, i, f, sum, tolerance);
          }
          for (int j = 0; j < s.keys(); j++) {
            double sum = 0;
            for (int i = 0; i < s.queries(); i++) {
              sum += p[i][j] * at(g, b, i, f);
            }
            near(dv, b, j, f, sum, tolerance);
          }
        }
        for (int e = 0; e < s.size(); e++) {
          for (int i = 0; i < s.queries(); i++) {
            double sum = 0;
            for (int j = 0; j < s.keys(); j++) {
              sum += ds[i][j] * at(k, b, j, e);
            }
            near(dq, b, i, e, sum, tolerance);
          }
          for (int j = 0; j < s.keys(); j++) {
            double sum = 0;
            for (int i = 0; i < s.queries(); i++) {
              sum += ds[i][j] * at(q, b, i, e);
            }
            near(dk, b, j, e, sum, tolerance);
          }
        }
      }
    }

    private double weights(int b, int i, double[] p) {
      double sum = 0;
      for (int j = 0; j < p.length; j++) {
        p[j] = Math.exp(score(b, i, j));
        sum += p[j];
      }
      for (int j = 0; j < p.length; j++) {
        p[j] = sum == 0 ? 0 : p[j] / sum;
      }
      return sum;
    }

    private void gradients(int b, int i, double[] p, double[] ds) {
      double mean = 0;
      for (int j = 0; j < p.length; j++) {
        for (int f = 0; f < s.valueSize(); f++) {
          ds[j] += at(g, b, i, f) * at(v, b, j, f);
        }
        mean += p[j] * ds[j];
      }
      for (int j = 0; j < p.length; j++) {
        ds[j] = p[j] * (ds[j] - mean) * s.scale();
      }
    }

    private static double at(Matrices x, int b, int i, int j) {
      return x.floats()[x.row(b, i) + j * x.column()];
    }

    private void near(Matrices x, int b, int i, int j, double expected, double tolerance) {
      assertThat(at(x, b, i, j))
          .as("%s, element %s, %s, %s", s, b, i, j)
          .isCloseTo(expected, within(tolerance * (1 + Math.abs(expected))));
    }
  }

  private static final double TOLERANCE_F32 = Float.BYTES == 4 ? 2e-5 : 1e-12;

  private static Matrices bias(AttentionShape s, float[] data, boolean perHead, boolean perQuery) {
    int row = perQuery ? s.keys() : 0;
    int head = perHead ? Math.max(1, perQuery ? s.queries() : 1) * s.keys() : 0;
    return new Matrices(data, places(s.batch(), 0, head), row, 1);
  }

  @Test
  void resultsAndGradientsAreThoseOfTheFormulaF32() {
    for (AttentionShape s : SHAPES) {
      for (int layout = 0; layout < 2; layout++) {
        new ProblemF32(s, layout, null).run().check(TOLERANCE_F32);
      }
    }
  }

  @Test
  void masksHideKeysOrAreAddedF32() {
    for (AttentionShape s : SHAPES) {
      int n = s.batch() * s.queries() * s.keys();
      float[] bias = Samples.floats(9, n);
      byte[] seen = new byte[n];
      for (int i = 0; i < n; i++) {
        seen[i] = (byte) (bias[i] > 0 || i % 7 == 0 ? 1 : 0);
        bias[i] = i % 5 == 0 ? Float.NEGATIVE_INFINITY : bias[i];
      }
      // A query that sees none.
      Arrays.fill(seen, 0, Math.min(n, s.keys()), (byte) 0);
      Arrays.fill(bias, 0, Math.min(n, s.keys()), Float.NEGATIVE_INFINITY);
      new ProblemF32(s, 0, bias(s, bias, true, true)).run().check(TOLERANCE_F32);
      Matrices whole = bias(s, bias, true, true);
      new ProblemF32(s, 0, new Matrices(seen, whole.at(), whole.row(), 1))
          .run()
          .check(TOLERANCE_F32);
      Matrices last =
          new Matrices(seen, places(s.batch(), n - n / Math.max(1, s.batch()), 0), 0, 1);
      new ProblemF32(s, 0, last).run().check(TOLERANCE_F32);
      Matrices column = new Matrices(bias, places(s.batch(), 0, 0), 1, 0);
      if (s.batch() * s.keys() > 0) {
        new ProblemF32(s, 0, column).run().check(TOLERANCE_F32);
      }
    }
  }

  @Test
  void gradientsThatAreNotWantedAreNotWrittenAndChangeNoOtherF32() {
    for (AttentionShape s : SHAPES) {
      ProblemF32 all = new ProblemF32(s, 0, null).run();
      for (int wanted = 1; wanted < 8; wanted++) {
        ProblemF32 some = new ProblemF32(s, 0, null);
        Attention.forward(s, some.q, some.k, some.v, null, some.y, some.lse);
        Attention.backward(
            s,
            some.q,
            some.k,
            some.v,
            null,
            some.y,
            some.lse,
            0,
            some.g,
            (wanted & 1) == 0 ? null : some.dq,
            (wanted & 2) == 0 ? null : some.dk,
            (wanted & 4) == 0 ? null : some.dv);
        ProblemF32 none = new ProblemF32(s, 0, null);
        assertThat(Arrays.mismatch(some.dq.floats(), ((wanted & 1) == 0 ? none : all).dq.floats()))
            .isEqualTo(-1);
        assertThat(Arrays.mismatch(some.dk.floats(), ((wanted & 2) == 0 ? none : all).dk.floats()))
            .isEqualTo(-1);
        assertThat(Arrays.mismatch(some.dv.floats(), ((wanted & 4) == 0 ? none : all).dv.floats()))
            .isEqualTo(-1);
      }
    }
  }

  @Test
  void bitsDoNotDependOnTheNumberOfThreadsF32() {
    for (AttentionShape s : SHAPES) {
      Workers.threads(1);
      ProblemF32 one = new ProblemF32(s, 0, null).run();
      for (int threads : new int[] {2, 4, 7}) {
        Workers.threads(threads);
        ProblemF32 several = new ProblemF32(s, 0, null).run();
        assertThat(Arrays.mismatch(several.y.floats(), one.y.floats())).isEqualTo(-1);
        assertThat(Arrays.mismatch(several.lse, one.lse)).isEqualTo(-1);
        assertThat(Arrays.mismatch(several.dq.floats(), one.dq.floats())).isEqualTo(-1);
        assertThat(Arrays.mismatch(several.dk.floats(), one.dk.floats())).isEqualTo(-1);
        assertThat(Arrays.mismatch(several.dv.floats(), one.dv.floats())).isEqualTo(-1);
      }
    }
  }

  @Test
  void hugeProductsDoNotOverflowF32() {
    AttentionShape s = new AttentionShape(1, 70, 700, 3, 2, 300, false);
    ProblemF32 p = new ProblemF32(s, 0, null).run();
    for (float v : p.y.floats()) {
      assertThat(v).isFinite();
    }
    for (Matrices d : List.of(p.dq, p.dk, p.dv)) {
      for (float v : d.floats()) {
        assertThat(v).isFinite();
      }
    }
  }

  // End of twins.
}
