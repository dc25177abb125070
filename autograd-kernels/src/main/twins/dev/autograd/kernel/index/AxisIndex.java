package dev.autograd.kernel.index;

/// Reads and writes along one axis at positions given element by element; bool goes as u8.
///
/// `index` and the values are contiguous of `shape`; the other array is a strided view whose sizes
/// are at least `shape`'s except along `axis`, where it has `axisSize` elements. Positions count
/// from 0. Every method returns the flat place in `index` of the first position outside `[0,
/// axisSize)`, having done nothing, or -1 when all is done.
public final class AxisIndex {
  private AxisIndex() {}

  // Twins: f32 as f64, i64, i32, u8.

  /// Gathers f32 elements: `y[i..] = x[i.., index[i..], ..]`.
  public static int gather(
      int[] shape,
      int axis,
      int axisSize,
      float[] x,
      int xOffset,
      int[] xStrides,
      long[] index,
      int indexOffset,
      float[] y,
      int yOffset) {
    int n = Positions.count(shape);
    int bad = Positions.firstOutside(index, indexOffset, n, axisSize);
    if (bad < 0) {
      int step = shape.length == 0 ? 1 : xStrides[axis];
      new AxisWalk(shape, xStrides, axis)
          .run(
              (i, base) ->
                  y[yOffset + i] = x[xOffset + base + (int) index[indexOffset + i] * step]);
    }
    return bad;
  }

  /// Scatters f32 elements: `y[.., index[i..], ..] = x[i..]`; the last of equal positions stays.
  public static int scatter(
      int[] shape,
      int axis,
      int axisSize,
      float[] x,
      int xOffset,
      long[] index,
      int indexOffset,
      float[] y,
      int yOffset,
      int[] yStrides) {
    int n = Positions.count(shape);
    int bad = Positions.firstOutside(index, indexOffset, n, axisSize);
    if (bad < 0) {
      int step = shape.length == 0 ? 1 : yStrides[axis];
      new AxisWalk(shape, yStrides, axis)
          .run(
              (i, base) ->
                  y[yOffset + base + (int) index[indexOffset + i] * step] = x[xOffset + i]);
    }
    return bad;
  }

  // End of twins.

  // Twins: f32 as f64, i64, i32.

  /// Scatters and adds f32 elements, in row-major order: `y[.., index[i..], ..] += x[i..]`.
  public static int scatterAdd(
      int[] shape,
      int axis,
      int axisSize,
      float[] x,
      int xOffset,
      long[] index,
      int indexOffset,
      float[] y,
      int yOffset,
      int[] yStrides) {
    int n = Positions.count(shape);
    int bad = Positions.firstOutside(index, indexOffset, n, axisSize);
    if (bad < 0) {
      int step = shape.length == 0 ? 1 : yStrides[axis];
      new AxisWalk(shape, yStrides, axis)
          .run(
              (i, base) ->
                  y[yOffset + base + (int) index[indexOffset + i] * step] += x[xOffset + i]);
    }
    return bad;
  }

  // End of twins.
}
