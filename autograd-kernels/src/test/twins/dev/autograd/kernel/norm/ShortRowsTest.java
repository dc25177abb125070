package dev.autograd.kernel.norm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.kernel.Inflow;
import dev.autograd.kernel.math.FloatExp;
import dev.autograd.kernel.math.FloatLog;
import dev.autograd.kernel.reduce.lanes.Rows;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import dev.autograd.kernel.support.Samples;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShortRowsTest {
  private static final int[] ROWS = {0, 1, 2, 5, 40};

  // Twins: f32 as f64.

  /// Returns samples among which are numbers that vectors might treat in another way.
  private static float[] awkwardF32(long seed, int n) {
    float[] x = Samples.floats(seed, n);
    float[] awkward = {
      Float.NaN, Float.NEGATIVE_INFINITY, -0f, 0f, -Float.MIN_VALUE, Float.POSITIVE_INFINITY
    };
    for (int i = 0; i < n; i += 29) {
      x[i] = awkward[i / 29 % awkward.length];
    }
    for (int i = 200; i < Math.min(n, 300); i++) {
      x[i] = i % 2 == 0 ? -0f : -Float.MIN_VALUE;
    }
    return x;
  }

  @Test
  void sumsOfShortRowsAreThoseOfRowsF32() {
    RowsF32 f = Rows.plainF32();
    for (ShortRowsF32 p : List.of(ShortRowsF32.PLAIN, ShortRows.vectorF32())) {
      for (int n = 1; n <= RowsF32.LANES; n++) {
        for (int rows : ROWS) {
          for (int beyond : new int[] {0, 3, 100}) {
            float[] x = awkwardF32(n, 2 + rows * n + beyond);
            float[] y = awkwardF32(n + 7, 1 + rows * n + beyond);
            float[][] found = new float[3][rows + 2];
            float[][] expected = new float[3][rows + 2];
            ShortRowsF32.run(p.sum(), rows, n, x, 2, y, 1, found[0], 1);
            ShortRowsF32.run(p.dot(), rows, n, x, 2, y, 1, found[1], 1);
            ShortRowsF32.run(p.greatest(), rows, n, x, 2, y, 1, found[2], 1);
            for (int r = 0; r < rows; r++) {
              expected[0][r + 1] = f.sum(x, 2 + r * n, n);
              expected[1][r + 1] = f.dot(x, 2 + r * n, y, 1 + r * n, n);
              expected[2][r + 1] = f.greatest(x, 2 + r * n, n);
            }
            for (int k = 0; k < found.length; k++) {
              assertThat(found[k]).as("%s: %s rows of %s", k, rows, n).isEqualTo(expected[k]);
            }
          }
        }
      }
    }
  }

  @Test
  void spreadWritesItsRowsAndNothingElseF32() {
    for (ShortRowsF32 p : List.of(ShortRowsF32.PLAIN, ShortRows.vectorF32())) {
      for (int n = 1; n <= RowsF32.LANES; n++) {
        for (int rows : ROWS) {
          float[] s = Samples.floats(n, rows + 1);
          float[] y = Samples.floats(n + 1, rows * n + 150);
          float[] expected = y.clone();
          for (int i = 0; i < rows * n; i++) {
            expected[3 + i] = s[1 + i / n];
          }
          ShortRowsF32.run(p.spread(), rows, n, s, 0, y, 3, s, 1);
          assertThat(y).as("%s rows of %s", rows, n).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void softmaxOfRowsAroundTheLongestShortOneHasTheBitsOfSingleRowsF32() {
    RowsF32 f = Rows.plainF32();
    for (int n : new int[] {1, 2, 7, 10, 15, 16, 17, 31, 32, 33, 40}) {
      for (int rows : new int[] {1, 3, 2500}) {
        int all = rows * n;
        float[] x = Samples.floats(n, all);
        float[] g = Samples.floats(n + 1, all);
        float[][] expected = new float[6][all];
        for (int r = 0; r < rows; r++) {
          int at = r * n;
          float max = f.greatest(x, at, n);
          float sum = f.exp(x, at, n, max, expected[0], at);
          float log = FloatLog.log(sum);
          expected[4][r] = max;
          expected[5][r] = log;
          for (int i = at; i < at + n; i++) {
            expected[0][i] *= 1f / sum;
            expected[1][i] = x[i] - max - log;
          }
          float dot = f.dot(g, at, expected[0], at, n);
          float total = f.sum(g, at, n);
          for (int i = at; i < at + n; i++) {
            expected[2][i] = expected[0][i] * (g[i] - dot);
            expected[3][i] = g[i] - FloatExp.exp(expected[1][i]) * total;
          }
        }
        for (float[][] found : Samples.onThreads(() -> softmaxF32(x, g, rows, n))) {
          for (int k = 0; k < found.length; k++) {
            assertThat(found[k]).as("%s: %s rows of %s", k, rows, n).isEqualTo(expected[k]);
          }
        }
      }
    }
  }

  private static float[][] softmaxF32(float[] x, float[] g, int rows, int n) {
    float[][] y = new float[6][rows * n];
    Softmax.forward(Inflow.of(x, 0), rows, n, 1, y[0], 0);
    Softmax.logForward(Inflow.of(x, 0), rows, n, 1, y[1], 0);
    Softmax.backward(Inflow.of(g, 0), y[0], 0, rows, n, 1, y[2], 0);
    Softmax.logBackward(Inflow.of(g, 0), y[1], 0, rows, n, 1, y[3], 0);
    Softmax.logNormalizers(Inflow.of(x, 0), rows, n, y[4], y[5]);
    return y;
  }

  @Test
  void softmaxBetweenOthersHasTheBitsOfRowsByThemselvesF32() {
    for (int[] d :
        new int[][] {{1, 3000, 2}, {2, 300, 7}, {3, 5, 900}, {1, 2, 2049}, {40, 9, 33}}) {
      int n = d[0] * d[1] * d[2];
      float[] x = Samples.floats(n, n);
      float[] g = Samples.floats(n + 1, n);
      float[] turned = turnedF32(g, d);
      float[][] expected = softmaxF32(turnedF32(x, d), turned, d[0] * d[2], d[1]);
      expected[2] = gradientF32(turned, expected[0], d[1]);
      for (float[][] found : Samples.onThreads(() -> softmaxF32(x, g, d))) {
        for (int k = 0; k < found.length; k++) {
          assertThat(turnedF32(found[k], d))
              .as("%s of %s x %s x %s", k, d[0], d[1], d[2])
              .isEqualTo(expected[k]);
        }
      }
    }
  }

  private static float[][] softmaxF32(float[] x, float[] g, int[] d) {
    float[][] y = new float[4][x.length];
    Softmax.forward(Inflow.of(x, 0), d[0], d[1], d[2], y[0], 0);
    Softmax.logForward(Inflow.of(x, 0), d[0], d[1], d[2], y[1], 0);
    Softmax.backward(Inflow.of(g, 0), y[0], 0, d[0], d[1], d[2], y[2], 0);
    Softmax.logBackward(Inflow.of(g, 0), y[1], 0, d[0], d[1], d[2], y[3], 0);
    return y;
  }

  /// Returns the gradient of softmax whose products are rounded before they are summed.
  private static float[] gradientF32(float[] g, float[] y, int n) {
    float[] dx = new float[g.length];
    for (int i = 0; i < g.length; i++) {
      dx[i] = g[i] * y[i];
    }
    for (int at = 0; at < g.length; at += n) {
      float total = Rows.plainF32().total(dx, at, n);
      for (int i = at; i < at + n; i++) {
        dx[i] = y[i] * (g[i] - total);
      }
    }
    return dx;
  }

  /// Returns `[outer, axis, inner]` as `[outer, inner, axis]`.
  private static float[] turnedF32(float[] x, int[] d) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      int o = i / (d[1] * d[2]);
      y[(o * d[2] + i % d[2]) * d[1] + i / d[2] % d[1]] = x[i];
    }
    return y;
  }

  // End of twins.
}
