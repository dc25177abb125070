package dev.autograd.kernel.reduce.lanes;

/// The bodies of row reductions over [RowsF64#LANES] virtual lanes, for one instruction set.
///
/// Lane `l` takes the elements `l, l + LANES, l + 2 LANES, …` in order; `n` is a multiple of LANES.
/// A machine with fewer lanes keeps more accumulators, so every form gives the same bits.
interface LanesF64 {
  /// Sets `s[l]` to the sum of the lane.
  void sum(double[] x, int offset, int n, double[] s);

  /// Sets `s[l]` to the sum of `(x - center)^2`.
  void squares(double[] x, int offset, int n, double center, double[] s);

  /// Sets `s[l]` to the sum of `x * y`.
  void dot(double[] x, int xOffset, double[] y, int yOffset, int n, double[] s);

  /// Sets `s[l]` to the greatest value, NaN if there is one.
  void max(double[] x, int offset, int n, double[] s);

  /// Sets `s[l]` to the least value, NaN if there is one.
  void min(double[] x, int offset, int n, double[] s);

  /// Sets `y = exp(x - shift)` and `s[l]` to the sum of y.
  void exp(double[] x, int xOffset, int n, double shift, double[] y, int yOffset, double[] s);

  /// Sets `y[i] = exp(x[i] - shift[i])`; here `n` is any number.
  void exp(
      double[] x, int xOffset, int n, double[] shift, int shiftOffset, double[] y, int yOffset);
}
