// Twin: NormF64Test.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.norm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.kernel.Inflow;
import dev.autograd.kernel.support.Samples;
import dev.autograd.kernel.support.Tolerance;
import dev.autograd.kernel.support.Trickle;
import java.util.Arrays;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

@SuppressWarnings("cast") // to double; in f64 it does nothing
class NormF32Test {
  private static final int[][] SHAPES = {
    {1, 1, 1},
    {3, 1, 2},
    {2, 5, 1},
    {4, 33, 1},
    {2, 1030, 1},
    {3, 7, 5},
    {1, 40, 70},
    {1, 1100, 2},
    {0, 4, 2},
    {3, 0, 1}
  };

  @Test
  void softmaxAndItsLogarithmAgreeWithPlainLoops() {
    for (int[] d : SHAPES) {
      int n = d[0] * d[1] * d[2];
      float[] x = Samples.floats(n, n + 1);
      float[] y = new float[n + 2];
      float[] z = new float[n + 2];
      Softmax.forward(Inflow.of(x, 1), d[0], d[1], d[2], y, 2);
      Softmax.logForward(Inflow.of(x, 1), d[0], d[1], d[2], z, 2);
      for (int t = 0; t < d[0] * d[2]; t++) {
        int at = t / d[2] * d[1] * d[2] + t % d[2];
        double s = 0;
        for (int i = 0; i < d[1]; i++) {
          s += Math.exp(x[1 + at + i * d[2]]);
        }
        for (int i = 0; i < d[1]; i++) {
          int k = at + i * d[2];
          double expected = Math.exp(x[1 + k]) / s;
          assertThat((double) y[2 + k])
              .isCloseTo(expected, within(Tolerance.of(y, 1e-6 * expected + 1e-12)));
          assertThat((double) z[2 + k])
              .isCloseTo(Math.log(expected), within(Tolerance.of(z, 3e-6)));
        }
      }
    }
  }

  @Test
  void softmaxGradientsAgreeWithPlainLoops() {
    for (int[] d : SHAPES) {
      int n = d[0] * d[1] * d[2];
      float[] x = Samples.floats(n, n);
      float[] g = Samples.floats(n + 1, n);
      float[] y = new float[n];
      float[] z = new float[n];
      Softmax.forward(Inflow.of(x, 0), d[0], d[1], d[2], y, 0);
      Softmax.logForward(Inflow.of(x, 0), d[0], d[1], d[2], z, 0);
      float[] dx = new float[n];
      float[] dz = new float[n];
      Softmax.backward(Inflow.of(g, 0), y, 0, d[0], d[1], d[2], dx, 0);
      Softmax.logBackward(Inflow.of(g, 0), z, 0, d[0], d[1], d[2], dz, 0);
      for (int t = 0; t < d[0] * d[2]; t++) {
        int at = t / d[2] * d[1] * d[2] + t % d[2];
        double gy = 0;
        double sum = 0;
        for (int i = 0; i < d[1]; i++) {
          gy += (double) g[at + i * d[2]] * y[at + i * d[2]];
          sum += g[at + i * d[2]];
        }
        for (int i = 0; i < d[1]; i++) {
          int k = at + i * d[2];
          assertThat((double) dx[k]).isCloseTo(y[k] * (g[k] - gy), within(Tolerance.of(dx, 1e-6)));
          assertThat((double) dz[k]).isCloseTo(g[k] - y[k] * sum, within(Tolerance.of(dz, 1e-5)));
        }
      }
    }
  }

  @Test
  void elementsAreAskedForOnceAndMayBeKeptOrNot() {
    for (int[] d : new int[][] {{900, 33, 1}, {2, 5000, 1}, {1, 40, 70}, {0, 4, 2}, {3, 0, 1}}) {
      int n = d[0] * d[1] * d[2];
      float[] x = Samples.floats(n, n + 1);
      float[][] expected = all(d, () -> Inflow.of(x, 1));
      for (boolean kept : new boolean[] {false, true}) {
        float[][] found = all(d, () -> new Trickle(x, 1, kept));
        for (int k = 0; k < found.length; k++) {
          assertThat(Arrays.equals(found[k], expected[k])).as("result %d of %s", k, d).isTrue();
        }
      }
    }
  }

