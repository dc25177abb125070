package dev.autograd.kernel.conv;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.support.Samples;
import dev.autograd.kernel.support.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

@SuppressWarnings("cast") // to double; in f64 it does nothing
class Conv2dTest {
  private static List<ConvShape> shapes() {
    var list = new ArrayList<ConvShape>();
    list.add(ConvShape.of(2, 3, 9, 11, 5, 3, 3, 1, 1));
    list.add(ConvShape.of(1, 2, 8, 8, 4, 3, 3, 2, 1));
    list.add(ConvShape.of(3, 1, 12, 10, 6, 5, 5, 1, 0));
    list.add(ConvShape.of(2, 4, 6, 7, 3, 1, 1, 1, 0));
    list.add(ConvShape.of(2, 4, 6, 7, 3, 1, 1, 2, 0));
    list.add(ConvShape.of(0, 2, 5, 5, 3, 3, 3, 1, 1));
    list.add(ConvShape.of(2, 2, 2, 2, 3, 5, 5, 1, 0));
    list.add(ConvShape.of(1, 45, 6, 6, 7, 3, 3, 1, 1));
    list.add(new ConvShape(2, 3, 1, 40, 4, 1, 7, 1, 3, 0, 2, 0, 5, 1, 2, 1));
    list.add(new ConvShape(1, 6, 10, 9, 4, 3, 2, 2, 3, 0, 1, 2, 3, 2, 1, 2));
    list.add(new ConvShape(2, 4, 9, 8, 4, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 4));
    list.add(new ConvShape(2, 3, 9, 8, 6, 3, 3, 2, 2, 1, 0, 1, 2, 1, 2, 3));
    list.add(new ConvShape(1, 1, 3, 3, 1, 2, 2, 1, 1, 4, 4, 4, 4, 1, 1, 1));
    list.add(new ConvShape(1, 2, 3, 3, 2, 2, 2, 1, 1, 4, 4, 4, 4, 1, 1, 2));
    var random = new Random(21);
    while (list.size() < 60) {
      int groups = 1 + random.nextInt(3);
      list.add(
          new ConvShape(
              1 + random.nextInt(3),
              groups * (1 + random.nextInt(3)),
              3 + random.nextInt(9),
              3 + random.nextInt(9),
              groups * (1 + random.nextInt(4)),
              1 + random.nextInt(3),
              1 + random.nextInt(3),
              1 + random.nextInt(3),
              1 + random.nextInt(3),
              random.nextInt(3),
              random.nextInt(3),
              random.nextInt(3),
              random.nextInt(3),
              1 + random.nextInt(2),
              1 + random.nextInt(2),
              groups));
    }
    // Enough filters and channels for each form of the convolution and of its gradients.
    list.add(ConvShape.of(2, 40, 9, 21, 70, 5, 5, 1, 2));
    list.add(ConvShape.of(1, 130, 5, 5, 9, 5, 5, 1, 4));
    list.add(ConvShape.of(1, 3, 37, 41, 20, 7, 7, 2, 3));
    list.add(ConvShape.of(4, 20, 20, 20, 24, 3, 3, 1, 1));
    // Several images in a block, and a last block with fewer; channels that are kept apart.
    list.add(ConvShape.of(9, 128, 5, 5, 130, 2, 2, 1, 1));
    list.add(ConvShape.of(50, 8, 4, 3, 9, 3, 3, 1, 1));
    // Depthwise, with channels in whole groups: strides, dilations, unequal zeros, small images.
    list.add(new ConvShape(2, 32, 9, 8, 32, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 32));
    list.add(new ConvShape(3, 16, 12, 11, 16, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 16));
    list.add(new ConvShape(1, 48, 40, 45, 48, 5, 4, 3, 2, 2, 0, 1, 3, 1, 2, 48));
    list.add(new ConvShape(2, 16, 5, 6, 16, 1, 1, 2, 2, 0, 0, 0, 0, 1, 1, 16));
    list.add(new ConvShape(1, 16, 4, 4, 16, 3, 3, 1, 1, 3, 4, 4, 3, 1, 1, 16));
    list.add(new ConvShape(40, 16, 3, 3, 16, 3, 3, 2, 2, 1, 1, 1, 1, 1, 1, 16));
    list.add(new ConvShape(2, 16, 8, 7, 32, 3, 3, 2, 1, 1, 1, 0, 2, 1, 1, 16));
    // Planes that are copied in several blocks.
    list.add(ConvShape.of(1, 3, 150, 70, 5, 3, 3, 1, 1));
    list.add(new ConvShape(1, 24, 61, 40, 12, 5, 3, 2, 3, 2, 0, 1, 2, 2, 1, 3));
    while (list.size() < 110) {
      int groups = 1 + random.nextInt(2);
      list.add(
          new ConvShape(
              1 + random.nextInt(3),
              groups * (1 + random.nextInt(20)),
              3 + random.nextInt(9),
              3 + random.nextInt(20),
              groups * (8 + random.nextInt(30)),
              1 + random.nextInt(4),
              1 + random.nextInt(4),
              1 + random.nextInt(2),
              1 + random.nextInt(2),
              random.nextInt(3),
              random.nextInt(3),
              random.nextInt(3),
              random.nextInt(3),
              1 + random.nextInt(2),
              1 + random.nextInt(2),
              groups));
    }
    return list;
  }

