// Twin: ConvF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.linalg.Gemm;
import dev.autograd.kernel.linalg.MatrixF32;
import dev.autograd.kernel.linalg.Scratch;
import dev.autograd.kernel.parallel.Workers;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Convolution in f32 as a matrix product per image and group, for what the other forms leave:
/// filters of one element, few filters, gradients by the input with strides.
///
/// The sums over the batch run over fixed slices of images, in order within a slice and then slice
/// by slice, so that they do not depend on threads.
final class ConvF32 {
  private static final double CHUNK_PRODUCTS = 1 << 21;
  private static final int SLICES = 8;
  private static final int LARGE_WEIGHT = 1 << 20;

  private ConvF32() {}

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
    int filters = s.filtersPerGroup();
    int depth = s.depth();
    int image = s.c() * s.h() * s.w();
    Workers.forRange(
        s.n() * s.groups(),
        grain(s),
        (from, to) -> {
          for (int t = from; t < to; t++) {
            int i = t / s.groups();
            int g = t % s.groups();
            int xi = xOffset + i * image + g * s.channelsPerGroup() * s.h() * s.w();
            int wi = weightOffset + g * filters * depth;
            int yi = yOffset + (i * s.k() + g * filters) * area;
            MatrixF32 w = new MatrixF32(weight, wi, depth);
            MatrixF32 out = new MatrixF32(y, yi, area);
            if (s.pointwise()) {
              Gemm.multiply(filters, area, depth, w, new MatrixF32(x, xi, area), out, false);
            } else {
              Gemm.multiply(filters, area, depth, w, new UnrolledF32(s, x, xi), out, false);
            }
            if (bias != null) {
              addBias(filters, area, bias, biasOffset + g * filters, y, yi);
            }
          }
        });
  }

  private static void addBias(
      int filters, int area, float[] bias, int biasOffset, float[] y, int yOffset) {
    for (int f = 0; f < filters; f++) {
      float b = bias[biasOffset + f];
      int at = yOffset + f * area;
      for (int p = at; p < at + area; p++) {
        y[p] += b;
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
    int filters = s.filtersPerGroup();
    int depth = s.depth();
    int plane = s.channelsPerGroup() * s.h() * s.w();
    Workers.forRange(
        s.n() * s.groups(),
        grain(s),
        (from, to) -> {
          float[] columns = s.pointwise() ? dx : Scratch.floats(depth * area);
          for (int t = from; t < to; t++) {
            int group = t % s.groups();
            int gi = gOffset + (t / s.groups() * s.k() + group * filters) * area;
            int wi = weightOffset + group * filters * depth;
            int di = dxOffset + t * plane;
            MatrixF32 w = new MatrixF32(weight, wi, depth).transposed();
            MatrixF32 out = new MatrixF32(columns, s.pointwise() ? di : 0, area);
            Gemm.multiply(depth, area, filters, w, new MatrixF32(g, gi, area), out, false);
            if (!s.pointwise()) {
              Arrays.fill(dx, di, di + plane, 0f);
              rollUp(s, columns, dx, di);
            }
          }
          if (columns != dx) {
            Scratch.release(columns);
          }
        });
  }

  /// Adds every row of the unrolled gradient back to the image, rows in order.
  private static void rollUp(ConvShape s, float[] columns, float[] dx, int dxOffset) {
    int outW = s.outW();
    int outH = s.outH();
    for (int row = 0; row < s.depth(); row++) {
      int shiftW = row % s.kw() * s.dilationW() - s.padLeft();
      int shiftH = row / s.kw() % s.kh() * s.dilationH() - s.padTop();
      int plane = dxOffset + row / (s.kw() * s.kh()) * s.h() * s.w();
      int low = Spans.low(shiftW, s.strideW());
      int high = Math.min(outW, Spans.high(shiftW, s.strideW(), s.w()));
      int end = Math.min(outH, Spans.high(shiftH, s.strideH(), s.h()));
      for (int oy = Spans.low(shiftH, s.strideH()); oy < end; oy++) {
        int di = plane + (oy * s.strideH() + shiftH) * s.w() + shiftW;
        int ci = (row * outH + oy) * outW;
        if (s.strideW() == 1) {
          for (int ox = low; ox < high; ox++) {
            dx[di + ox] += columns[ci + ox];
          }
        } else {
          for (int ox = low; ox < high; ox++) {
            dx[di + ox * s.strideW()] += columns[ci + ox];
          }
        }
      }
    }
  }

  static void weightGradient(
      ConvShape s, float[] g, int gOffset, float[] x, int xOffset, float[] dw, int dwOffset) {
    int size = s.k() * s.depth();
    int slices = size > LARGE_WEIGHT ? 1 : Math.min(SLICES, Math.max(1, s.n()));
    float[][] parts = new float[slices][];
    Workers.forRange(
        slices,
        (double) s.n() * size * s.outArea() < CHUNK_PRODUCTS ? slices : 1,
        (from, to) -> {
          for (int q = from; q < to; q++) {
            float[] part = q == 0 ? dw : Scratch.floats(size);
            parts[q] = part;
            int first = (int) ((long) s.n() * q / slices);
            int end = (int) ((long) s.n() * (q + 1) / slices);
            slice(s, first, end, g, gOffset, x, xOffset, part, q == 0 ? dwOffset : 0);
          }
        });
    for (int q = 1; q < slices; q++) {
      float[] part = parts[q];
      for (int i = 0; i < size; i++) {
        dw[dwOffset + i] += part[i];
      }
      Scratch.release(part);
    }
  }

  private static void slice(
      ConvShape s,
      int first,
      int end,
      float[] g,
      int gOffset,
      float[] x,
      int xOffset,
      float[] dw,
      int dwOffset) {
    int area = s.outArea();
    int depth = s.depth();
    int filters = s.filtersPerGroup();
    int plane = s.channelsPerGroup() * s.h() * s.w();
    if (first == end) {
      Arrays.fill(dw, dwOffset, dwOffset + s.k() * depth, 0f);
    }
    float[] rows = s.pointwise() ? x : Scratch.floats(depth * area);
    for (int t = first * s.groups(); t < end * s.groups(); t++) {
      int group = t % s.groups();
      int gi = gOffset + (t / s.groups() * s.k() + group * filters) * area;
      int at = xOffset + t * plane;
      if (!s.pointwise()) {
        var unrolled = new UnrolledF32(s, x, at);
        for (int r = 0; r < depth; r++) {
          unrolled.line(r, 0, area, rows, r * area);
        }
        at = 0;
      }
      MatrixF32 turned = new MatrixF32(rows, at, area).transposed();
      MatrixF32 to = new MatrixF32(dw, dwOffset + group * filters * depth, depth);
      boolean isLater = t / s.groups() > first;
      Gemm.multiply(filters, depth, area, new MatrixF32(g, gi, area), turned, to, isLater);
    }
    if (rows != x) {
      Scratch.release(rows);
    }
  }

  /// Images and groups per chunk.
  private static int grain(ConvShape s) {
    double each = Math.max(1.0, (double) s.filtersPerGroup() * s.depth() * s.outArea());
    return (int) Math.max(1, Math.min(Integer.MAX_VALUE, CHUNK_PRODUCTS / each));
  }
}
