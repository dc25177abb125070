// Twin: UnrolledF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.linalg.PanelsF32;
import java.util.Arrays;

/// The image of a convolution as the right operand of a product: row `(c, i, j)` holds, for every
/// output position, the input element under kernel element (i, j) of channel c, or the zero of the
/// padding.
record UnrolledF32(ConvShape s, float[] x, int offset) implements PanelsF32 {

  @Override
  public void pack(int k, int rows, int j, int columns, float[] to, int toOffset, int width) {
    if (columns <= width) {
      for (int r = 0; r < rows; r++) {
        line(k + r, j, columns, to, toOffset + r * width);
      }
      return;
    }
    float[] line = new float[columns];
    int panel = rows * width;
    for (int r = 0; r < rows; r++) {
      line(k + r, j, columns, line, 0);
      int at = toOffset + r * width;
      for (int p = 0; p < columns; p += width) {
        System.arraycopy(line, p, to, at, Math.min(width, columns - p));
        at += panel;
      }
    }
  }

  /// Copies `count` positions of a row, beginning with position `j`.
  void line(int row, int j, int count, float[] to, int at) {
    if (count == 0) {
      return;
    }
    int kj = row % s.kw();
    int ki = row / s.kw() % s.kh();
    int plane = offset + row / (s.kw() * s.kh()) * s.h() * s.w();
    int outW = s.outW();
    int y = j / outW;
    int from = j - y * outW;
    int done = 0;
    while (done < count) {
      int take = Math.min(count - done, outW - from);
      int iy = y * s.strideH() - s.padTop() + ki * s.dilationH();
      if (iy < 0 || iy >= s.h()) {
        Arrays.fill(to, at + done, at + done + take, 0f);
      } else {
        segment(plane + iy * s.w(), from, take, kj * s.dilationW() - s.padLeft(), to, at + done);
      }
      done += take;
      from = 0;
      y++;
    }
  }

  private void segment(int rowAt, int from, int count, int shift, float[] to, int at) {
    int stride = s.strideW();
    int low = Spans.low(shift, stride);
    int high = Spans.high(shift, stride, s.w());
    int a = Math.max(0, Math.min(count, low - from));
    int b = Math.max(a, Math.min(count, high - from));
    Arrays.fill(to, at, at + a, 0f);
    int xi = rowAt + (from + a) * stride + shift;
    if (stride == 1 && a < b) {
      System.arraycopy(x, xi, to, at + a, b - a);
    } else {
      for (int i = a; i < b; i++) {
        to[at + i] = x[xi];
        xi += stride;
      }
    }
    Arrays.fill(to, at + b, at + count, 0f);
  }
}
