package dev.autograd.kernel.index;

import dev.autograd.kernel.parallel.Workers;

/// The order in which a strided copy visits its elements: blocks of two axes.
///
/// The inner axis is the last; the outer one is that along which x lies densest, so that a
/// transposing copy reads and writes whole cache lines within a block.
final class CopyPlan {
  private static final int TILE = 32;
  private static final int LONG_TILE = 256;
  private static final int CHUNK = 1 << 16;

  /// Copies a block of rows and columns that begins at the two offsets.
  @FunctionalInterface
  interface Block {
    void copy(int xAt, int yAt, int rows, int columns);
  }

  private final int[] shape;
  private final int[] xStrides;
  private final int[] yStrides;
  private final int inner;
  private final int outer;

  private CopyPlan(int[] shape, int[] xStrides, int[] yStrides) {
    this.shape = shape;
    this.xStrides = xStrides;
    this.yStrides = yStrides;
    inner = shape.length - 1;
    int best = inner - 1;
    if (xStrides[inner] != 1 && xStrides[inner] != 0) {
      for (int d = inner - 2; d >= 0; d--) {
        if (xStrides[d] == 1 || (xStrides[d] == -1 && xStrides[best] != 1)) {
          best = d;
        }
      }
    }
    outer = best;
  }

  /// Merges axes that lie in both views as one; the result has at least two axes.
  static CopyPlan of(int[] shape, int[] xStrides, int[] yStrides) {
    int[] s = new int[shape.length + 2];
    int[] xs = new int[shape.length + 2];
    int[] ys = new int[shape.length + 2];
    int n = 0;
    for (int d = 0; d < shape.length; d++) {
      if (shape[d] == 1) {
        continue;
      }
      if (n > 0 && xs[n - 1] == shape[d] * xStrides[d] && ys[n - 1] == shape[d] * yStrides[d]) {
        s[n - 1] *= shape[d];
        xs[n - 1] = xStrides[d];
        ys[n - 1] = yStrides[d];
      } else {
        s[n] = shape[d];
        xs[n] = xStrides[d];
        ys[n] = yStrides[d];
        n++;
      }
    }
    int pad = Math.max(0, 2 - n);
    int[][] out = new int[3][n + pad];
    for (int d = 0; d < n + pad; d++) {
      out[0][d] = d < pad ? 1 : s[d - pad];
      out[1][d] = d < pad ? (n == 0 ? 1 : 0) : xs[d - pad];
      out[2][d] = d < pad ? (n == 0 ? 1 : 0) : ys[d - pad];
    }
    return new CopyPlan(out[0], out[1], out[2]);
  }

  int xInner() {
    return xStrides[inner];
  }

  int yInner() {
    return yStrides[inner];
  }

  int xOuter() {
    return xStrides[outer];
  }

  int yOuter() {
    return yStrides[outer];
  }

  /// Returns whether the columns of a block are lines of x without gaps, its rows lines of y.
  boolean strips() {
    return xOuter() == 1 && yInner() == 1 && turns();
  }

  private boolean turns() {
    return xInner() != 1 && xInner() != 0 && shape[outer] > 1;
  }

  void run(Block block) {
    int columns = shape[inner];
    int rows = shape[outer];
    int rest = 1;
    for (int d = 0; d < inner; d++) {
      rest *= d == outer ? 1 : shape[d];
    }
    if (columns == 0 || rows == 0 || rest == 0) {
      return;
    }
    int width = turns() ? TILE : Math.min(columns, CHUNK);
    int height = strips() ? LONG_TILE : turns() ? TILE : Math.max(1, Math.min(rows, CHUNK / width));
    int across = (columns + width - 1) / width;
    int down = (rows + height - 1) / height;
    Workers.forRange(
        rest * down * across,
        Workers.grain(CHUNK, (long) width * height),
        (from, to) -> {
          for (int t = from; t < to; t++) {
            int j = t % across * width;
            int i = t / across % down * height;
            int xAt = i * xOuter() + j * xInner();
            int yAt = i * yOuter() + j * yInner();
            int left = t / across / down;
            for (int d = inner - 1; d >= 0; d--) {
              if (d == outer) {
                continue;
              }
              int q = left / shape[d];
              xAt += (left - q * shape[d]) * xStrides[d];
              yAt += (left - q * shape[d]) * yStrides[d];
              left = q;
            }
            block.copy(xAt, yAt, Math.min(height, rows - i), Math.min(width, columns - j));
          }
        });
  }
}
