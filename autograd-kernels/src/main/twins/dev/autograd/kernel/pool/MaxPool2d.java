package dev.autograd.kernel.pool;

import dev.autograd.kernel.parallel.Workers;
import java.util.Arrays;

/// Maximum over sliding windows, with the position of each maximum.
///
/// Padding counts as -inf. Of equal elements the first in row-major order is taken; a NaN wins over
/// numbers, the first over the others. A position is the index within the plane, -1 where a window
/// meets no element (its value is -inf).
public final class MaxPool2d {
  private static final int CHUNK = 1 << 15;

  private MaxPool2d() {}

  // Twins: f32 as f64.

  /// Computes f32 maxima of contiguous planes and their positions.
  public static void forward(
      PoolShape s, float[] x, int xOffset, float[] y, int yOffset, int[] index, int indexOffset) {
    int outH = s.outH();
    int outW = s.outW();
    boolean pairs = pairs(s) && PairChoice.F32.hot() && PairsF32.fits(outW);
    Workers.forRange(
        s.planes(),
        grain(s),
        (from, to) -> {
          for (int p = from; p < to; p++) {
            int plane = xOffset + p * s.h() * s.w();
            int at = p * outH * outW;
            if (pairs) {
              PairsF32.forward(
                  x, plane, s.w(), outH, outW, y, yOffset + at, index, indexOffset + at);
              continue;
            }
            for (int oy = 0; oy < outH; oy++) {
              row(s, x, plane, oy, outW, y, yOffset + at, index, indexOffset + at);
              at += outW;
            }
          }
        });
  }

  static void row(
      PoolShape s, float[] x, int plane, int oy, int outW, float[] y, int yi, int[] index, int ii) {
    int dh = s.dilationH();
    int dw = s.dilationW();
    int w = s.w();
    int top = oy * s.strideH() - s.padTop();
    int bottom = Math.min(s.h(), top + s.kh() * dh);
    top = top < 0 ? top + (-top + dh - 1) / dh * dh : top;
    for (int ox = 0; ox < outW; ox++) {
      int left = ox * s.strideW() - s.padLeft();
      int right = Math.min(w, left + s.kw() * dw);
      left = left < 0 ? left + (-left + dw - 1) / dw * dw : left;
      float best = Float.NEGATIVE_INFINITY;
      int at = top < bottom && left < right ? top * w + left : -1;
      for (int i = top; i < bottom; i += dh) {
        for (int j = left; j < right; j += dw) {
          float v = x[plane + i * w + j];
          if (v > best || (Float.isNaN(v) && !Float.isNaN(best))) {
            best = v;
            at = i * w + j;
          }
        }
      }
      y[yi + ox] = best;
      index[ii + ox] = at;
    }
  }

  /// Adds every f32 gradient to the element its maximum came from; dx is overwritten.
  public static void backward(
      PoolShape s, float[] g, int gOffset, int[] index, int indexOffset, float[] dx, int dxOffset) {
    int size = s.h() * s.w();
    int area = s.outH() * s.outW();
    Workers.forRange(
        s.planes(),
        grain(s),
        (from, to) -> {
          Arrays.fill(dx, dxOffset + from * size, dxOffset + to * size, 0f);
          for (int p = from; p < to; p++) {
            int plane = dxOffset + p * size;
            for (int i = p * area; i < (p + 1) * area; i++) {
              int at = index[indexOffset + i];
              if (at >= 0) {
                dx[plane + at] += g[gOffset + i];
              }
            }
          }
        });
  }

  // End of twins.

  /// Tells whether the windows are 2 by 2, meet each other and lie within the plane.
  private static boolean pairs(PoolShape s) {
    return s.kh() == 2
        && s.kw() == 2
        && s.strideH() == 2
        && s.strideW() == 2
        && s.dilationH() == 1
        && s.dilationW() == 1
        && s.padTop() == 0
        && s.padLeft() == 0
        && 2 * s.outH() <= s.h()
        && 2 * s.outW() <= s.w();
  }

  private static int grain(PoolShape s) {
    return Workers.grain(CHUNK, (long) s.outH() * s.outW() * s.kh() * s.kw());
  }
}
