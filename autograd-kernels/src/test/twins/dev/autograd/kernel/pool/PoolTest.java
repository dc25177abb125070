package dev.autograd.kernel.pool;

import static org.assertj.core.api.Assertions.assertThat;
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
class PoolTest {
  private static List<PoolShape> shapes(boolean dilated) {
    var list = new ArrayList<PoolShape>();
    list.add(PoolShape.of(3, 8, 8, 2, 2, 0));
    list.add(PoolShape.of(2, 7, 9, 3, 2, 1));
    list.add(PoolShape.of(0, 7, 9, 3, 2, 1));
    list.add(PoolShape.of(2, 1, 1, 3, 2, 0));
    var random = new Random(5);
    while (list.size() < 60) {
      int kh = 1 + random.nextInt(4);
      int kw = 1 + random.nextInt(4);
      list.add(
          new PoolShape(
              1 + random.nextInt(3),
              2 + random.nextInt(9),
              2 + random.nextInt(9),
              kh,
              kw,
              1 + random.nextInt(3),
              1 + random.nextInt(3),
              random.nextInt(kh / 2 + 1),
              random.nextInt(kw / 2 + 1),
              random.nextInt(kh / 2 + 1),
              random.nextInt(kw / 2 + 1),
              dilated ? 1 + random.nextInt(2) : 1,
              dilated ? 1 + random.nextInt(2) : 1,
              random.nextBoolean()));
    }
    return list;
  }

  // Twins: f32 as f64.

  @Test
  void maximaAndTheirGradientsAgreeWithPlainLoopsF32() {
    for (PoolShape s : shapes(true)) {
      int in = s.planes() * s.h() * s.w();
      int area = s.outH() * s.outW();
      float[] x = Samples.floats(1, in + 1);
      for (int i = 0; i < x.length; i++) {
        // Coarse values, so that ties are common.
        x[i] = Math.round(x[i]);
      }
      float[] y = new float[s.planes() * area + 2];
      int[] index = new int[s.planes() * area + 3];
      MaxPool2d.forward(s, x, 1, y, 2, index, 3);
      float[] g = Samples.floats(2, s.planes() * area + 1);
      float[] dx = Samples.floats(3, in + 1);
      MaxPool2d.backward(s, g, 1, index, 3, dx, 1);
      float[] expected = new float[in + 1];
      expected[0] = dx[0];
      for (int o = 0; o < s.planes() * area; o++) {
        float best = Float.NEGATIVE_INFINITY;
        int at = -1;
        for (int i = 0; i < s.kh(); i++) {
          for (int j = 0; j < s.kw(); j++) {
            int r = o % area / s.outW() * s.strideH() - s.padTop() + i * s.dilationH();
            int c = o % s.outW() * s.strideW() - s.padLeft() + j * s.dilationW();
            if (r >= 0 && r < s.h() && c >= 0 && c < s.w()) {
              float v = x[1 + o / area * s.h() * s.w() + r * s.w() + c];
              if (v > best) {
                best = v;
                at = r * s.w() + c;
              }
            }
          }
        }
        assertThat(y[2 + o]).as(s.toString()).isEqualTo(best);
        assertThat(index[3 + o]).as(s.toString()).isEqualTo(at);
        if (at >= 0) {
          expected[1 + o / area * s.h() * s.w() + at] += g[1 + o];
        }
      }
      assertThat(dx).as(s.toString()).isEqualTo(expected);
    }
  }

  @Test
  void aNanIsTheMaximumOfItsF32WindowAndMinusInfinityHasAPlace() {
    float inf = Float.NEGATIVE_INFINITY;
    float[] x = {1f, Float.NaN, Float.NaN, 9f, inf, inf, inf, inf};
    float[] y = new float[2];
    int[] index = new int[2];
    MaxPool2d.forward(PoolShape.of(2, 2, 2, 2, 2, 0), x, 0, y, 0, index, 0);
    assertThat(y).containsExactly(Float.NaN, inf);
    assertThat(index).containsExactly(1, 0);
  }

  @Test
  void pairsOfPairsInVectorsAgreeWithPlainRowsF32() {
    assumeTrue(Simd.live());
    var random = new Random(11);
    for (int outW = 1; outW < 40; outW++) {
      if (!PairsF32.fits(outW)) {
        continue;
      }
      PoolShape s = PoolShape.of(1, 6 + outW % 2, 2 * outW + outW % 2, 2, 2, 0);
      float[] x = new float[1 + s.h() * s.w()];
      float[] values = {
        -1f, -0f, 0f, 1f, Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY
      };
      for (int i = 0; i < x.length; i++) {
        x[i] = values[random.nextInt(values.length)];
      }
      float[] expected = new float[3 * outW + 2];
      int[] expectedIndex = new int[3 * outW + 3];
      for (int oy = 0; oy < 3; oy++) {
        int at = oy * outW;
        MaxPool2d.row(s, x, 1, oy, outW, expected, 2 + at, expectedIndex, 3 + at);
      }
      float[] y = new float[expected.length];
      int[] index = new int[expectedIndex.length];
      PairsF32.forward(x, 1, s.w(), 3, outW, y, 2, index, 3);
      assertThat(y).isEqualTo(expected);
      assertThat(index).isEqualTo(expectedIndex);
    }
  }

