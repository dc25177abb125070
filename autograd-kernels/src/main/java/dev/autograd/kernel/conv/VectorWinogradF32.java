// Twin: VectorWinogradF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.Simd;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Winograd's convolution in vectors.
final class VectorWinogradF32 implements WinogradStepsF32 {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();

  private static final int TRANSPOSABLE = VectorTransposeF32.fewest();

  private final ScalarWinogradF32 plain = new ScalarWinogradF32();

  @Override
  public void gather(
      float[] x,
      int xAt,
      int plane,
      int channels,
      int wide,
      int count,
      float[] to,
      int toAt,
      int toStep) {
    if (TRANSPOSABLE > 0 && count >= TRANSPOSABLE && channels == LANES) {
      VectorTransposeF32.gather(x, xAt, plane, count, to, toAt, toStep);
    } else {
      plain.gather(x, xAt, plane, channels, wide, count, to, toAt, toStep);
    }
  }

  @Override
  public void scatter(
      float[] from,
      int fromAt,
      int fromStep,
      int count,
      float[] y,
      int yAt,
      int plane,
      int channels) {
    if (TRANSPOSABLE > 0 && count >= TRANSPOSABLE && channels == LANES) {
      VectorTransposeF32.scatter(from, fromAt, fromStep, count, y, yAt, plane);
    } else {
      plain.scatter(from, fromAt, fromStep, count, y, yAt, plane, channels);
    }
  }

  @Override
  public void inputDown(float[] x, int xAt, int xRow, int n, float[] to, int toAt, int toRow) {
    for (int i = 0; i < n; i += L) {
      inputLine(x, xAt + i, xRow, to, toAt + i, toRow);
    }
  }

  @Override
  public void inputAcross(
      float[] from,
      int fromAt,
      int fromRow,
      int tiles,
      float[] v,
      int vAt,
      int vTile,
      int vComponent) {
    for (int l = 0; l < LANES; l += L) {
      for (int i = 0; i < 6; i++) {
        int vi = vAt + i * 6 * vComponent + l;
        int fi = fromAt + i * fromRow + l;
        for (int t = 0; t < tiles; t++) {
          inputLine(from, fi + t * 4 * LANES, LANES, v, vi + t * vTile, vComponent);
        }
      }
    }
  }

  private static void inputLine(float[] x, int at, int step, float[] to, int toAt, int toStep) {
    FloatVector x0 = FloatVector.fromArray(S, x, at);
    FloatVector x1 = FloatVector.fromArray(S, x, at + step);
    FloatVector x2 = FloatVector.fromArray(S, x, at + 2 * step);
    FloatVector x3 = FloatVector.fromArray(S, x, at + 3 * step);
    FloatVector x4 = FloatVector.fromArray(S, x, at + 4 * step);
    FloatVector x5 = FloatVector.fromArray(S, x, at + 5 * step);
    FloatVector minusSum = FloatVector.broadcast(S, -SQUARES_SUM);
    FloatVector product = FloatVector.broadcast(S, SQUARES_PRODUCT);
    x0.fma(product, x2.fma(minusSum, x4)).intoArray(to, toAt);
    FloatVector square = FloatVector.broadcast(S, -B2);
    FloatVector even = x2.fma(square, x4);
    FloatVector odd = x1.fma(square, x3);
    odd.fma(FloatVector.broadcast(S, A), even).intoArray(to, toAt + toStep);
    odd.fma(FloatVector.broadcast(S, -A), even).intoArray(to, toAt + 2 * toStep);
    square = FloatVector.broadcast(S, -A2);
    even = x2.fma(square, x4);
    odd = x1.fma(square, x3);
    odd.fma(FloatVector.broadcast(S, B), even).intoArray(to, toAt + 3 * toStep);
    odd.fma(FloatVector.broadcast(S, -B), even).intoArray(to, toAt + 4 * toStep);
    x1.fma(product, x3.fma(minusSum, x5)).intoArray(to, toAt + 5 * toStep);
  }

  @Override
  public void gradientDown(float[] g, int gAt, int gRow, int n, float[] to, int toAt, int toRow) {
    for (int i = 0; i < n; i += L) {
      gradientLine(g, gAt + i, gRow, to, toAt + i, toRow);
    }
  }

