// Twin: LanesF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.reduce.lanes;

/// The bodies of row reductions over [RowsF32#LANES] virtual lanes, for one instruction set.
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
record LanesF32(Loop sum, Loop squares, Loop dot, Loop max, Loop min, Loop exp, Loop expEach) {

  static final LanesF32 PLAIN =
      new LanesF32(
          ScalarLanesF32::sum,
          ScalarLanesF32::squares,
          ScalarLanesF32::dot,
          ScalarLanesF32::max,
          ScalarLanesF32::min,
          ScalarLanesF32::exp,
          ScalarLanesF32::expEach);

  /// Returns the vector form; only to be called where vectors are live.
  static LanesF32 vector() {
    return new LanesF32(
        VectorLanesF32::sum,
        VectorLanesF32::squares,
        VectorLanesF32::dot,
        VectorLanesF32::max,
        VectorLanesF32::min,
        VectorLanesF32::exp,
        VectorLanesF32::expEach);
  }

  /// One loop. All have one signature so that [#run] can be their only call site.
  @FunctionalInterface
  interface Loop {
    void run(
        float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset);
  }

  /// Runs a loop.
  ///
  /// As this one call meets many loops, C2 inlines none of them into its callers. That is wanted:
  /// each vector loop alone is within C2's limits, several in one method are not, and a vector loop
  /// that is inlined in part allocates every vector.
  static void run(
      Loop loop,
      float[] x,
      int xOffset,
      float[] y,
      int yOffset,
      int n,
      float c,
      float[] s,
      int sOffset) {
    loop.run(x, xOffset, y, yOffset, n, c, s, sOffset);
  }
}