  private static float[][] all(int[] d, Supplier<Inflow> x) {
    int n = d[0] * d[1] * d[2];
    float[][] y = new float[9][n];
    Softmax.forward(x.get(), d[0], d[1], d[2], y[0], 0);
    Softmax.logForward(x.get(), d[0], d[1], d[2], y[1], 0);
    Softmax.backward(x.get(), y[0], 0, d[0], d[1], d[2], y[2], 0);
    Softmax.logBackward(x.get(), y[1], 0, d[0], d[1], d[2], y[3], 0);
    if (d[1] > 0) {
      int rows = d[0] * d[2];
      LayerNorm.forward(x.get(), rows, d[1], null, 0, null, 0, 1e-5, y[4], 0, y[5], y[6]);
      Softmax.logNormalizers(x.get(), rows, d[1], y[7], y[8]);
    }
    return y;
  }

  @Test
  void softmaxOfExtremeRowsIsStableOrNan() {
    float inf = Float.POSITIVE_INFINITY;
    float[] x = {1000f, 1000f, -inf, -inf, -inf, 0f, 1f, inf};
    for (int inner : new int[] {1, 4}) {
      float[] in = inner == 1 ? x : new float[] {1000f, -inf, -inf, 1f, 1000f, -inf, 0f, inf};
      float[] y = new float[8];
      Softmax.forward(Inflow.of(in, 0), 4 / inner, 2, inner, y, 0);
      int s = inner == 1 ? 2 : 1;
      int t = inner == 1 ? 1 : 4;
      assertThat(new float[] {y[0], y[t], y[s], y[s + t]})
          .containsExactly(0.5f, 0.5f, Float.NaN, Float.NaN);
      assertThat(new float[] {y[2 * s], y[2 * s + t]}).containsExactly(0f, 1f);
      assertThat(y[3 * s + t]).isNaN();
      Softmax.logForward(Inflow.of(in, 0), 4 / inner, 2, inner, y, 0);
      assertThat((double) y[0]).isCloseTo(-Math.log(2.0), within(Tolerance.of(y, 1e-6)));
      assertThat(y[s]).isNaN();
      assertThat(new float[] {y[2 * s], y[2 * s + t]}).containsExactly(-inf, 0f);
    }
  }

  @Test
  void layerNormAndItsGradientsAgreeWithPlainLoops() {
    for (int[] d : new int[][] {{1, 1}, {2, 3}, {130, 5}, {2, 1100}, {0, 5}}) {
      int rows = d[0];
      int n = d[1];
      float[] x = Samples.floats(1, rows * n);
      float[] g = Samples.floats(2, rows * n);
      float[] w = Samples.floats(3, n);
      float[] b = Samples.floats(4, n);
      float[] y = new float[rows * n];
      float[] mean = new float[rows];
      float[] rstd = new float[rows];
      LayerNorm.forward(Inflow.of(x, 0), rows, n, w, 0, b, 0, 1e-5, y, 0, mean, rstd);
      float[] dx = new float[rows * n];
      float[] dw = new float[n];
      float[] db = new float[n];
      LayerNorm.backward(g, 0, x, 0, rows, n, w, 0, mean, rstd, dx, 0, dw, 0, db, 0);
      double[] sumW = new double[n];
      double[] sumB = new double[n];
      for (int r = 0; r < rows; r++) {
        double m = 0;
        double v = 0;
        for (int i = 0; i < n; i++) {
          m += x[r * n + i] / (double) n;
        }
        for (int i = 0; i < n; i++) {
          v += (x[r * n + i] - m) * (x[r * n + i] - m) / n;
        }
        double s = 1 / Math.sqrt(v + 1e-5);
        double c1 = 0;
        double c2 = 0;
        for (int i = 0; i < n; i++) {
          double hat = (x[r * n + i] - m) * s;
          assertThat((double) y[r * n + i])
              .isCloseTo(hat * w[i] + b[i], within(Tolerance.of(y, 1e-5)));
          double gw = (double) g[r * n + i] * w[i];
          c1 += gw / n;
          c2 += gw * hat / n;
          sumW[i] += g[r * n + i] * hat;
          sumB[i] += g[r * n + i];
        }
        for (int i = 0; i < n; i++) {
          double hat = (x[r * n + i] - m) * s;
          double expected = s * ((double) g[r * n + i] * w[i] - c1 - hat * c2);
          assertThat((double) dx[r * n + i])
              .isCloseTo(expected, within(Tolerance.of(dx, 2e-5 * (1 + s))));
        }
      }
      for (int i = 0; i < n; i++) {
        assertThat((double) dw[i]).isCloseTo(sumW[i], within(Tolerance.of(dw, 1e-4)));
        assertThat((double) db[i]).isCloseTo(sumB[i], within(Tolerance.of(db, 1e-4)));
      }
    }
  }