  /// Takes every (output, input, weight) triple of a convolution.
  private interface Triple {
    void at(int y, int x, int w);
  }

  private static void visit(ConvShape s, Triple triple) {
    int cg = s.c() / s.groups();
    for (int n = 0; n < s.n(); n++) {
      for (int k = 0; k < s.k(); k++) {
        for (int oy = 0; oy < s.outH(); oy++) {
          for (int ox = 0; ox < s.outW(); ox++) {
            for (int c = 0; c < cg; c++) {
              for (int i = 0; i < s.kh(); i++) {
                for (int j = 0; j < s.kw(); j++) {
                  int y = oy * s.strideH() - s.padTop() + i * s.dilationH();
                  int x = ox * s.strideW() - s.padLeft() + j * s.dilationW();
                  if (y < 0 || y >= s.h() || x < 0 || x >= s.w()) {
                    continue;
                  }
                  int channel = k / (s.k() / s.groups()) * cg + c;
                  triple.at(
                      ((n * s.k() + k) * s.outH() + oy) * s.outW() + ox,
                      ((n * s.c() + channel) * s.h() + y) * s.w() + x,
                      ((k * cg + c) * s.kh() + i) * s.kw() + j);
                }
              }
            }
          }
        }
      }
    }
  }

  // Twins: f32 as f64.

  @Test
  void forwardAndGradientsAgreeWithPlainLoopsF32() {
    for (ConvShape s : shapes()) {
      int in = s.n() * s.c() * s.h() * s.w();
      int out = s.n() * s.k() * s.outH() * s.outW();
      int weights = s.k() * (s.c() / s.groups()) * s.kh() * s.kw();
      float[] x = Samples.floats(1, in + 1);
      float[] w = Samples.floats(2, weights + 2);
      float[] b = Samples.floats(3, s.k() + 3);
      float[] g = Samples.floats(4, out + 1);
      float[] y = Samples.floats(5, out + 2);
      float[] dx = Samples.floats(6, in + 1);
      float[] dw = Samples.floats(7, weights + 1);
      float[] db = Samples.floats(8, s.k() + 1);
      Conv2d.forward(s, x, 1, w, 2, b, 3, y, 2);
      Conv2d.inputGradient(s, g, 1, w, 2, dx, 1);
      Conv2d.weightGradient(s, g, 1, x, 1, dw, 1);
      Conv2d.biasGradient(s, g, 1, db, 1);
      double[] ey = new double[out];
      double[] ex = new double[in];
      double[] ew = new double[weights];
      double[] eb = new double[s.k()];
      for (int i = 0; i < out; i++) {
        int k = i / (s.outH() * s.outW()) % s.k();
        ey[i] = b[3 + k];
        eb[k] += g[1 + i];
      }
      visit(
          s,
          (yi, xi, wi) -> {
            double v = w[2 + wi];
            ey[yi] += v * x[1 + xi];
            ex[xi] += v * g[1 + yi];
            ew[wi] += (double) g[1 + yi] * x[1 + xi];
          });
      near(s + " y", y, 2, ey, s.depth());
      near(s + " dx", dx, 1, ex, s.filtersPerGroup() * s.kh() * s.kw());
      near(s + " dw", dw, 1, ew, s.n() * s.outArea());
      near(s + " db", db, 1, eb, s.n() * s.outArea());
      Conv2d.forward(s, x, 1, w, 2, null, 0, y, 2);
      for (int i = 0; i < out; i++) {
        ey[i] -= b[3 + i / (s.outH() * s.outW()) % s.k()];
      }
      near(s + " y without bias", y, 2, ey, s.depth());
    }
  }

