package dev.autograd.kernel.index;

import java.util.Arrays;

/// Copies between strided views, of any element type: bool copies as u8, 16-bit floats as i16.
///
/// A stride of 0 repeats an element when read (broadcasting, filling); strides may be negative. The
/// written view must not meet an element twice, and the two views must not overlap.
public final class StridedCopy {
  /// Lines that are turned at once: a first-level cache keeps no more of lines a power of two
  /// apart, which compete for one of its sets.
  private static final int STRIP = 8;

  private StridedCopy() {}

  // Twins: f32 as f64, i64, i32, u8, i16.

  /// Copies the f32 view `x` of `shape` to the view `y`; strides count elements.
  public static void copy(
      int[] shape, float[] x, int xOffset, int[] xStrides, float[] y, int yOffset, int[] yStrides) {
    CopyPlan plan = CopyPlan.of(shape, xStrides, yStrides);
    int xq = plan.xInner();
    int yq = plan.yInner();
    int xp = plan.xOuter();
    int yp = plan.yOuter();
    boolean strips = plan.strips();
    plan.run(
        (xBlock, yBlock, rows, columns) -> {
          int xi = xOffset + xBlock;
          int yi = yOffset + yBlock;
          if (strips && rows >= STRIP) {
            int j = 0;
            for (; j <= columns - STRIP; j += STRIP) {
              strip(x, xi + j * xq, xq, y, yi + j, yp, rows);
            }
            rows(x, xi + j * xq, xq, xp, y, yi + j, yq, yp, columns - j, rows);
          } else {
            rows(x, xi, xp, xq, y, yi, yp, yq, rows, columns);
          }
        });
  }

  private static void rows(
      float[] x,
      int xOffset,
      int xp,
      int xq,
      float[] y,
      int yOffset,
      int yp,
      int yq,
      int rows,
      int columns) {
    for (int i = 0; i < rows; i++) {
      int xi = xOffset + i * xp;
      int yi = yOffset + i * yp;
      if (xq == 1 && yq == 1) {
        System.arraycopy(x, xi, y, yi, columns);
      } else if (xq == 0 && yq == 1) {
        Arrays.fill(y, yi, yi + columns, x[xi]);
      } else {
        for (int j = 0; j < columns; j++) {
          y[yi + j * yq] = x[xi + j * xq];
        }
      }
    }
  }

  /// Copies [#STRIP] lines of x, each `count` elements side by side, to columns of y.
  private static void strip(
      float[] x, int xOffset, int xLine, float[] y, int yOffset, int yRow, int count) {
    int x0 = xOffset;
    int x1 = x0 + xLine;
    int x2 = x1 + xLine;
    int x3 = x2 + xLine;
    int x4 = x3 + xLine;
    int x5 = x4 + xLine;
    int x6 = x5 + xLine;
    int x7 = x6 + xLine;
    for (int i = 0; i < count; i++) {
      int yi = yOffset + i * yRow;
      // For $l below 8.
      y[yi + $l] = x[x$l + i];
      // End.
    }
  }

  // End of twins.

  /// Returns the strides of a contiguous array of `shape`.
  public static int[] contiguous(int[] shape) {
    int[] strides = new int[shape.length];
    int n = 1;
    for (int d = shape.length - 1; d >= 0; d--) {
      strides[d] = n;
      n *= Math.max(1, shape[d]);
    }
    return strides;
  }
}
