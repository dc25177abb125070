// Twin: LanesF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.reduce.lanes;

import java.util.function.BinaryOperator;

/// The bodies of row reductions over [RowsF32#LANES] virtual lanes, for one instruction set.
///
/// Lane `l` takes the elements `l, l + LANES, l + 2 LANES, …` in order; `n` is a multiple of LANES
/// except in `expEach`. A machine with fewer lanes keeps more accumulators, so every form gives the
/// same bits. Lane l is `s[sOffset + l]`, which holds what came before.
///
/// @param sum sums x
/// @param blockSums sums blocks of x, and of each adds the upper half of the lanes to the lower:
///   those of block b are written to `s[sOffset + b LANES / 2]` and on
/// @param squares sums `(x - c)^2`
/// @param dot sums `x y`
/// @param max takes the greatest x, NaN if there is one
/// @param min takes the least x, NaN if there is one
/// @param greatest takes the greatest x, passing over NaN; of zeros, any
/// @param bound sets `s[sOffset]` to the greatest `c x`; of zeros to any, and to NaN if there is
///   one or, at will, an infinity
/// @param find sets `s[sOffset]` to the number of elements before the first x that equals c, or n
/// @param exp sets `y = exp(x - c)` and sums y
/// @param expSum sums `exp(x - c)`
/// @param expEach sets `y[i] = exp(x[i] - s[i])`
/// @param sumColumns adds rows to s
/// @param squareColumns adds the squares of what rows are from c to s
/// @param firstGreatest keeps in c the greatest of each of n columns of `c[cOffset + n] x`, and in
///   s the number of the row where it came first; a NaN is greater than all
/// @param columnSums sets s to the sums of the n columns of at most LANES rows; c has
///   [RowsF32#COLUMN_ROOM] n elements of room at cOffset
/// @param rowSums sets `s[r]` to the sum of row r of n elements, at most a block; c has
///   [RowsF32#ROOM] elements of room at cOffset
record LanesF32(
    Loop sum,
    Loop blockSums,
    Loop squares,
    Loop dot,
    Loop max,
    Loop min,
    Loop greatest,
    Loop bound,
    Loop find,
    Loop exp,
    Loop expSum,
    Loop expEach,
    Columns sumColumns,
    Columns squareColumns,
    Columns firstGreatest,
    Columns columnSums,
    Columns rowSums) {

  static final LanesF32 PLAIN =
      new LanesF32(
          ScalarLanesF32::sum,
          ScalarLanesF32::blockSums,
          ScalarLanesF32::squares,
          ScalarLanesF32::dot,
          ScalarLanesF32::max,
          ScalarLanesF32::min,
          ScalarLanesF32::greatest,
          ScalarLanesF32::bound,
          ScalarLanesF32::find,
          ScalarLanesF32::exp,
          ScalarLanesF32::expSum,
          ScalarLanesF32::expEach,
          ScalarLanesF32::sumColumns,
          ScalarLanesF32::squareColumns,
          ScalarLanesF32::firstGreatest,
          ScalarLanesF32::columnSums,
          ScalarLanesF32::rowSums);

  /// Returns the vector form; only to be called where vectors are live.
  static LanesF32 vector() {
    return new LanesF32(
        VectorLanesF32::sum,
        VectorLanesF32::blockSums,
        VectorLanesF32::squares,
        VectorLanesF32::dot,
        VectorLanesF32::max,
        VectorLanesF32::min,
        VectorLanesF32::greatest,
        VectorLanesF32::bound,
        VectorLanesF32::find,
        VectorLanesF32::exp,
        VectorLanesF32::expSum,
        VectorLanesF32::expEach,
        VectorLanesF32::sumColumns,
        VectorLanesF32::squareColumns,
        VectorColumnsF32::firstGreatest,
        VectorColumnsF32::sums,
        VectorRowsF32::sums);
  }

  /// Returns for each loop the choice between this form and another.
  LanesF32 with(LanesF32 other, BinaryOperator<Loop> loop, BinaryOperator<Columns> columns) {
    return new LanesF32(
        loop.apply(sum, other.sum),
        loop.apply(blockSums, other.blockSums),
        loop.apply(squares, other.squares),
        loop.apply(dot, other.dot),
        loop.apply(max, other.max),
        loop.apply(min, other.min),
        loop.apply(greatest, other.greatest),
        loop.apply(bound, other.bound),
        loop.apply(find, other.find),
        loop.apply(exp, other.exp),
        loop.apply(expSum, other.expSum),
        loop.apply(expEach, other.expEach),
        columns.apply(sumColumns, other.sumColumns),
        columns.apply(squareColumns, other.squareColumns),
        columns.apply(firstGreatest, other.firstGreatest),
        columns.apply(columnSums, other.columnSums),
        columns.apply(rowSums, other.rowSums));
  }

  /// One loop. All have one signature so that [#run] can be their only call site.
  @FunctionalInterface
  interface Loop {
    void run(
        float[] x, int xOffset, float[] y, int yOffset, int n, float c, float[] s, int sOffset);
  }

  /// Adds `rows` rows, the first of which begins at `xOffset` and each `step` after the one before,
  /// to the `n` elements of s, or the squares of their distances from c.
  @FunctionalInterface
  interface Columns {
    void run(
        float[] x,
        int xOffset,
        int step,
        int rows,
        int n,
        float[] c,
        int cOffset,
        float[] s,
        int sOffset);
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

  /// Runs a loop over columns; not inlined, as above.
  static void run(
      Columns loop,
      float[] x,
      int xOffset,
      int step,
      int rows,
      int n,
      float[] c,
      int cOffset,
      float[] s,
      int sOffset) {
    loop.run(x, xOffset, step, rows, n, c, cOffset, s, sOffset);
  }
}
