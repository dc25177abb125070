package dev.autograd.kernel.conv;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.kernel.support.Samples;
import dev.autograd.kernel.support.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

@SuppressWarnings("cast") // to double; in f64 it does nothing
class WinogradTest {
  /// Images, channels, height, width, filters, zeros above, left, below and right.
  private static ConvShape shape(
      int n, int c, int h, int w, int k, int top, int left, int bottom, int right) {
    return new ConvShape(n, c, h, w, k, 3, 3, 1, 1, top, left, bottom, right, 1, 1, 1);
  }

  private static List<ConvShape> shapes() {
    var list = new ArrayList<ConvShape>();
    list.add(shape(2, 16, 16, 16, 64, 1, 1, 1, 1));
    list.add(shape(1, 3, 9, 11, 5, 0, 0, 0, 0));
    list.add(shape(3, 17, 7, 5, 31, 2, 2, 2, 2));
    list.add(shape(1, 20, 1, 30, 13, 1, 0, 1, 0));
    list.add(shape(2, 5, 40, 1, 80, 0, 1, 0, 1));
    list.add(shape(1, 1, 1, 1, 1, 1, 1, 1, 1));
    list.add(shape(1, 12, 3, 3, 16, 0, 0, 0, 0));
    list.add(shape(2, 33, 6, 19, 70, 0, 1, 2, 0));
    list.add(shape(1, 9, 21, 70, 129, 1, 2, 0, 1));
    list.add(shape(5, 130, 8, 8, 48, 1, 1, 1, 1));
    var random = new Random(5);
    while (list.size() < 40) {
      list.add(
          shape(
              1 + random.nextInt(4),
              1 + random.nextInt(40),
              3 + random.nextInt(20),
              3 + random.nextInt(40),
              1 + random.nextInt(90),
              random.nextInt(3),
              random.nextInt(3),
              random.nextInt(3),
              random.nextInt(3)));
    }
    return list;
  }

  /// The convolution and its gradients by plain loops.
  private record Plain(double[] y, double[] dx, double[] dw) {}

  /// Returns the mean sum of the magnitudes of so many products of normally distributed numbers,
  /// and of those of one tile: even where there is but one product, its neighbours' round.
  private static double terms(int products) {
    return (products + 36) * 2 / Math.PI;
  }

  // Twins: f32 as f64.

  private static Plain plain(ConvShape s, float[] x, float[] w, float[] g) {
    int in = s.n() * s.c() * s.h() * s.w();
    int out = s.n() * s.k() * s.outH() * s.outW();
    var p = new Plain(new double[out], new double[in], new double[s.k() * s.c() * 9]);
    for (int yi = 0; yi < out; yi++) {
      int ox = yi % s.outW();
      int oy = yi / s.outW() % s.outH();
      int k = yi / s.outArea() % s.k();
      for (int t = 0; t < 9 * s.c(); t++) {
        int iy = oy + t % 9 / 3 - s.padTop();
        int ix = ox + t % 3 - s.padLeft();
        if (iy >= 0 && iy < s.h() && ix >= 0 && ix < s.w()) {
          int xi = ((yi / (s.outArea() * s.k()) * s.c() + t / 9) * s.h() + iy) * s.w() + ix;
          int wi = k * s.c() * 9 + t;
          p.y[yi] += (double) x[1 + xi] * w[2 + wi];
          p.dx[xi] += (double) g[3 + yi] * w[2 + wi];
          p.dw[wi] += (double) g[3 + yi] * x[1 + xi];
        }
      }
    }
    return p;
  }

  @Test
  void everyPassIsAsNearToPlainLoopsAsRoundingAllowsF32() {
    for (ConvShape s : shapes()) {
      int in = s.n() * s.c() * s.h() * s.w();
      int out = s.n() * s.k() * s.outArea();
      float[] x = Samples.floats(1, in + 1);
      float[] w = Samples.floats(2, s.k() * s.depth() + 2);
      float[] g = Samples.floats(3, out + 3);
      float[] b = Samples.floats(4, s.k() + 4);
      float[] y = Samples.floats(5, out + 6);
      float[] dx = Samples.floats(6, in + 7);
      float[] dw = Samples.floats(7, s.k() * s.depth() + 8);
      final float[] before = {y[4], y[out + 5], dx[5], dx[in + 6], dw[6], dw[dw.length - 1]};
      WinogradF32.forward(s, x, 1, w, 2, b, 4, y, 5);
      WinogradF32.inputGradient(s, g, 3, w, 2, dx, 6);
      WinogradGradientF32.weightGradient(s, g, 3, x, 1, dw, 7);
      final float[] after = {y[4], y[out + 5], dx[5], dx[in + 6], dw[6], dw[dw.length - 1]};
      assertThat(after).as("%s around the results", s).isEqualTo(before);
      Plain p = plain(s, x, w, g);
      near(s + " dx", dx, 6, p.dx, terms(9 * s.k()));
      near(s + " dw", dw, 7, p.dw, terms(s.n() * s.outArea()));
      float[] unbiased = new float[out];
      WinogradF32.forward(s, x, 1, w, 2, null, 0, unbiased, 0);
      near(s + " y without bias", unbiased, 0, p.y, terms(9 * s.c()));
      for (int i = 0; i < out; i++) {
        p.y[i] += b[4 + i / s.outArea() % s.k()];
      }
      near(s + " y", y, 5, p.y, terms(9 * s.c()) + 2);
    }
  }