  @Test
  void layerNormWithoutAffineIsThatWithOnesAndZeros() {
    int n = 40;
    float[] x = Samples.floats(8, 3 * n);
    float[] one = new float[n];
    java.util.Arrays.fill(one, 1f);
    float[] plain = new float[3 * n];
    float[] affine = new float[3 * n];
    float[] scaled = new float[3 * n];
    float[] m = new float[3];
    float[] r = new float[3];
    LayerNorm.forward(Inflow.of(x, 0), 3, n, null, 0, null, 0, 1e-5, plain, 0, m, r);
    LayerNorm.forward(Inflow.of(x, 0), 3, n, one, 0, new float[n], 0, 1e-5, affine, 0, m, r);
    LayerNorm.forward(Inflow.of(x, 0), 3, n, one, 0, null, 0, 1e-5, scaled, 0, m, r);
    assertThat(plain).isEqualTo(affine);
    assertThat(scaled).isEqualTo(affine);
  }

  @Test
  void batchNormAndItsGradientsAgreeWithPlainLoops() {
    var random = new Random(2);
    for (int[] d : new int[][] {{2, 3, 1}, {5, 4, 9}, {40, 2, 33}, {1, 2, 1300}}) {
      int n = d[0];
      int c = d[1];
      int s = d[2];
      int m = n * s;
      float[] x = Samples.floats(random.nextLong(), m * c);
      float[] g = Samples.floats(random.nextLong(), m * c);
      float[] w = Samples.floats(3, c);
      float[] b = Samples.floats(4, c);
      float[] mean = new float[c];
      float[] var = new float[c];
      float[] rstd = new float[c];
      float[] y = new float[m * c];
      BatchNorm.statistics(x, 0, n, c, s, mean, var);
      BatchNorm.reciprocalDeviation(var, c, 1e-5, rstd);
      BatchNorm.forward(x, 0, n, c, s, mean, rstd, w, 0, b, 0, y, 0);
      float[] dx = new float[m * c];
      float[] dxEval = new float[m * c];
      float[] dw = new float[c];
      float[] db = new float[c];
      BatchNorm.backward(g, 0, x, 0, n, c, s, mean, rstd, w, 0, true, dx, 0, dw, 0, db, 0);
      BatchNorm.backward(g, 0, x, 0, n, c, s, mean, rstd, w, 0, false, dxEval, 0, null, 0, null, 0);
      for (int k = 0; k < c; k++) {
        double mu = 0;
        double v = 0;
        for (int i = 0; i < m; i++) {
          mu += x[(i / s * c + k) * s + i % s] / (double) m;
        }
        for (int i = 0; i < m; i++) {
          double e = x[(i / s * c + k) * s + i % s] - mu;
          v += e * e / m;
        }
        double r = 1 / Math.sqrt(v + 1e-5);
        double sumG = 0;
        double sumHat = 0;
        for (int i = 0; i < m; i++) {
          int at = (i / s * c + k) * s + i % s;
          double hat = (x[at] - mu) * r;
          assertThat((double) y[at]).isCloseTo(hat * w[k] + b[k], within(Tolerance.of(y, 1e-5)));
          sumG += g[at];
          sumHat += g[at] * hat;
        }
        assertThat((double) dw[k]).isCloseTo(sumHat, within(Tolerance.of(dw, 1e-3)));
        assertThat((double) db[k]).isCloseTo(sumG, within(Tolerance.of(db, 1e-3)));
        for (int i = 0; i < m; i++) {
          int at = (i / s * c + k) * s + i % s;
          double hat = (x[at] - mu) * r;
          double expected = w[k] * r * (g[at] - sumG / m - hat * sumHat / m);
          assertThat((double) dx[at]).isCloseTo(expected, within(Tolerance.of(dx, 2e-5 * (1 + r))));
          assertThat((double) dxEval[at])
              .isCloseTo(w[k] * r * g[at], within(Tolerance.of(dxEval, 1e-5 * (1 + r))));
        }
      }
    }
  }

