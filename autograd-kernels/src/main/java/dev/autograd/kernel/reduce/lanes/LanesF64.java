package dev.autograd.kernel.reduce.lanes;

/// The bodies of row reductions over [RowsF64#LANES] virtual lanes, for one instruction set.
///
/// Lane `l` takes the elements `l, l + LANES, l + 2 LANES, …` in order; `n` is a multiple of LANES
/// except in `expEach`. A machine with fewer lanes keeps more accumulators, so every form gives the
/// same bits. Sums go to `s[sOffset + l]`.
///
/// @param sum sums x
/// @param squares sums `(x - c)^2`
/// @param dot sums `x y`
/// @param max takes the greatest x, NaN if there is one
/// @param min takes the least x, NaN if there is one
/// @param exp sets `y = exp(x - c)` and sums y
/// @param expEach sets `y[i] = exp(x[i] - s[i])`
record LanesF64(Loop sum, Loop squares, Loop dot, Loop max, Loop min, Loop exp, Loop expEach) {

  static final LanesF64 PLAIN =
      new LanesF64(
          ScalarLanesF64::sum,
          ScalarLanesF64::squares,
          ScalarLanesF64::dot,
          ScalarLanesF64::max,
          ScalarLanesF64::min,
          ScalarLanesF64::exp,
          ScalarLanesF64::expEach);

  /// Returns the vector form; only to be called where vectors are live.
  static LanesF64 vector() {
    return new LanesF64(
        VectorLanesF64::sum,
        VectorLanesF64::squares,
        VectorLanesF64::dot,
        VectorLanesF64::max,
        VectorLanesF64::min,
        VectorLanesF64::exp,
        VectorLanesF64::expEach);
  }

  /// One loop. All have one signature so that [#run] can be their only call site.
  @FunctionalInterface
  interface Loop {
    void run(
        double[] x, int xOffset, double[] y, int yOffset, int n, double c, double[] s, int sOffset);
  }

  /// Runs a loop.
  ///
  /// As this one call meets many loops, C2 inlines none of them into its callers. That is wanted:
  /// each vector loop alone is within C2's limits, several in one method are not, and a vector loop
  /// that is inlined in part allocates every vector.
  static void run(
      Loop loop,
      double[] x,
      int xOffset,
      double[] y,
      int yOffset,
      int n,
      double c,
      double[] s,
      int sOffset) {
    loop.run(x, xOffset, y, yOffset, n, c, s, sOffset);
  }
}
