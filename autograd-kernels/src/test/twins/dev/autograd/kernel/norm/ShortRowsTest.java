package dev.autograd.kernel.norm;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.kernel.Inflow;
import dev.autograd.kernel.math.FloatExp;
import dev.autograd.kernel.math.FloatLog;
import dev.autograd.kernel.reduce.lanes.Rows;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import dev.autograd.kernel.support.Samples;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

@SuppressWarnings("cast") // to float; in f64 it does nothing
class ShortRowsTest {
  private static final int[] ROWS = {0, 1, 2, 5, 40};
  private static final int[] LENGTHS = {1, 2, 3, 7, 8, 9, 15, 16, 17, 31, 32, 33, 48, 63, 100, 128};
  private static final int[] AROUND = {1, 2, 7, 10, 15, 16, 17, 31, 32, 33, 40, 128, 129, 256, 257};

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
  void everyLoopHasTheSameBitsInVectorsAndInPlainJavaF32() {
    RowsF32 f = Rows.plainF32();
    for (int n : LENGTHS) {
      for (int rows : ROWS) {
        for (int beyond : new int[] {0, 100}) {
          float[] a = awkwardF32(n, 2 + rows * n + beyond);
          float[] b = awkwardF32(n + 7, 1 + rows * n + beyond);
          float[][] expected = new float[5][3 + Math.max(rows, 2) * (n + RowsF32.LANES)];
          float[] numbers = Samples.floats(n + 3, 3 * rows + 1);
          float[] greatest = numbers.clone();
          float[] sum = numbers.clone();
          float[] dot = numbers.clone();
          for (int r = 0; r < rows; r++) {
            greatest[1 + r] = f.greatest(a, 2 + r * n, n);
            sum[1 + r] = f.sum(a, 2 + r * n, n);
            dot[1 + r] = f.dot(a, 2 + r * n, b, 1 + r * n, n);
            float s = numbers[1 + r];
            float t = numbers[1 + rows + r];
            float u = numbers[1 + 2 * rows + r];
            for (int i = 0; i < n; i++) {
              int at = 3 + r * n + i;
              float aa = a[2 + r * n + i];
              float bb = b[1 + r * n + i];
              expected[0][at] = s;
              expected[1][at] = (aa - s) * t;
              expected[2][at] = (aa - s - bb * t) * u;
              int lane = 3 + r * RowsF32.LANES + i % RowsF32.LANES;
              expected[3][lane] = Math.fma(aa, bb, expected[3][lane]);
              expected[4][3 + i] = Math.fma(aa, bb, expected[4][3 + i]);
            }
          }
          for (ShortRowsF32 p : List.of(ShortRowsF32.PLAIN, ShortRows.vectorF32())) {
            List<ShortRowsF32.Loop> loops =
                List.of(p.spread(), p.scale(), p.gradient(), p.laneDots(), p.columnDots());
            for (int k = 0; k < loops.size(); k++) {
              float[] y = new float[expected[k].length];
              ShortRowsF32.run(loops.get(k), rows, n, a, 2, b, 1, y, 3, numbers.clone(), 1);
              if (k == 4) {
                Arrays.fill(y, 3 + n, Math.min(y.length, 3 + n + RowsF32.LANES), 0f);
              }
              assertThat(y).as("%s: %s rows of %s", k, rows, n).isEqualTo(expected[k]);
            }
            assertThat(numbersF32(p.greatest(), rows, n, a, b, numbers)).isEqualTo(greatest);
            if (n <= RowsF32.LANES) {
              assertThat(numbersF32(p.sum(), rows, n, a, b, numbers)).isEqualTo(sum);
              assertThat(numbersF32(p.dot(), rows, n, a, b, numbers)).isEqualTo(dot);
            }
          }
        }
      }
    }
  }

  private static float[] numbersF32(
      ShortRowsF32.Loop loop, int rows, int n, float[] a, float[] b, float[] numbers) {
    float[] s = numbers.clone();
    ShortRowsF32.run(loop, rows, n, a, 2, b, 1, a, 0, s, 1);
    return s;
  }

  @Test
  void theSumsOfProductsAreThoseOfRowsF32() {
    RowsF32 f = Rows.plainF32();
    for (int n : LENGTHS) {
      int rows = 40;
      float[] x = Samples.floats(n, rows * n);
      float[] y = Samples.floats(n + 1, rows * n);
      RowWalk.RoomF32 room = new RowWalk.RoomF32(rows, n);
      room.dot(rows, n, x, 0, y, 0, rows);
      for (int r = 0; r < rows; r++) {
        assertThat(room.s[rows + r]).isEqualTo(f.dot(x, r * n, y, r * n, n));
      }
    }
  }

  @Test
  void layerNormOfRowsAroundTheLongestShortOneHasTheBitsOfSingleRowsF32() {
    RowsF32 f = Rows.plainF32();
    for (int n : AROUND) {
      for (int rows : new int[] {1, 16, 200}) {
        float[] x = Samples.floats(n, rows * n);
        float[] g = Samples.floats(n + 1, rows * n);
        float[] w = Samples.floats(n + 2, n);
        float[] b = Samples.floats(n + 3, n);
        float[][] expected = new float[6][rows * n];
        float[][] sums = new float[2][(rows + 63) / 64 * n];
        for (int r = 0; r < rows; r++) {
          int at = r * n;
          float m = f.sum(x, at, n) / n;
          float v = (float) (1.0 / Math.sqrt(f.squares(x, at, n, m) / n + 1e-5));
          expected[1][r] = m;
          expected[2][r] = v;
          float[] gw = new float[n];
          float[] hat = new float[n];
          for (int i = 0; i < n; i++) {
            hat[i] = (x[at + i] - m) * v;
            gw[i] = g[at + i] * w[i];
            expected[0][at + i] = hat[i] * w[i] + b[i];
            int part = r / 64 * n + i;
            sums[0][part] = Math.fma(g[at + i], hat[i], sums[0][part]);
            sums[1][part] += g[at + i];
          }
          float p = f.sum(gw, 0, n) / n;
          float q = f.dot(gw, 0, hat, 0, n) / n;
          for (int i = 0; i < n; i++) {
            expected[3][at + i] = (gw[i] - p - hat[i] * q) * v;
          }
        }
        for (int k = 0; k < 2; k++) {
          for (int i = 0; i < n; i++) {
            float[] parts = new float[(rows + 63) / 64];
            for (int q = 0; q < parts.length; q++) {
              parts[q] = sums[k][q * n + i];
            }
            expected[4 + k][i] = RowsF32.pairwise(parts, parts.length);
          }
        }
        for (float[][] found : Samples.onThreads(() -> layerNormF32(x, g, w, b, rows))) {
          for (int k = 0; k < found.length; k++) {
            assertThat(found[k]).as("%s: %s rows of %s", k, rows, n).isEqualTo(expected[k]);
          }
        }
      }
    }
  }

  private static float[][] layerNormF32(float[] x, float[] g, float[] w, float[] b, int rows) {
    int n = w.length;
    float[][] y = new float[6][rows * n];
    LayerNorm.forward(Inflow.of(x, 0), rows, n, w, 0, b, 0, 1e-5, y[0], 0, y[1], y[2]);
    LayerNorm.backward(g, 0, x, 0, rows, n, w, 0, y[1], y[2], y[3], 0, y[4], 0, y[5], 0);
    return y;
  }

  @Test
  void softmaxOfRowsAroundTheLongestShortOneHasTheBitsOfSingleRowsF32() {
    RowsF32 f = Rows.plainF32();
    for (int n : AROUND) {
      for (int rows : new int[] {1, 3, 900}) {
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
