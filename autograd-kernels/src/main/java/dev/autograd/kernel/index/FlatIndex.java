package dev.autograd.kernel.index;

/// Reads and writes at flat positions.
///
/// Positions count from 0 in the `size` elements that begin at the array's offset. Every method
/// returns the place in `index` of the first position outside `[0, size)`, having done nothing, or -1
/// when all is done.
public final class FlatIndex {
  private FlatIndex() {}

  /// Takes f32 elements: `y[i] = x[index[i]]`.
  public static int take(
      float[] x, int xOffset, int size, long[] index, int indexOffset, int n, float[] y, int yOffset) {
    int bad = Positions.firstOutside(index, indexOffset, n, size);
    for (int i = 0; bad < 0 && i < n; i++) {
      y[yOffset + i] = x[xOffset + (int) index[indexOffset + i]];
    }
    return bad;
  }

  /// Puts f32 elements in order: `y[index[i]] = x[i]`.
  public static int put(
      float[] x, int xOffset, long[] index, int indexOffset, int n, float[] y, int yOffset, int size) {
    int bad = Positions.firstOutside(index, indexOffset, n, size);
    for (int i = 0; bad < 0 && i < n; i++) {
      y[yOffset + (int) index[indexOffset + i]] = x[xOffset + i];
    }
    return bad;
  }


  /// Takes f64 elements: `y[i] = x[index[i]]`.
  public static int take(
      double[] x, int xOffset, int size, long[] index, int indexOffset, int n, double[] y, int yOffset) {
    int bad = Positions.firstOutside(index, indexOffset, n, size);
    for (int i = 0; bad < 0 && i < n; i++) {
      y[yOffset + i] = x[xOffset + (int) index[indexOffset + i]];
    }
    return bad;
  }

  /// Puts f64 elements in order: `y[index[i]] = x[i]`.
  public static int put(
      double[] x, int xOffset, long[] index, int indexOffset, int n, double[] y, int yOffset, int size) {
    int bad = Positions.firstOutside(index, indexOffset, n, size);
    for (int i = 0; bad < 0 && i < n; i++) {
      y[yOffset + (int) index[indexOffset + i]] = x[xOffset + i];
    }
    return bad;
  }


  /// Takes i64 elements: `y[i] = x[index[i]]`.
  public static int take(
      long[] x, int xOffset, int size, long[] index, int indexOffset, int n, long[] y, int yOffset) {
    int bad = Positions.firstOutside(index, indexOffset, n, size);
    for (int i = 0; bad < 0 && i < n; i++) {
      y[yOffset + i] = x[xOffset + (int) index[indexOffset + i]];
    }
    return bad;
  }

  /// Puts i64 elements in order: `y[index[i]] = x[i]`.
  public static int put(
      long[] x, int xOffset, long[] index, int indexOffset, int n, long[] y, int yOffset, int size) {
    int bad = Positions.firstOutside(index, indexOffset, n, size);
    for (int i = 0; bad < 0 && i < n; i++) {
      y[yOffset + (int) index[indexOffset + i]] = x[xOffset + i];
    }
    return bad;
  }


  /// Takes i32 elements: `y[i] = x[index[i]]`.
  public static int take(
      int[] x, int xOffset, int size, long[] index, int indexOffset, int n, int[] y, int yOffset) {
    int bad = Positions.firstOutside(index, indexOffset, n, size);
    for (int i = 0; bad < 0 && i < n; i++) {
      y[yOffset + i] = x[xOffset + (int) index[indexOffset + i]];
    }
    return bad;
  }

  /// Puts i32 elements in order: `y[index[i]] = x[i]`.
  public static int put(
      int[] x, int xOffset, long[] index, int indexOffset, int n, int[] y, int yOffset, int size) {
    int bad = Positions.firstOutside(index, indexOffset, n, size);
    for (int i = 0; bad < 0 && i < n; i++) {
      y[yOffset + (int) index[indexOffset + i]] = x[xOffset + i];
    }
    return bad;
  }


  /// Takes u8 or bool elements: `y[i] = x[index[i]]`.
  public static int take(
      byte[] x, int xOffset, int size, long[] index, int indexOffset, int n, byte[] y, int yOffset) {
    int bad = Positions.firstOutside(index, indexOffset, n, size);
    for (int i = 0; bad < 0 && i < n; i++) {
      y[yOffset + i] = x[xOffset + (int) index[indexOffset + i]];
    }
    return bad;
  }

  /// Puts u8 or bool elements in order: `y[index[i]] = x[i]`.
  public static int put(
      byte[] x, int xOffset, long[] index, int indexOffset, int n, byte[] y, int yOffset, int size) {
    int bad = Positions.firstOutside(index, indexOffset, n, size);
    for (int i = 0; bad < 0 && i < n; i++) {
      y[yOffset + (int) index[indexOffset + i]] = x[xOffset + i];
    }
    return bad;
  }

  /// Adds f32 elements in order: `y[index[i]] += x[i]`.
  public static int putAdd(
      float[] x, int xOffset, long[] index, int indexOffset, int n, float[] y, int yOffset, int size) {
    int bad = Positions.firstOutside(index, indexOffset, n, size);
    for (int i = 0; bad < 0 && i < n; i++) {
      y[yOffset + (int) index[indexOffset + i]] += x[xOffset + i];
    }
    return bad;
  }


  /// Adds f64 elements in order: `y[index[i]] += x[i]`.
  public static int putAdd(
      double[] x, int xOffset, long[] index, int indexOffset, int n, double[] y, int yOffset, int size) {
    int bad = Positions.firstOutside(index, indexOffset, n, size);
    for (int i = 0; bad < 0 && i < n; i++) {
      y[yOffset + (int) index[indexOffset + i]] += x[xOffset + i];
    }
    return bad;
  }


  /// Adds i64 elements in order: `y[index[i]] += x[i]`.
  public static int putAdd(
      long[] x, int xOffset, long[] index, int indexOffset, int n, long[] y, int yOffset, int size) {
    int bad = Positions.firstOutside(index, indexOffset, n, size);
    for (int i = 0; bad < 0 && i < n; i++) {
      y[yOffset + (int) index[indexOffset + i]] += x[xOffset + i];
    }
    return bad;
  }


  /// Adds i32 elements in order: `y[index[i]] += x[i]`.
  public static int putAdd(
      int[] x, int xOffset, long[] index, int indexOffset, int n, int[] y, int yOffset, int size) {
    int bad = Positions.firstOutside(index, indexOffset, n, size);
    for (int i = 0; bad < 0 && i < n; i++) {
      y[yOffset + (int) index[indexOffset + i]] += x[xOffset + i];
    }
    return bad;
  }
}
