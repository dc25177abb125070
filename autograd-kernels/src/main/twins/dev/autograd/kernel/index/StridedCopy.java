package dev.autograd.kernel.index;

import java.util.Arrays;

/// Copies between strided views, of any element type: bool copies as u8, 16-bit floats as i16.
///
/// A stride of 0 repeats an element when read (broadcasting, filling); strides may be negative. The
/// written view must not meet an element twice, and the two views must not overlap.
public final class StridedCopy {
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
    plan.run(
        (xBlock, yBlock, rows, columns) -> {
          for (int i = 0; i < rows; i++) {
            int xi = xOffset + xBlock + i * xp;
            int yi = yOffset + yBlock + i * yp;
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
        });
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