  /// Sums of so many normally distributed products are as large as the root of their number, and
  /// their roundings grow alike.
  private static void near(String what, float[] y, int offset, double[] expected, int terms) {
    double bound = Tolerance.of(y, 3e-5) * Math.max(1, Math.sqrt(terms) / 10);
    for (int i = 0; i < expected.length; i++) {
      double e = expected[i];
      if (!(Math.abs(y[offset + i] - e) <= bound * (1 + Math.abs(e)))) {
        assertThat((double) y[offset + i]).as("%s at %d", what, i).isCloseTo(e, within(bound));
      }
    }
  }

  @Test
  void convolutionsDoNotDependOnThreadsF32() {
    for (ConvShape s :
        List.of(
            ConvShape.of(9, 16, 20, 20, 24, 3, 3, 1, 1),
            ConvShape.of(1, 16, 40, 40, 32, 3, 3, 2, 1),
            ConvShape.of(5, 16, 20, 20, 32, 5, 5, 1, 2),
            ConvShape.of(3, 70, 7, 7, 200, 3, 3, 1, 1),
            ConvShape.of(2, 3, 90, 90, 12, 5, 5, 2, 2),
            new ConvShape(3, 6, 20, 20, 6, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 6),
            new ConvShape(9, 32, 20, 20, 32, 3, 3, 1, 1, 1, 1, 1, 1, 1, 1, 32))) {
      int in = s.n() * s.c() * s.h() * s.w();
      int out = s.n() * s.k() * s.outH() * s.outW();
      int weights = s.k() * (s.c() / s.groups()) * s.kh() * s.kw();
      float[] x = Samples.floats(1, in);
      float[] w = Samples.floats(2, weights);
      float[] g = Samples.floats(3, out);
      var results =
          Samples.onThreads(
              () -> {
                float[] r = new float[out + in + weights + s.k()];
                Conv2d.forward(s, x, 0, w, 0, null, 0, r, 0);
                Conv2d.inputGradient(s, g, 0, w, 0, r, out);
                Conv2d.weightGradient(s, g, 0, x, 0, r, out + in);
                Conv2d.biasGradient(s, g, 0, r, out + in + weights);
                return r;
              });
      assertThat(results.get(1)).isEqualTo(results.get(0));
      assertThat(results.get(2)).isEqualTo(results.get(0));
    }
  }

  @Test
  void vectorsGiveTheBitsOfPlainLoopsF32() {
    assumeTrue(Simd.live());
    int lanes = TilePlan.LANES;
    float[] a = Samples.floats(1, 5000);
    float[] b = Samples.floats(2, 5000);
    int[] term = {0, 17, 3, 1000, 64, 65, 2, 900, 11};
    int[] row = TilePlan.multiples(21, 33);
    var plain = new ScalarWinogradF32();
    var vector = new VectorWinogradF32();
    float[] c = new float[row.length * lanes];
    float[] d = c.clone();
    plain.lanes(term.length, term, a, row.length, row, b, c);
    vector.lanes(term.length, term, a, row.length, row, b, d);
    assertThat(d).isEqualTo(c);
    for (int width = lanes; width <= TilePlan.WIDTH; width += lanes) {
      c = new float[TilePlan.ROWS * width];
      d = c.clone();
      plain.product(term.length, term, 0, a, 5, row, 4, b, 7, width, width, c, 0, width);
      vector.product(term.length, term, 0, a, 5, row, 4, b, 7, width, width, d, 0, width);
      assertThat(d).isEqualTo(c);
    }
    for (int filters = 1; filters <= 16; filters++) {
      c = new float[filters * PlanarPlan.WIDTH];
      d = c.clone();
      PlanarF32.plain(term, a, 9, b, 3, filters, c, 0, PlanarPlan.WIDTH);
      VectorPlanarF32.sums(term, a, 9, b, 3, filters, d, 0, PlanarPlan.WIDTH);
      assertThat(d).isEqualTo(c);
    }
  }

  // End of twins.

  @Test
  void gradientsOfAnEmptyBatchAreZero() {
    ConvShape s = ConvShape.of(0, 2, 5, 5, 3, 3, 3, 1, 1);
    float[] dw = {1f, 1f};
    float[] all = java.util.Arrays.copyOf(dw, 3 * 2 * 9);
    Conv2d.weightGradient(s, new float[0], 0, new float[0], 0, all, 0);
    assertThat(all).containsOnly(0f);
  }

  @Test
  void badSizesAreNamed() {
    assertThatThrownBy(() -> new ConvShape(1, 4, 5, 5, 6, 3, 3, 1, 1, 0, 0, 0, 0, 1, 1, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("channels must divide by groups")
        .hasMessageContaining("[4, 6, 4]");
    assertThatThrownBy(() -> ConvShape.of(1, 1, 5, 5, 1, 3, 3, 0, 0))
        .hasMessageContaining("strides must be at least 1");
  }
}
