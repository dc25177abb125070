// Twin: RowsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.reduce.lanes;

import dev.autograd.kernel.math.FloatExp;
import java.util.Arrays;

/// Reductions of a row in f32.
///
/// Note [Order of a sum]: a sequence is cut into blocks of [#BLOCK]. Element i of a block goes to
/// lane `i % LANES`, where it is added in order; the lanes are folded in halves (lane l with lane
/// `l + w` for w = LANES/2 … 1); the blocks are added pairwise, neighbours first. The order is a
/// property of the sequence alone, so neither memory layout nor threads nor vector width shows.
public final class RowsF32 {
  /// Virtual lanes of a block.
  public static final int LANES = 128 / Float.BYTES;

  /// Elements of a block.
  public static final int BLOCK = 1024;

  /// Rows whose lanes are folded side by side.
  static final int TOGETHER = 64;

  /// Fewest rows for which [#sums(float[], int, int, int, int, float[], float[], int)] is worth it.
  public static final int SIDE_BY_SIDE = LANES / 2;

  /// Elements of room that [#sums(float[], int, int, int, int, float[], float[], int)] works in.
  public static final int ROOM = TOGETHER * LANES / 2;

  /// Elements of room per column that [#columnSums] works in.
  public static final int COLUMN_ROOM = LANES / 8;

  private final LanesF32 lanes;

  RowsF32(LanesF32 lanes) {
    this.lanes = lanes;
  }

  /// Returns the sum of at most a block.
  public float sum(float[] x, int offset, int n) {
    float[] s = new float[LANES];
    int body = n & -LANES;
    if (body > 0) {
      LanesF32.run(lanes.sum(), x, offset, x, offset, body, 0f, s, 0);
    }
    for (int i = body; i < n; i++) {
      s[i - body] += x[offset + i];
    }
    return fold(s, 0);
  }

  /// Writes the sum of each of `count` whole blocks that follow each other to `parts`.
  ///
  /// The loop over memory is not interrupted between blocks: that would cost a fifth of its speed.
  public void sums(float[] x, int offset, int count, float[] parts, int at) {
    int half = LANES / 2;
    float[] s = new float[count * half];
    LanesF32.run(lanes.blockSums(), x, offset, x, offset, count * BLOCK, 0f, s, 0);
    for (int b = 0; b < count; b++) {
      for (int w = half / 2; w > 0; w >>= 1) {
        for (int l = b * half; l < b * half + w; l++) {
          s[l] += s[l + w];
        }
      }
      parts[at + b] = s[b * half];
    }
  }

  /// Writes the sums of `count` rows of n elements, at most a block each, `step` apart, to y.
  ///
  /// @param room [#ROOM] elements that are overwritten
  public void sums(
      float[] x, int offset, int step, int count, int n, float[] room, float[] y, int yOffset) {
    LanesF32.run(lanes.rowSums(), x, offset, step, count, n, room, 0, y, yOffset);
  }

  /// Returns the sum of `(x - center)^2` of at most a block.
  public float squares(float[] x, int offset, int n, float center) {
    float[] s = new float[LANES];
    int body = n & -LANES;
    if (body > 0) {
      LanesF32.run(lanes.squares(), x, offset, x, offset, body, center, s, 0);
    }
    for (int i = body; i < n; i++) {
      float d = x[offset + i] - center;
      s[i - body] = Math.fma(d, d, s[i - body]);
    }
    return fold(s, 0);
  }

  /// Returns the sum of `x * y` of at most a block.
  public float dot(float[] x, int xOffset, float[] y, int yOffset, int n) {
    float[] s = new float[LANES];
    int body = n & -LANES;
    if (body > 0) {
      LanesF32.run(lanes.dot(), x, xOffset, y, yOffset, body, 0f, s, 0);
    }
    for (int i = body; i < n; i++) {
      s[i - body] = Math.fma(x[xOffset + i], y[yOffset + i], s[i - body]);
    }
    return fold(s, 0);
  }

  /// Sets `y = exp(x - shift)` and returns its sum, for at most a block; y may be x.
  public float exp(float[] x, int xOffset, int n, float shift, float[] y, int yOffset) {
    float[] s = new float[LANES];
    int body = n & -LANES;
    if (body > 0) {
      LanesF32.run(lanes.exp(), x, xOffset, y, yOffset, body, shift, s, 0);
    }
    for (int i = body; i < n; i++) {
      float e = FloatExp.exp(x[xOffset + i] - shift);
      y[yOffset + i] = e;
      s[i - body] += e;
    }
    return fold(s, 0);
  }

  /// Returns the sum of `exp(x - shift)` of at most a block.
  public float expSum(float[] x, int offset, int n, float shift) {
    float[] s = new float[LANES];
    int body = n & -LANES;
    if (body > 0) {
      LanesF32.run(lanes.expSum(), x, offset, x, offset, body, shift, s, 0);
    }
    for (int i = body; i < n; i++) {
      s[i - body] += FloatExp.exp(x[offset + i] - shift);
    }
    return fold(s, 0);
  }

