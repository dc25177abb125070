package dev.autograd.kernel.reduce.lanes;

import dev.autograd.kernel.math.DoubleExp;

/// Reductions of a row in f64.
///
/// Note [Order of a sum]: a sequence is cut into blocks of [#BLOCK]. Element i of a block goes to
/// lane `i % LANES`, where it is added in order; the lanes are folded in halves (lane l with lane
/// `l + w` for w = LANES/2 … 1); the blocks are added pairwise, neighbours first. The order is a
/// property of the sequence alone, so neither memory layout nor threads nor vector width shows.
public final class RowsF64 {
  /// Virtual lanes of a block.
  public static final int LANES = 16;

  /// Elements of a block.
  public static final int BLOCK = 1024;

  private final LanesF64 lanes;

  RowsF64(LanesF64 lanes) {
    this.lanes = lanes;
  }

  /// Returns the sum of at most a block.
  public double sum(double[] x, int offset, int n) {
    double[] s = new double[LANES];
    int body = n & -LANES;
    if (body > 0) {
      lanes.sum(x, offset, body, s);
    }
    for (int i = body; i < n; i++) {
      s[i - body] += x[offset + i];
    }
    return add(s, n);
  }

  /// Returns the sum of `(x - center)^2` of at most a block.
  public double squares(double[] x, int offset, int n, double center) {
    double[] s = new double[LANES];
    int body = n & -LANES;
    if (body > 0) {
      lanes.squares(x, offset, body, center, s);
    }
    for (int i = body; i < n; i++) {
      double d = x[offset + i] - center;
      s[i - body] = Math.fma(d, d, s[i - body]);
    }
    return add(s, n);
  }

  /// Returns the sum of `x * y` of at most a block.
  public double dot(double[] x, int xOffset, double[] y, int yOffset, int n) {
    double[] s = new double[LANES];
    int body = n & -LANES;
    if (body > 0) {
      lanes.dot(x, xOffset, y, yOffset, body, s);
    }
    for (int i = body; i < n; i++) {
      s[i - body] = Math.fma(x[xOffset + i], y[yOffset + i], s[i - body]);
    }
    return add(s, n);
  }

  /// Sets `y = exp(x - shift)` and returns its sum, for at most a block; y may be x.
  public double exp(double[] x, int xOffset, int n, double shift, double[] y, int yOffset) {
    double[] s = new double[LANES];
    int body = n & -LANES;
    if (body > 0) {
      lanes.exp(x, xOffset, body, shift, y, yOffset, s);
    }
    for (int i = body; i < n; i++) {
      double e = DoubleExp.exp(x[xOffset + i] - shift);
      y[yOffset + i] = e;
      s[i - body] += e;
    }
    return add(s, n);
  }

  /// Sets `y[i] = exp(x[i] - shift[i])` for any number of elements; y may be x.
  public void exp(
      double[] x, int xOffset, int n, double[] shift, int shiftOffset, double[] y, int yOffset) {
    lanes.exp(x, xOffset, n, shift, shiftOffset, y, yOffset);
  }

  /// Returns the greatest element of any number: NaN if there is one, -inf if there are none.
  public double max(double[] x, int offset, int n) {
    double m = Double.NEGATIVE_INFINITY;
    int body = n & -LANES;
    if (body > 0) {
      double[] s = new double[LANES];
      lanes.max(x, offset, body, s);
      for (double v : s) {
        m = Math.max(m, v);
      }
    }
    for (int i = body; i < n; i++) {
      m = Math.max(m, x[offset + i]);
    }
    return m;
  }

  /// Returns the least element of any number: NaN if there is one, +inf if there are none.
  public double min(double[] x, int offset, int n) {
    double m = Double.POSITIVE_INFINITY;
    int body = n & -LANES;
    if (body > 0) {
      double[] s = new double[LANES];
      lanes.min(x, offset, body, s);
      for (double v : s) {
        m = Math.min(m, v);
      }
    }
    for (int i = body; i < n; i++) {
      m = Math.min(m, x[offset + i]);
    }
    return m;
  }