  @Test
  void averagesAndTheirGradientsAgreeWithPlainLoopsF32() {
    for (PoolShape s : shapes(false)) {
      for (int mode = 0; mode < 3; mode++) {
        boolean countPadding = mode == 1;
        int divisor = mode == 2 ? 7 : 0;
        int in = s.planes() * s.h() * s.w();
        int area = s.outH() * s.outW();
        float[] x = Samples.floats(1, in);
        float[] g = Samples.floats(2, s.planes() * area);
        float[] y = new float[s.planes() * area];
        float[] dx = Samples.floats(3, in);
        AvgPool2d.forward(s, countPadding, divisor, x, 0, y, 0);
        AvgPool2d.backward(s, countPadding, divisor, g, 0, dx, 0);
        double[] expected = new double[in];
        for (int o = 0; o < s.planes() * area; o++) {
          int inside = 0;
          int padded = 0;
          double sum = 0;
          for (int pass = 0; pass < 2; pass++) {
            double count = divisor != 0 ? divisor : countPadding ? padded : inside;
            for (int i = 0; i < s.kh(); i++) {
              for (int j = 0; j < s.kw(); j++) {
                int r = o % area / s.outW() * s.strideH() - s.padTop() + i;
                int c = o % s.outW() * s.strideW() - s.padLeft() + j;
                if (pass == 0 && r < s.h() + s.padBottom() && c < s.w() + s.padRight()) {
                  padded++;
                }
                if (r >= 0 && r < s.h() && c >= 0 && c < s.w()) {
                  int at = o / area * s.h() * s.w() + r * s.w() + c;
                  if (pass == 0) {
                    inside++;
                    sum += x[at];
                  } else {
                    expected[at] += g[o] / count;
                  }
                }
              }
            }
          }
          double count = divisor != 0 ? divisor : countPadding ? padded : inside;
          assertThat((double) y[o])
              .as(s.toString())
              .isCloseTo(sum / count, within(Tolerance.of(y, 1e-6)));
        }
        for (int i = 0; i < in; i++) {
          assertThat((double) dx[i])
              .as(s.toString())
              .isCloseTo(expected[i], within(Tolerance.of(dx, 3e-6)));
        }
      }
    }
  }

  @Test
  void adaptiveWindowsCoverThePlaneF32() {
    for (int[] d :
        new int[][] {{2, 7, 5, 3, 2}, {1, 3, 3, 5, 7}, {3, 6, 6, 1, 1}, {1, 4, 4, 4, 4}}) {
      int h = d[1];
      int w = d[2];
      int area = d[3] * d[4];
      float[] x = Samples.floats(1, d[0] * h * w);
      float[] g = Samples.floats(2, d[0] * area);
      float[] y = new float[d[0] * area];
      float[] dx = new float[x.length];
      AvgPool2d.adaptiveForward(d[0], h, w, d[3], d[4], x, 0, y, 0);
      AvgPool2d.adaptiveBackward(d[0], h, w, d[3], d[4], g, 0, dx, 0);
      double[] expected = new double[x.length];
      for (int o = 0; o < y.length; o++) {
        int oy = o % area / d[4];
        int ox = o % d[4];
        int top = (int) Math.floor(1.0 * oy * h / d[3]);
        int bottom = (int) Math.ceil(1.0 * (oy + 1) * h / d[3]);
        int left = (int) Math.floor(1.0 * ox * w / d[4]);
        int right = (int) Math.ceil(1.0 * (ox + 1) * w / d[4]);
        double sum = 0;
        int count = (bottom - top) * (right - left);
        for (int i = top; i < bottom; i++) {
          for (int j = left; j < right; j++) {
            int at = o / area * h * w + i * w + j;
            sum += x[at];
            expected[at] += g[o] / (double) count;
          }
        }
        assertThat((double) y[o]).isCloseTo(sum / count, within(Tolerance.of(y, 1e-6)));
      }
      for (int i = 0; i < x.length; i++) {
        assertThat((double) dx[i]).isCloseTo(expected[i], within(Tolerance.of(dx, 1e-6)));
      }
    }
  }

  // End of twins.

  @Test
  void ceilModeAddsAWindowOnlyIfItBeginsInsideOrBefore() {
    assertThat(new PoolShape(1, 5, 5, 2, 2, 2, 2, 0, 0, 0, 0, 1, 1, false).outH()).isEqualTo(2);
    assertThat(new PoolShape(1, 5, 5, 2, 2, 2, 2, 0, 0, 0, 0, 1, 1, true).outH()).isEqualTo(3);
    // The third window would begin at row 4 of 3 rows and one row of padding before.
    assertThat(new PoolShape(1, 3, 3, 1, 1, 2, 2, 0, 0, 1, 1, 1, 1, true).outH()).isEqualTo(2);
  }
}
