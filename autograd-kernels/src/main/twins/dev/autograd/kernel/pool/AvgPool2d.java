package dev.autograd.kernel.pool;

import dev.autograd.kernel.parallel.Workers;
import java.util.Arrays;

/// Average over sliding windows; dilation must be 1.
///
/// A window's sum is divided by `divisor` if that is not 0, else by the elements of the window,
/// padding counted or not as `countPadding` says. Sums are kept in f64.
@SuppressWarnings("cast") // to float; in f64 it does nothing
public final class AvgPool2d {
  private static final int CHUNK = 1 << 15;

  private AvgPool2d() {}

  // Twins: f32 as f64.

  /// Computes f32 averages of contiguous planes.
  public static void forward(
      PoolShape s,
      boolean countPadding,
      int divisor,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset) {
    int outH = s.outH();
    int outW = s.outW();
    requireDense(s);
    Workers.forRange(
        s.planes(),
        grain(s),
        (from, to) -> {
          for (int p = from; p < to; p++) {
            int plane = xOffset + p * s.h() * s.w();
            for (int o = 0; o < outH * outW; o++) {
              int top = Math.max(0, o / outW * s.strideH() - s.padTop());
              int left = Math.max(0, o % outW * s.strideW() - s.padLeft());
              int bottom = Math.min(s.h(), o / outW * s.strideH() - s.padTop() + s.kh());
              int right = Math.min(s.w(), o % outW * s.strideW() - s.padLeft() + s.kw());
              double sum = 0.0;
              for (int i = top; i < bottom; i++) {
                for (int j = left; j < right; j++) {
                  sum += x[plane + i * s.w() + j];
                }
              }
              int count = divisor(s, o / outW, o % outW, countPadding, divisor);
              y[yOffset + p * outH * outW + o] = (float) (sum / count);
            }
          }
        });
  }

  /// Spreads every f32 gradient over its window; dx is overwritten.
  public static void backward(
      PoolShape s,
      boolean countPadding,
      int divisor,
      float[] g,
      int gOffset,
      float[] dx,
      int dxOffset) {
    int outH = s.outH();
    int outW = s.outW();
    int size = s.h() * s.w();
    requireDense(s);
    Workers.forRange(
        s.planes(),
        grain(s),
        (from, to) -> {
          Arrays.fill(dx, dxOffset + from * size, dxOffset + to * size, 0f);
          for (int p = from; p < to; p++) {
            int plane = dxOffset + p * size;
            for (int o = 0; o < outH * outW; o++) {
              int top = Math.max(0, o / outW * s.strideH() - s.padTop());
              int left = Math.max(0, o % outW * s.strideW() - s.padLeft());
              int bottom = Math.min(s.h(), o / outW * s.strideH() - s.padTop() + s.kh());
              int right = Math.min(s.w(), o % outW * s.strideW() - s.padLeft() + s.kw());
              float v =
                  g[gOffset + p * outH * outW + o]
                      / divisor(s, o / outW, o % outW, countPadding, divisor);
              for (int i = top; i < bottom; i++) {
                for (int j = left; j < right; j++) {
                  dx[plane + i * s.w() + j] += v;
                }
              }
            }
          }
        });
  }

  /// Computes f32 averages over `outH x outW` windows that share the plane out evenly.
  ///
  /// Window i of n over a size s covers `[floor(i s / n), ceil((i + 1) s / n))`.
  public static void adaptiveForward(
      int planes,
      int h,
      int w,
      int outH,
      int outW,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset) {
    Workers.forRange(
        planes,
        Workers.grain(CHUNK, (long) h * w),
        (from, to) -> {
          for (int p = from; p < to; p++) {
            int plane = xOffset + p * h * w;
            for (int o = 0; o < outH * outW; o++) {
              int top = begin(o / outW, h, outH);
              int bottom = end(o / outW, h, outH);
              int left = begin(o % outW, w, outW);
              int right = end(o % outW, w, outW);
              double sum = 0.0;
              for (int i = top; i < bottom; i++) {
                for (int j = left; j < right; j++) {
                  sum += x[plane + i * w + j];
                }
              }
              y[yOffset + p * outH * outW + o] = (float) (sum / ((bottom - top) * (right - left)));
            }
          }
        });
  }

  /// Spreads the f32 gradient of [#adaptiveForward]; dx is overwritten.
  public static void adaptiveBackward(
      int planes,
      int h,
      int w,
      int outH,
      int outW,
      float[] g,
      int gOffset,
      float[] dx,
      int dxOffset) {
    Workers.forRange(
        planes,
        Workers.grain(CHUNK, (long) h * w),
        (from, to) -> {
          Arrays.fill(dx, dxOffset + from * h * w, dxOffset + to * h * w, 0f);
          for (int p = from; p < to; p++) {
            int plane = dxOffset + p * h * w;
            for (int o = 0; o < outH * outW; o++) {
              int top = begin(o / outW, h, outH);
              int bottom = end(o / outW, h, outH);
              int left = begin(o % outW, w, outW);
              int right = end(o % outW, w, outW);
              float v = g[gOffset + p * outH * outW + o] / ((bottom - top) * (right - left));
              for (int i = top; i < bottom; i++) {
                for (int j = left; j < right; j++) {
                  dx[plane + i * w + j] += v;
                }
              }
            }
          }
        });
  }

  // End of twins.

  private static int begin(int i, int size, int windows) {
    return (int) ((long) i * size / windows);
  }

  private static int end(int i, int size, int windows) {
    return (int) (((i + 1L) * size + windows - 1) / windows);
  }

  private static int divisor(PoolShape s, int oy, int ox, boolean countPadding, int divisor) {
    if (divisor != 0) {
      return divisor;
    }
    int top = oy * s.strideH() - s.padTop();
    int left = ox * s.strideW() - s.padLeft();
    int bottom = Math.min(top + s.kh(), s.h() + s.padBottom());
    int right = Math.min(left + s.kw(), s.w() + s.padRight());
    if (countPadding) {
      return (bottom - top) * (right - left);
    }
    return (Math.min(bottom, s.h()) - Math.max(top, 0))
        * (Math.min(right, s.w()) - Math.max(left, 0));
  }

  private static void requireDense(PoolShape s) {
    if (s.dilationH() != 1 || s.dilationW() != 1) {
      throw new IllegalArgumentException(
          "avg_pool2d: dilation must be 1, got " + s.dilationH() + " x " + s.dilationW());
    }
  }

  private static int grain(PoolShape s) {
    return Workers.grain(CHUNK, (long) s.outH() * s.outW() * s.kh() * s.kw());
  }
}
