package dev.autograd.kernel.index;

/// Reads and writes at flat positions; bool goes as u8.
///
/// Positions count from 0 in the `size` elements that begin at the array's offset. Every method
/// returns the place in `index` of the first position outside `[0, size)`, having done nothing, or
/// -1 when all is done.
public final class FlatIndex {
  private FlatIndex() {}

  // Twins: f32 as f64, i64, i32, u8.

  /// Takes f32 elements: `y[i] = x[index[i]]`.
  public static int take(
      float[] x,
      int xOffset,
      int size,
      long[] index,
      int indexOffset,
      int n,
      float[] y,
      int yOffset) {
    int bad = Positions.firstOutside(index, indexOffset, n, size);
    for (int i = 0; bad < 0 && i < n; i++) {
      y[yOffset + i] = x[xOffset + (int) index[indexOffset + i]];
    }
    return bad;
  }

  /// Puts f32 elements in order: `y[index[i]] = x[i]`.
  public static int put(
      float[] x,
      int xOffset,
      long[] index,
      int indexOffset,
      int n,
      float[] y,
      int yOffset,
      int size) {
    int bad = Positions.firstOutside(index, indexOffset, n, size);
    for (int i = 0; bad < 0 && i < n; i++) {
      y[yOffset + (int) index[indexOffset + i]] = x[xOffset + i];
    }
    return bad;
  }

  // End of twins.

  // Twins: f32 as f64, i64, i32.

  /// Adds f32 elements in order: `y[index[i]] += x[i]`.
  public static int putAdd(
      float[] x,
      int xOffset,
      long[] index,
      int indexOffset,
      int n,
      float[] y,
      int yOffset,
      int size) {
    int bad = Positions.firstOutside(index, indexOffset, n, size);
    for (int i = 0; bad < 0 && i < n; i++) {
      y[yOffset + (int) index[indexOffset + i]] += x[xOffset + i];
    }
    return bad;
  }

  // End of twins.
}
