// Twin: ScalarWinogradF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import static java.lang.Math.fma;

import dev.autograd.kernel.linalg.PlainSumsF32;
import java.util.Arrays;

/// Winograd's convolution in plain Java.
final class ScalarWinogradF32 implements WinogradStepsF32 {
  /// Terms of a product that are copied at a time.
  private static final int COPIED = 64;

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
    if (channels == LANES && count < LANES) {
      // Few short rows: this loop is unrolled.
      for (int i = 0; i < count; i++) {
        for (int l = 0; l < LANES; l++) {
          to[toAt + i * toStep + l] = x[xAt + i + l * plane];
        }
      }
      return;
    }
    for (int l = 0; l < channels; l++) {
      int xi = xAt + l * plane;
      int ti = toAt + l;
      for (int i = 0; i < count; i++) {
        to[ti + i * toStep] = x[xi + i];
      }
    }
    for (int l = channels; l < wide; l++) {
      for (int i = 0; i < count; i++) {
        to[toAt + l + i * toStep] = 0f;
      }
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
    for (int l = 0; l < channels; l++) {
      int yi = yAt + l * plane;
      int fi = fromAt + l;
      for (int i = 0; i < count; i++) {
        y[yi + i] = from[fi + i * fromStep];
      }
    }
  }

  @Override
  public void inputDown(float[] x, int xAt, int xRow, int n, float[] to, int toAt, int toRow) {
    for (int i = 0; i < n; i++) {
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
    for (int i = 0; i < 6; i++) {
      for (int t = 0; t < tiles; t++) {
        int fi = fromAt + i * fromRow + t * 4 * LANES;
        int vi = vAt + i * 6 * vComponent + t * vTile;
        for (int l = 0; l < LANES; l++) {
          inputLine(from, fi + l, LANES, v, vi + l, vComponent);
        }
      }
    }
  }

  private static void inputLine(float[] x, int at, int step, float[] to, int toAt, int toStep) {
    float x0 = x[at];
    float x1 = x[at + step];
    float x2 = x[at + 2 * step];
    float x3 = x[at + 3 * step];
    float x4 = x[at + 4 * step];
    float x5 = x[at + 5 * step];
    to[toAt] = fma(x0, SQUARES_PRODUCT, fma(x2, -SQUARES_SUM, x4));
    float even = fma(x2, -B2, x4);
    float odd = fma(x1, -B2, x3);
    to[toAt + toStep] = fma(odd, A, even);
    to[toAt + 2 * toStep] = fma(odd, -A, even);
    even = fma(x2, -A2, x4);
    odd = fma(x1, -A2, x3);
    to[toAt + 3 * toStep] = fma(odd, B, even);
    to[toAt + 4 * toStep] = fma(odd, -B, even);
    to[toAt + 5 * toStep] = fma(x1, SQUARES_PRODUCT, fma(x3, -SQUARES_SUM, x5));
  }

  @Override
  public void gradientDown(float[] g, int gAt, int gRow, int n, float[] to, int toAt, int toRow) {
    for (int i = 0; i < n; i++) {
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
    for (int i = 0; i < 6; i++) {
      for (int t = 0; t < tiles; t++) {
        int fi = fromAt + i * fromRow + t * 4 * LANES;
        int vi = vAt + i * 6 * vComponent + t * vTile;
        for (int l = 0; l < LANES; l++) {
          gradientLine(from, fi + l, LANES, v, vi + l, vComponent);
        }
      }
    }
  }

  private static void gradientLine(float[] g, int at, int step, float[] to, int toAt, int toStep) {
    float g0 = g[at];
    float g1 = g[at + step];
    float g2 = g[at + 2 * step];
    float g3 = g[at + 3 * step];
    to[toAt] = g0;
    float even = fma(g2, A2, g0);
    float odd = fma(g3, A2, g1);
    to[toAt + toStep] = fma(odd, A, even);
    to[toAt + 2 * toStep] = fma(odd, -A, even);
    even = fma(g2, B2, g0);
    odd = fma(g3, B2, g1);
    to[toAt + 3 * toStep] = fma(odd, B, even);
    to[toAt + 4 * toStep] = fma(odd, -B, even);
    to[toAt + 5 * toStep] = g3;
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
    for (int t = 0; t < tiles; t++) {
      int mi = mAt + t * mTile;
      for (int j = 0; j < 6; j++) {
        for (int l = 0; l < LANES; l++) {
          int from = mi + j * mComponent + l;
          outputLine(m, from, 6 * mComponent, work, j * LANES + l, 6 * LANES);
        }
      }
      for (int i = 0; i < 4; i++) {
        for (int l = 0; l < LANES; l++) {
          int to = i * yRow + t * 4 * LANES + l;
          outputLine(work, i * 6 * LANES + l, LANES, y, to, LANES);
          for (int j = 0; j < 4; j++) {
            y[to + j * LANES] += bias[biasAt + l];
          }
        }
      }
    }
  }

  private static void outputLine(float[] m, int at, int step, float[] y, int yAt, int yStep) {
    float m1 = m[at + step];
    float m2 = m[at + 2 * step];
    float m3 = m[at + 3 * step];
    float m4 = m[at + 4 * step];
    float s = m1 + m2;
    float d = m1 - m2;
    float s2 = m3 + m4;
    float d2 = m3 - m4;
    y[yAt] = m[at] + (s + s2);
    y[yAt + yStep] = fma(d, A, d2 * B);
    y[yAt + 2 * yStep] = fma(s, A2, s2 * B2);
    y[yAt + 3 * yStep] = fma(d, A3, fma(d2, B3, m[at + 5 * step]));
  }

  @Override
  public void filter(float[] taps, int tap, int n, float[] u, int uAt, int uComponent) {
    float[] h = new float[18];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < 3; j++) {
        filterLine(taps, i + j * tap, 3 * tap, h, j, 3);
      }
      for (int j = 0; j < 6; j++) {
        filterLine(h, j * 3, 1, u, uAt + i + j * 6 * uComponent, uComponent);
      }
    }
  }

