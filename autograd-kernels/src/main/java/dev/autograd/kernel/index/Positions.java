package dev.autograd.kernel.index;

/// Checks of positions, shared by the indexing kernels.
public final class Positions {
  private Positions() {}

  /// Returns the place of the first position outside `[0, size)` among `n`, or -1.
  public static int firstOutside(long[] index, int indexOffset, int n, int size) {
    for (int i = 0; i < n; i++) {
      long p = index[indexOffset + i];
      if (p < 0 || p >= size) {
        return i;
      }
    }
    return -1;
  }

  /// Writes the one-hot rows `y: [n, classes]` of class numbers; returns as [#firstOutside].
  public static int oneHot(
      long[] index, int indexOffset, int n, int classes, long[] y, int yOffset) {
    int bad = firstOutside(index, indexOffset, n, classes);
    if (bad < 0) {
      java.util.Arrays.fill(y, yOffset, yOffset + n * classes, 0L);
      for (int i = 0; i < n; i++) {
        y[yOffset + i * classes + (int) index[indexOffset + i]] = 1L;
      }
    }
    return bad;
  }

  static int count(int[] shape) {
    int n = 1;
    for (int s : shape) {
      n *= s;
    }
    return n;
  }
}