  @Override
  public void gradientAcross(
      float[] from,
      int fromAt,
      int fromRow,
      int tiles,
      float[] v,
      int vAt,
      int vTile,
      int vComponent) {
    for (int l = 0; l < LANES; l += L) {
      for (int i = 0; i < 6; i++) {
        int vi = vAt + i * 6 * vComponent + l;
        int fi = fromAt + i * fromRow + l;
        for (int t = 0; t < tiles; t++) {
          gradientLine(from, fi + t * 4 * LANES, LANES, v, vi + t * vTile, vComponent);
        }
      }
    }
  }

  private static void gradientLine(float[] g, int at, int step, float[] to, int toAt, int toStep) {
    FloatVector g0 = FloatVector.fromArray(S, g, at);
    FloatVector g1 = FloatVector.fromArray(S, g, at + step);
    FloatVector g2 = FloatVector.fromArray(S, g, at + 2 * step);
    FloatVector g3 = FloatVector.fromArray(S, g, at + 3 * step);
    g0.intoArray(to, toAt);
    FloatVector square = FloatVector.broadcast(S, A2);
    FloatVector even = g2.fma(square, g0);
    FloatVector odd = g3.fma(square, g1);
    odd.fma(FloatVector.broadcast(S, A), even).intoArray(to, toAt + toStep);
    odd.fma(FloatVector.broadcast(S, -A), even).intoArray(to, toAt + 2 * toStep);
    square = FloatVector.broadcast(S, B2);
    even = g2.fma(square, g0);
    odd = g3.fma(square, g1);
    odd.fma(FloatVector.broadcast(S, B), even).intoArray(to, toAt + 3 * toStep);
    odd.fma(FloatVector.broadcast(S, -B), even).intoArray(to, toAt + 4 * toStep);
    g3.intoArray(to, toAt + 5 * toStep);
  }

  @Override
  public void output(
      float[] m,
      int mAt,
      int mTile,
      int mComponent,
      int tiles,
      float[] bias,
      int biasAt,
      float[] work,
      float[] y,
      int yRow) {
    for (int l = 0; l < LANES; l += L) {
      FloatVector add = FloatVector.broadcast(S, -0f);
      FloatVector more = FloatVector.fromArray(S, bias, biasAt + l);
      for (int t = 0; t < tiles; t++) {
        int mi = mAt + t * mTile + l;
        for (int j = 0; j < 6; j++) {
          outputLine(m, mi + j * mComponent, 6 * mComponent, add, work, j * LANES + l, 6 * LANES);
        }
        int yi = t * 4 * LANES + l;
        for (int i = 0; i < 4; i++) {
          outputLine(work, i * 6 * LANES + l, LANES, more, y, yi + i * yRow, LANES);
        }
      }
    }
  }

  private static void outputLine(
      float[] m, int at, int step, FloatVector bias, float[] y, int yAt, int yStep) {
    FloatVector m1 = FloatVector.fromArray(S, m, at + step);
    FloatVector m2 = FloatVector.fromArray(S, m, at + 2 * step);
    FloatVector m3 = FloatVector.fromArray(S, m, at + 3 * step);
    FloatVector m4 = FloatVector.fromArray(S, m, at + 4 * step);
    FloatVector m5 = FloatVector.fromArray(S, m, at + 5 * step);
    FloatVector s = m1.add(m2);
    FloatVector d = m1.sub(m2);
    FloatVector s2 = m3.add(m4);
    FloatVector d2 = m3.sub(m4);
    FloatVector.fromArray(S, m, at).add(s.add(s2)).add(bias).intoArray(y, yAt);
    FloatVector y1 = d.fma(FloatVector.broadcast(S, A), d2.mul(B));
    FloatVector y2 = s.fma(FloatVector.broadcast(S, A2), s2.mul(B2));
    FloatVector y3 = d2.fma(FloatVector.broadcast(S, B3), m5);
    y1.add(bias).intoArray(y, yAt + yStep);
    y2.add(bias).intoArray(y, yAt + 2 * yStep);
    d.fma(FloatVector.broadcast(S, A3), y3).add(bias).intoArray(y, yAt + 3 * yStep);
  }