  @Test
  void batchNormOfAMatrixHasTheBitsOfItsColumnsAsRows() {
    for (int[] d : new int[][] {{2, 1}, {70, 3}, {1030, 5}, {2060, 70}, {33, 256}, {40, 600}}) {
      int n = d[0];
      int c = d[1];
      float[] x = Samples.floats(n, n * c);
      float[] g = Samples.floats(c, n * c);
      float[][] expected = batchNorm(turned(x, n, c), turned(g, n, c), 1, c, n);
      for (float[][] found : Samples.onThreads(() -> batchNorm(x, g, n, c, 1))) {
        for (int k = 0; k < found.length; k++) {
          float[] y = k < 3 ? turned(found[k], n, c) : found[k];
          assertThat(Arrays.equals(y, expected[k])).as("%s of %s x %s", k, n, c).isTrue();
        }
      }
    }
  }

  private static float[][] batchNorm(float[] x, float[] g, int n, int c, int s) {
    float[] w = Samples.floats(3, c + 1);
    float[] var = new float[c];
    float[] r = new float[c];
    float[] m = new float[c];
    float[] dw = new float[c];
    float[] db = new float[c];
    float[] y = new float[x.length];
    float[] dx = new float[x.length];
    float[] constant = new float[x.length];
    BatchNorm.statistics(x, 0, n, c, s, m, var);
    BatchNorm.reciprocalDeviation(var, c, 1e-5, r);
    BatchNorm.forward(x, 0, n, c, s, m, r, w, 1, w, 0, y, 0);
    BatchNorm.backward(g, 0, x, 0, n, c, s, m, r, w, 1, true, dx, 0, dw, 0, db, 0);
    BatchNorm.backward(g, 0, x, 0, n, c, s, m, r, w, 1, false, constant, 0, null, 0, null, 0);
    return new float[][] {y, dx, constant, m, var, dw, db};
  }

  /// Returns `[n, c]` as `[c, n]`.
  private static float[] turned(float[] x, int n, int c) {
    float[] y = new float[x.length];
    for (int i = 0; i < x.length; i++) {
      y[i % c * n + i / c] = x[i];
    }
    return y;
  }

  @Test
  void normalisationsDoNotDependOnThreads() {
    int n = 300;
    int c = 70;
    float[] x = Samples.floats(1, n * c * 7);
    float[] g = Samples.floats(2, n * c * 7);
    var results =
        Samples.onThreads(
            () -> {
              float[] y = new float[4 * x.length + 4 * n * c];
              float[] stats = new float[n * c];
              float[] rstd = new float[n * c];
              Softmax.forward(Inflow.of(x, 0), n, c * 7, 1, y, 0);
              Softmax.logForward(Inflow.of(x, 0), n, c, 7, y, x.length);
              LayerNorm.forward(
                  Inflow.of(x, 0), n * 7, c, null, 0, null, 0, 1e-5, y, 2 * x.length, stats, rstd);
              LayerNorm.backward(
                  g,
                  0,
                  x,
                  0,
                  n * 7,
                  c,
                  null,
                  0,
                  stats,
                  rstd,
                  y,
                  2 * x.length,
                  y,
                  4 * x.length,
                  y,
                  4 * x.length + c);
              BatchNorm.statistics(x, 0, n, c, 7, stats, rstd);
              BatchNorm.backward(
                  g,
                  0,
                  x,
                  0,
                  n,
                  c,
                  7,
                  stats,
                  rstd,
                  null,
                  0,
                  true,
                  y,
                  3 * x.length,
                  y,
                  4 * x.length + 2 * c,
                  y,
                  4 * x.length + 3 * c);
              return y;
            });
    assertThat(results.get(1)).isEqualTo(results.get(0));
    assertThat(results.get(2)).isEqualTo(results.get(0));
  }
}