  /// Adds x to the lanes at `at`; n is a multiple of [#LANES].
  public void sum(float[] x, int offset, int n, float[] s, int at) {
    LanesF32.run(lanes.sum(), x, offset, x, offset, n, 0f, s, at);
  }

  /// Adds `(x - center)^2` to the lanes at `at`; n is a multiple of [#LANES].
  public void squares(float[] x, int offset, int n, float center, float[] s, int at) {
    LanesF32.run(lanes.squares(), x, offset, x, offset, n, center, s, at);
  }

  /// Adds `rows` rows of `n` elements, `step` apart, to the n elements of s.
  public void sumColumns(float[] x, int offset, int step, int rows, int n, float[] s, int sOffset) {
    LanesF32.run(lanes.sumColumns(), x, offset, step, rows, n, x, 0, s, sOffset);
  }

  /// Writes the sums of the `n` columns of `rows` rows, at most [#LANES], `step` apart, to y.
  ///
  /// @param room [#COLUMN_ROOM] n elements that are overwritten
  public void columnSums(
      float[] x, int offset, int step, int rows, int n, float[] room, float[] y, int yOffset) {
    LanesF32.run(lanes.columnSums(), x, offset, step, rows, n, room, 0, y, yOffset);
  }

  /// Adds the squares of the distances of `rows` rows from `center` to the n elements of s.
  public void squareColumns(
      float[] x,
      int offset,
      int step,
      int rows,
      int n,
      float[] center,
      int centerOffset,
      float[] s,
      int sOffset) {
    LanesF32.run(lanes.squareColumns(), x, offset, step, rows, n, center, centerOffset, s, sOffset);
  }

  /// Returns the greatest element of any number but NaN, +0 for zeros, -inf if there is none.
  public float greatest(float[] x, int offset, int n) {
    float m = Float.NEGATIVE_INFINITY;
    int body = n & -LANES;
    if (body > 0) {
      float[] s = new float[LANES];
      Arrays.fill(s, Float.NEGATIVE_INFINITY);
      LanesF32.run(lanes.greatest(), x, offset, x, offset, body, 0f, s, 0);
      for (float v : s) {
        m = v > m ? v : m;
      }
    }
    for (int i = body; i < n; i++) {
      m = x[offset + i] > m ? x[offset + i] : m;
    }
    // Which zero was met first depends on the lanes.
    return m + 0f;
  }

  /// Sets `y[i] = exp(x[i] - shift[i])` for any number of elements; y may be x.
  public void exp(
      float[] x, int xOffset, int n, float[] shift, int shiftOffset, float[] y, int yOffset) {
    LanesF32.run(lanes.expEach(), x, xOffset, y, yOffset, n, 0f, shift, shiftOffset);
  }

  /// Returns the greatest element of any number: NaN if there is one, -inf if there are none.
  public float max(float[] x, int offset, int n) {
    int body = n & -LANES;
    float m = bound(x, offset, body, 1f);
    if (m == 0f || Float.isNaN(m)) {
      float[] s = new float[LANES];
      Arrays.fill(s, Float.NEGATIVE_INFINITY);
      LanesF32.run(lanes.max(), x, offset, x, offset, body, 0f, s, 0);
      m = Float.NEGATIVE_INFINITY;
      for (float v : s) {
        m = Math.max(m, v);
      }
    }
    for (int i = body; i < n; i++) {
      m = Math.max(m, x[offset + i]);
    }
    return m;
  }

  /// Returns the least element of any number: NaN if there is one, +inf if there are none.
  public float min(float[] x, int offset, int n) {
    int body = n & -LANES;
    float m = -bound(x, offset, body, -1f);
    if (m == 0f || Float.isNaN(m)) {
      float[] s = new float[LANES];
      Arrays.fill(s, Float.POSITIVE_INFINITY);
      LanesF32.run(lanes.min(), x, offset, x, offset, body, 0f, s, 0);
      m = Float.POSITIVE_INFINITY;
      for (float v : s) {
        m = Math.min(m, v);
      }
    }
    for (int i = body; i < n; i++) {
      m = Math.min(m, x[offset + i]);
    }
    return m;
  }

  /// Returns the greatest `sign x`, if it is neither a zero, whose sign is left open, nor NaN.
  ///
  /// What is so is told from the rest faster than NaNs and zeros are put in order.
  private float bound(float[] x, int offset, int n, float sign) {
    if (n == 0) {
      return Float.NEGATIVE_INFINITY;
    }
    float[] s = new float[1];
    LanesF32.run(lanes.bound(), x, offset, x, offset, n, sign, s, 0);
    return s[0];
  }