  /// Returns the product of at most a block.
  public double prod(double[] x, int offset, int n) {
    double[] s = new double[LANES];
    int live = Math.min(n, LANES);
    System.arraycopy(x, offset, s, 0, live);
    for (int i = LANES; i < n; i++) {
      s[i % LANES] *= x[offset + i];
    }
    for (int w = LANES / 2; w > 0; w >>= 1) {
      for (int l = 0; l < w && l + w < live; l++) {
        s[l] *= s[l + w];
      }
      live = Math.min(live, w);
    }
    return n == 0 ? 1.0 : s[0];
  }

  /// Returns the sum of a sequence of any length, block by block.
  public double total(double[] x, int offset, int n) {
    if (n <= BLOCK) {
      return sum(x, offset, n);
    }
    double[] parts = new double[blocks(n)];
    for (int b = 0; b < parts.length; b++) {
      parts[b] = sum(x, offset + b * BLOCK, Math.min(BLOCK, n - b * BLOCK));
    }
    return pairwise(parts, parts.length);
  }

  /// Returns the sum of `(x - center)^2` of a sequence of any length.
  public double totalSquares(double[] x, int offset, int n, double center) {
    if (n <= BLOCK) {
      return squares(x, offset, n, center);
    }
    double[] parts = new double[blocks(n)];
    for (int b = 0; b < parts.length; b++) {
      parts[b] = squares(x, offset + b * BLOCK, Math.min(BLOCK, n - b * BLOCK), center);
    }
    return pairwise(parts, parts.length);
  }

  /// Returns the sum of `x * y` of sequences of any length.
  public double totalDot(double[] x, int xOffset, double[] y, int yOffset, int n) {
    if (n <= BLOCK) {
      return dot(x, xOffset, y, yOffset, n);
    }
    double[] parts = new double[blocks(n)];
    for (int b = 0; b < parts.length; b++) {
      int at = b * BLOCK;
      parts[b] = dot(x, xOffset + at, y, yOffset + at, Math.min(BLOCK, n - at));
    }
    return pairwise(parts, parts.length);
  }

  /// Sets `y = exp(x - shift)` and returns its sum, for sequences of any length.
  public double totalExp(double[] x, int xOffset, int n, double shift, double[] y, int yOffset) {
    if (n <= BLOCK) {
      return exp(x, xOffset, n, shift, y, yOffset);
    }
    double[] parts = new double[blocks(n)];
    for (int b = 0; b < parts.length; b++) {
      int at = b * BLOCK;
      parts[b] = exp(x, xOffset + at, Math.min(BLOCK, n - at), shift, y, yOffset + at);
    }
    return pairwise(parts, parts.length);
  }

  /// Returns how many blocks a sequence has.
  public static int blocks(int n) {
    return (n + BLOCK - 1) / BLOCK;
  }

  /// Adds the first `count` parts pairwise, overwriting them.
  public static double pairwise(double[] parts, int count) {
    int left = count;
    while (left > 1) {
      int half = left >> 1;
      for (int i = 0; i < half; i++) {
        parts[i] = parts[2 * i] + parts[2 * i + 1];
      }
      if ((left & 1) != 0) {
        parts[half] = parts[left - 1];
      }
      left = (left + 1) >> 1;
    }
    return left == 0 ? 0.0 : parts[0];
  }

  /// Folds the lanes; lanes that got no element hold zero and change nothing.
  private static double add(double[] s, int n) {
    int w = LANES / 2;
    while (w >= n && w > 0) {
      w >>= 1;
    }
    for (; w > 0; w >>= 1) {
      for (int l = 0; l < w; l++) {
        s[l] += s[l + w];
      }
    }
    return s[0];
  }
}
