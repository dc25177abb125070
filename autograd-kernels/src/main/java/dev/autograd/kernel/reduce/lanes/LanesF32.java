package dev.autograd.kernel.reduce.lanes;

/// The bodies of row reductions over [RowsF32#LANES] virtual lanes, for one instruction set.
///
/// Lane `l` takes the elements `l, l + LANES, l + 2 LANES, …` in order; `n` is a multiple of LANES.
/// A machine with fewer lanes keeps more accumulators, so every form gives the same bits.
interface LanesF32 {
  /// Sets `s[l]` to the sum of the lane.
  void sum(float[] x, int offset, int n, float[] s);

  /// Sets `s[l]` to the sum of `(x - center)^2`.
  void squares(float[] x, int offset, int n, float center, float[] s);

  /// Sets `s[l]` to the sum of `x * y`.
  void dot(float[] x, int xOffset, float[] y, int yOffset, int n, float[] s);

  /// Sets `s[l]` to the greatest value, NaN if there is one.
  void max(float[] x, int offset, int n, float[] s);

  /// Sets `s[l]` to the least value, NaN if there is one.
  void min(float[] x, int offset, int n, float[] s);

  /// Sets `y = exp(x - shift)` and `s[l]` to the sum of y.
  void exp(float[] x, int xOffset, int n, float shift, float[] y, int yOffset, float[] s);

  /// Sets `y[i] = exp(x[i] - shift[i])`; here `n` is any number.
  void exp(
      float[] x, int xOffset, int n, float[] shift, int shiftOffset, float[] y, int yOffset);
}