  private static void filterLine(float[] w, int at, int step, float[] u, int uAt, int uStep) {
    float w0 = w[at];
    float w1 = w[at + step];
    float w2 = w[at + 2 * step];
    u[uAt] = w0 * AT_ZERO;
    float even = fma(w2, AT_A_2, w0 * AT_A);
    u[uAt + uStep] = fma(w1, AT_A_1, even);
    u[uAt + 2 * uStep] = fma(w1, -AT_A_1, even);
    even = fma(w2, AT_B_2, w0 * AT_B);
    u[uAt + 3 * uStep] = fma(w1, AT_B_1, even);
    u[uAt + 4 * uStep] = fma(w1, -AT_B_1, even);
    u[uAt + 5 * uStep] = w2;
  }

  @Override
  public void filterGradient(float[] u, int uAt, int uComponent, int n, float[] taps, int tap) {
    float[] h = new float[18];
    for (int i = 0; i < n; i++) {
      for (int j = 0; j < 6; j++) {
        filterGradientLine(u, uAt + i + j * uComponent, 6 * uComponent, h, j, 6);
      }
      for (int j = 0; j < 3; j++) {
        filterGradientLine(h, j * 6, 1, taps, i + j * 3 * tap, tap);
      }
    }
  }

  private static void filterGradientLine(
      float[] u, int at, int step, float[] w, int wAt, int wStep) {
    float u1 = u[at + step];
    float u2 = u[at + 2 * step];
    float u3 = u[at + 3 * step];
    float u4 = u[at + 4 * step];
    float s = u1 + u2;
    float d = u1 - u2;
    float s2 = u3 + u4;
    float d2 = u3 - u4;
    w[wAt] = fma(s, AT_A, fma(s2, AT_B, u[at] * AT_ZERO));
    w[wAt + wStep] = fma(d, AT_A_1, d2 * AT_B_1);
    w[wAt + 2 * wStep] = fma(s, AT_A_2, fma(s2, AT_B_2, u[at + 5 * step]));
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
    var sums = new PlainSumsF32(TilePlan.ROWS, width);
    float[] copy = new float[Math.min(terms, COPIED) * TilePlan.ROWS];
    for (int from = 0; from < terms; from += COPIED) {
      int count = Math.min(COPIED, terms - from);
      for (int i = 0; i < count; i++) {
        int at = aAt + term[termAt + from + i];
        for (int r = 0; r < TilePlan.ROWS; r++) {
          copy[i * TilePlan.ROWS + r] = a[at + row[rowAt + r]];
        }
      }
      sums.add(count, copy, 0, 1, TilePlan.ROWS, b, bAt + from * bRow, bRow);
    }
    sums.into(c, cAt, cRow);
  }

  @Override
  public void lanes(int terms, int[] term, float[] a, int rows, int[] row, float[] b, float[] c) {
    float[] s = new float[LANES];
    float[] x = new float[LANES];
    float[] y = new float[LANES];
    for (int r = 0; r < rows; r++) {
      Arrays.fill(s, 0f);
      for (int i = 0; i < terms; i++) {
        System.arraycopy(a, row[r] + term[i], x, 0, LANES);
        System.arraycopy(b, i * LANES, y, 0, LANES);
        for (int l = 0; l < LANES; l++) {
          s[l] = fma(x[l], y[l], s[l]);
        }
      }
      System.arraycopy(s, 0, c, r * LANES, LANES);
    }
  }

  @Override
  public void add(float[] x, int xAt, float[] y, int yAt, int n) {
    for (int i = 0; i < n; i++) {
      y[yAt + i] += x[xAt + i];
    }
  }
}