  private static void near(String what, float[] y, int offset, double[] expected, double terms) {
    double bound = Tolerance.of(y, 1.5e-6) * terms;
    for (int i = 0; i < expected.length; i++) {
      if (!(Math.abs(y[offset + i] - expected[i]) <= bound)) {
        assertThat((double) y[offset + i])
            .as("%s at %d, within %s", what, i, bound)
            .isEqualTo(expected[i]);
      }
    }
  }

  /// The claim of Note [Winograd's points], with half as much again for other numbers.
  @Test
  void theErrorIsAtMostThreeAndAHalfTimesThatOfThePlainSumF32() {
    ConvShape s = ConvShape.of(2, 64, 32, 32, 16, 3, 3, 1, 1);
    float[] x = Samples.floats(1, s.n() * s.c() * s.h() * s.w() + 1);
    float[] w = Samples.floats(2, s.k() * s.depth() + 2);
    int out = s.n() * s.k() * s.outArea();
    float[] tiled = new float[out];
    float[] summed = new float[out];
    WinogradF32.forward(s, x, 1, w, 2, null, 0, tiled, 0);
    ConvF32.forward(s, x, 1, w, 2, null, 0, summed, 0);
    double[] expected = plain(s, x, w, new float[out + 3]).y;
    assertThat(error(tiled, expected)).isLessThan(3.5 * error(summed, expected));
  }

  private static double error(float[] y, double[] expected) {
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      sum += (y[i] - expected[i]) * (y[i] - expected[i]);
    }
    return Math.sqrt(sum);
  }

  @Test
  void threadsDoNotShowInTheBitsF32() {
    ConvShape s = shape(7, 20, 21, 18, 37, 1, 1, 1, 1);
    int in = s.n() * s.c() * s.h() * s.w();
    int out = s.n() * s.k() * s.outArea();
    float[] x = Samples.floats(1, in);
    float[] w = Samples.floats(2, s.k() * s.depth());
    float[] g = Samples.floats(3, out);
    var results =
        Samples.onThreads(
            () -> {
              float[] r = new float[out + in + w.length];
              WinogradF32.forward(s, x, 0, w, 0, null, 0, r, 0);
              WinogradF32.inputGradient(s, g, 0, w, 0, r, out);
              WinogradGradientF32.weightGradient(s, g, 0, x, 0, r, out + in);
              return r;
            });
    assertThat(results.get(1)).isEqualTo(results.get(0));
    assertThat(results.get(2)).isEqualTo(results.get(0));
  }

  // End of twins.

  @Test
  void onlyShapesItCanComputeAreTaken() {
    assertThat(WinogradF32.suits(ConvShape.of(8, 64, 56, 56, 64, 3, 3, 1, 1))).isTrue();
    assertThat(WinogradF32.suits(ConvShape.of(64, 32, 26, 26, 64, 3, 3, 1, 0))).isTrue();
    assertThat(WinogradF32.suits(ConvShape.of(8, 64, 56, 56, 64, 3, 3, 2, 1))).isFalse();
    assertThat(WinogradF32.suits(ConvShape.of(8, 64, 56, 56, 64, 3, 3, 1, 3))).isFalse();
    assertThat(WinogradF32.suits(ConvShape.of(8, 64, 56, 56, 64, 5, 5, 1, 1))).isFalse();
    assertThat(WinogradF32.suits(ConvShape.of(8, 64, 56, 56, 64, 3, 1, 1, 0))).isFalse();
    assertThat(WinogradF32.suits(new ConvShape(8, 64, 56, 56, 64, 3, 3, 1, 1, 1, 1, 1, 1, 2, 1, 1)))
        .isFalse();
    assertThat(WinogradF32.suits(new ConvShape(8, 64, 56, 56, 64, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 2)))
        .isFalse();
    // What takes too much memory for its sums goes another way.
    ConvShape large = ConvShape.of(8, 1024, 14, 14, 1024, 3, 3, 1, 1);
    assertThat(WinogradGradientF32.suits(large)).isFalse();
  }
}
