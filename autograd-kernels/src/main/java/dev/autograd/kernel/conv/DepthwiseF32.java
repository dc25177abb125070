// Twin: DepthwiseF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.parallel.Workers;
import dev.autograd.kernel.reduce.lanes.Rows;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Convolution in f32 with one channel per group, row by row: too thin for a matrix product.
final class DepthwiseF32 {
  private static final int CHUNK = 1 << 17;

  private DepthwiseF32() {}

  static void forward(
      ConvShape s,
      float[] x,
      int xOffset,
      float[] weight,
      int weightOffset,
      float @Nullable [] bias,
      int biasOffset,
      float[] y,
      int yOffset) {
    int area = s.outArea();
    int taps = s.kh() * s.kw();
    Workers.forRange(
        s.n() * s.k(),
        grain(s),
        (from, to) -> {
          for (int t = from; t < to; t++) {
            int k = t % s.k();
            int plane = (t / s.k() * s.c() + k / s.filtersPerGroup()) * s.h() * s.w();
            int yi = yOffset + t * area;
            Arrays.fill(y, yi, yi + area, 0f);
            for (int r = 0; r < taps; r++) {
              float v = weight[weightOffset + k * taps + r];
              tap(s, r, v, x, xOffset + plane, y, yi);
            }
            if (bias != null) {
              float b = bias[biasOffset + k];
              for (int p = yi; p < yi + area; p++) {
                y[p] += b;
              }
            }
          }
        });
  }

  private static void tap(
      ConvShape s, int r, float v, float[] x, int plane, float[] y, int yOffset) {
    int outW = s.outW();
    int shiftW = r % s.kw() * s.dilationW() - s.padLeft();
    int shiftH = r / s.kw() * s.dilationH() - s.padTop();
    int low = Spans.low(shiftW, s.strideW());
    int high = Math.min(outW, Spans.high(shiftW, s.strideW(), s.w()));
    int end = Math.min(s.outH(), Spans.high(shiftH, s.strideH(), s.h()));
    for (int oy = Spans.low(shiftH, s.strideH()); oy < end; oy++) {
      int xi = plane + (oy * s.strideH() + shiftH) * s.w() + shiftW;
      int yi = yOffset + oy * outW;
      if (s.strideW() == 1) {
        for (int ox = low; ox < high; ox++) {
          y[yi + ox] = Math.fma(v, x[xi + ox], y[yi + ox]);
        }
      } else {
        for (int ox = low; ox < high; ox++) {
          y[yi + ox] = Math.fma(v, x[xi + ox * s.strideW()], y[yi + ox]);
        }
      }
    }
  }

  static void inputGradient(
      ConvShape s,
      float[] g,
      int gOffset,
      float[] weight,
      int weightOffset,
      float[] dx,
      int dxOffset) {
    int area = s.outArea();
    int taps = s.kh() * s.kw();
    int filters = s.filtersPerGroup();
    int size = s.h() * s.w();
    Workers.forRange(
        s.n() * s.c(),
        grain(s),
        (from, to) -> {
          for (int t = from; t < to; t++) {
            int c = t % s.c();
            int di = dxOffset + t * size;
            Arrays.fill(dx, di, di + size, 0f);
            for (int f = c * filters; f < (c + 1) * filters; f++) {
              int gi = gOffset + (t / s.c() * s.k() + f) * area;
              for (int r = 0; r < taps; r++) {
                untap(s, r, weight[weightOffset + f * taps + r], g, gi, dx, di);
              }
            }
          }
        });
  }

  private static void untap(
      ConvShape s, int r, float v, float[] g, int gOffset, float[] dx, int plane) {
    int outW = s.outW();
    int shiftW = r % s.kw() * s.dilationW() - s.padLeft();
    int shiftH = r / s.kw() * s.dilationH() - s.padTop();
    int low = Spans.low(shiftW, s.strideW());
    int high = Math.min(outW, Spans.high(shiftW, s.strideW(), s.w()));
    int end = Math.min(s.outH(), Spans.high(shiftH, s.strideH(), s.h()));
    for (int oy = Spans.low(shiftH, s.strideH()); oy < end; oy++) {
      int di = plane + (oy * s.strideH() + shiftH) * s.w() + shiftW;
      int gi = gOffset + oy * outW;
      if (s.strideW() == 1) {
        for (int ox = low; ox < high; ox++) {
          dx[di + ox] = Math.fma(v, g[gi + ox], dx[di + ox]);
        }
      } else {
        for (int ox = low; ox < high; ox++) {
          dx[di + ox * s.strideW()] = Math.fma(v, g[gi + ox], dx[di + ox * s.strideW()]);
        }
      }
    }
  }

  static void weightGradient(
      ConvShape s, float[] g, int gOffset, float[] x, int xOffset, float[] dw, int dwOffset) {
    int area = s.outArea();
    int taps = s.kh() * s.kw();
    int size = s.h() * s.w();
    Workers.forRange(
        s.k(),
        1,
        (from, to) -> {
          float[] line = new float[area];
          float[] parts = new float[taps * s.n()];
          for (int k = from; k < to; k++) {
            int c = k / s.filtersPerGroup();
            for (int i = 0; i < s.n(); i++) {
              var unrolled = new UnrolledF32(s, x, xOffset + (i * s.c() + c) * size);
              int gi = gOffset + (i * s.k() + k) * area;
              for (int r = 0; r < taps; r++) {
                unrolled.line(r, 0, area, line, 0);
                parts[r * s.n() + i] = Rows.f32().totalDot(g, gi, line, 0, area);
              }
            }
            for (int r = 0; r < taps; r++) {
              float[] p = Arrays.copyOfRange(parts, r * s.n(), (r + 1) * s.n());
              dw[dwOffset + k * taps + r] = RowsF32.pairwise(p, s.n());
            }
          }
        });
  }

  private static int grain(ConvShape s) {
    return Workers.grain(CHUNK, (long) s.outArea() * s.kh() * s.kw());
  }
}