  /// Sets `at[j]` to the number of the first row that has the greatest `sign x` of column j, or the
  /// first NaN, of `rows` rows of n elements, `step` apart; there are at most 2^24.
  ///
  /// @param room `2 n + 1` elements that are overwritten
  public void firstGreatest(
      float[] x,
      int offset,
      int step,
      int rows,
      int n,
      float sign,
      float[] room,
      long[] at,
      int atOffset) {
    Arrays.fill(room, 0, n, Float.NEGATIVE_INFINITY);
    room[n] = sign;
    Arrays.fill(room, n + 1, 2 * n + 1, 0f);
    LanesF32.run(lanes.firstGreatest(), x, offset, step, rows, n, room, 0, room, n + 1);
    for (int j = 0; j < n; j++) {
      at[atOffset + j] = (long) room[n + 1 + j];
    }
  }

  /// Returns the number of elements before the first that equals `value`, of at most 2^24; `n` if
  /// none does. A NaN equals a NaN here.
  public int find(float[] x, int offset, int n, float value) {
    if (Float.isNaN(value)) {
      int i = 0;
      while (i < n && !Float.isNaN(x[offset + i])) {
        i++;
      }
      return i;
    }
    float[] s = new float[1];
    LanesF32.run(lanes.find(), x, offset, x, offset, n, value, s, 0);
    return (int) s[0];
  }

  /// Returns the product of at most a block.
  public float prod(float[] x, int offset, int n) {
    float[] s = new float[LANES];
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
    return n == 0 ? 1f : s[0];
  }

  /// Returns the sum of a sequence of any length, block by block.
  public float total(float[] x, int offset, int n) {
    if (n <= BLOCK) {
      return sum(x, offset, n);
    }
    float[] parts = new float[blocks(n)];
    int whole = n / BLOCK;
    sums(x, offset, whole, parts, 0);
    if (whole < parts.length) {
      parts[whole] = sum(x, offset + whole * BLOCK, n - whole * BLOCK);
    }
    return pairwise(parts, parts.length);
  }

  /// Returns the sum of `(x - center)^2` of a sequence of any length.
  public float totalSquares(float[] x, int offset, int n, float center) {
    if (n <= BLOCK) {
      return squares(x, offset, n, center);
    }
    float[] parts = new float[blocks(n)];
    for (int b = 0; b < parts.length; b++) {
      parts[b] = squares(x, offset + b * BLOCK, Math.min(BLOCK, n - b * BLOCK), center);
    }
    return pairwise(parts, parts.length);
  }

  /// Returns the sum of `x * y` of sequences of any length.
  public float totalDot(float[] x, int xOffset, float[] y, int yOffset, int n) {
    if (n <= BLOCK) {
      return dot(x, xOffset, y, yOffset, n);
    }
    float[] parts = new float[blocks(n)];
    for (int b = 0; b < parts.length; b++) {
      int at = b * BLOCK;
      parts[b] = dot(x, xOffset + at, y, yOffset + at, Math.min(BLOCK, n - at));
    }
    return pairwise(parts, parts.length);
  }

  /// Sets `y = exp(x - shift)` and returns its sum, for sequences of any length.
  public float totalExp(float[] x, int xOffset, int n, float shift, float[] y, int yOffset) {
    if (n <= BLOCK) {
      return exp(x, xOffset, n, shift, y, yOffset);
    }
    float[] parts = new float[blocks(n)];
    for (int b = 0; b < parts.length; b++) {
      int at = b * BLOCK;
      parts[b] = exp(x, xOffset + at, Math.min(BLOCK, n - at), shift, y, yOffset + at);
    }
    return pairwise(parts, parts.length);
  }

  /// Returns the sum of `exp(x - shift)` of a sequence of any length.
  public float totalExp(float[] x, int offset, int n, float shift) {
    if (n <= BLOCK) {
      return expSum(x, offset, n, shift);
    }
    float[] parts = new float[blocks(n)];
    for (int b = 0; b < parts.length; b++) {
      parts[b] = expSum(x, offset + b * BLOCK, Math.min(BLOCK, n - b * BLOCK), shift);
    }
    return pairwise(parts, parts.length);
  }

  /// Returns how many blocks a sequence has.
  public static int blocks(int n) {
    return (n + BLOCK - 1) / BLOCK;
  }

  /// Adds the first `count` parts pairwise, overwriting them.
  public static float pairwise(float[] parts, int count) {
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
    return left == 0 ? 0f : parts[0];
  }

  /// Returns the sum of the lanes at `at`, overwriting them.
  public static float fold(float[] s, int at) {
    for (int w = LANES / 2; w > 0; w >>= 1) {
      for (int l = at; l < at + w; l++) {
        s[l] += s[l + w];
      }
    }
    return s[at];
  }
}