  @Override
  public void filter(float[] taps, int tap, int n, float[] u, int uAt, int uComponent) {
    float[] h = new float[18 * L];
    for (int i = 0; i < n; i += L) {
      for (int j = 0; j < 3; j++) {
        filterLine(taps, i + j * tap, 3 * tap, h, j * L, 3 * L);
      }
      for (int j = 0; j < 6; j++) {
        filterLine(h, j * 3 * L, L, u, uAt + i + j * 6 * uComponent, uComponent);
      }
    }
  }

  private static void filterLine(float[] w, int at, int step, float[] u, int uAt, int uStep) {
    FloatVector w0 = FloatVector.fromArray(S, w, at);
    FloatVector w1 = FloatVector.fromArray(S, w, at + step);
    FloatVector w2 = FloatVector.fromArray(S, w, at + 2 * step);
    w0.mul(AT_ZERO).intoArray(u, uAt);
    FloatVector even = w2.fma(FloatVector.broadcast(S, AT_A_2), w0.mul(AT_A));
    w1.fma(FloatVector.broadcast(S, AT_A_1), even).intoArray(u, uAt + uStep);
    w1.fma(FloatVector.broadcast(S, -AT_A_1), even).intoArray(u, uAt + 2 * uStep);
    even = w2.fma(FloatVector.broadcast(S, AT_B_2), w0.mul(AT_B));
    w1.fma(FloatVector.broadcast(S, AT_B_1), even).intoArray(u, uAt + 3 * uStep);
    w1.fma(FloatVector.broadcast(S, -AT_B_1), even).intoArray(u, uAt + 4 * uStep);
    w2.intoArray(u, uAt + 5 * uStep);
  }

  @Override
  public void filterGradient(float[] u, int uAt, int uComponent, int n, float[] taps, int tap) {
    float[] h = new float[18 * L];
    for (int i = 0; i < n; i += L) {
      for (int j = 0; j < 6; j++) {
        filterGradientLine(u, uAt + i + j * uComponent, 6 * uComponent, h, j * L, 6 * L);
      }
      for (int j = 0; j < 3; j++) {
        filterGradientLine(h, j * 6 * L, L, taps, i + j * 3 * tap, tap);
      }
    }
  }

  private static void filterGradientLine(
      float[] u, int at, int step, float[] w, int wAt, int wStep) {
    FloatVector u1 = FloatVector.fromArray(S, u, at + step);
    FloatVector u2 = FloatVector.fromArray(S, u, at + 2 * step);
    FloatVector u3 = FloatVector.fromArray(S, u, at + 3 * step);
    FloatVector u4 = FloatVector.fromArray(S, u, at + 4 * step);
    FloatVector s = u1.add(u2);
    FloatVector d = u1.sub(u2);
    FloatVector s2 = u3.add(u4);
    FloatVector d2 = u3.sub(u4);
    FloatVector zero = FloatVector.fromArray(S, u, at).mul(AT_ZERO);
    FloatVector last = FloatVector.fromArray(S, u, at + 5 * step);
    zero = s2.fma(FloatVector.broadcast(S, AT_B), zero);
    last = s2.fma(FloatVector.broadcast(S, AT_B_2), last);
    s.fma(FloatVector.broadcast(S, AT_A), zero).intoArray(w, wAt);
    d.fma(FloatVector.broadcast(S, AT_A_1), d2.mul(AT_B_1)).intoArray(w, wAt + wStep);
    s.fma(FloatVector.broadcast(S, AT_A_2), last).intoArray(w, wAt + 2 * wStep);
  }

  @Override
  public void product(
      int terms,
      int[] term,
      int termAt,
      float[] a,
      int aAt,
      int[] row,
      int rowAt,
      float[] b,
      int bAt,
      int bRow,
      int width,
      float[] c,
      int cAt,
      int cRow) {
    VectorProductF32.product(
        terms, term, termAt, a, aAt, row, rowAt, b, bAt, bRow, width, c, cAt, cRow);
  }

  @Override
  public void lanes(int terms, int[] term, float[] a, int rows, int[] row, float[] b, float[] c) {
    VectorLanesF32.product(terms, term, a, rows, row, b, c);
  }

  @Override
  public void add(float[] x, int xAt, float[] y, int yAt, int n) {
    for (int i = 0; i < n; i += L) {
      FloatVector.fromArray(S, y, yAt + i)
          .add(FloatVector.fromArray(S, x, xAt + i))
          .intoArray(y, yAt + i);
    }
  }
}
