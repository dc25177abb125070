// Twin: ShortRowsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.norm;

import dev.autograd.kernel.reduce.lanes.RowsF32;
import java.util.function.BinaryOperator;

/// What normalisations need of rows so short that a call for each would cost more than the row, for
/// one instruction set: rows of 1 to [RowsF32#LANES] elements, each after the one before.
///
/// As no lane of such a row takes a second element, its sum is a fold and nothing else, of the same
/// bits as [RowsF32] gives; everything that is done element by element is done by passes over many
/// rows at once.
///
/// @param sum sets s of each row to the sum of x
/// @param dot sets s of each row to the sum of `x y`
/// @param greatest sets s of each row to the greatest x, as [RowsF32#greatest]
/// @param spread sets y to the s of its row
/// @param columnDots adds `x y` of every row, of any length, to the n elements of s; up to
///   [RowsF32#LANES] that follow are overwritten
record ShortRowsF32(Loop sum, Loop dot, Loop greatest, Loop spread, Loop columnDots) {
  private static final int LONGEST = RowsF32.LANES;

  static final ShortRowsF32 PLAIN =
      new ShortRowsF32(
          ScalarShortRowsF32::sum,
          ScalarShortRowsF32::dot,
          ScalarShortRowsF32::greatest,
          ScalarShortRowsF32::spread,
          ScalarShortRowsF32::columnDots);

  /// Tells whether rows of n elements are short.
  static boolean take(int n) {
    return n > 0 && n <= LONGEST;
  }

  /// Returns the vector form; only to be called where vectors are live.
  static ShortRowsF32 vector() {
    return new ShortRowsF32(
        VectorShortRowsF32::sum,
        VectorShortRowsF32::dot,
        VectorShortRowsF32::greatest,
        VectorShortRowsF32::spread,
        VectorShortRowsF32::columnDots);
  }

  /// Returns for each loop the choice between this form and another.
  ShortRowsF32 with(ShortRowsF32 other, BinaryOperator<Loop> choice) {
    return new ShortRowsF32(
        choice.apply(sum, other.sum),
        choice.apply(dot, other.dot),
        choice.apply(greatest, other.greatest),
        choice.apply(spread, other.spread),
        choice.apply(columnDots, other.columnDots));
  }

  /// One loop over rows. All have one signature so that [#run] can be their only call site.
  @FunctionalInterface
  interface Loop {
    void run(int rows, int n, float[] x, int xi, float[] y, int yi, float[] s, int si);
  }

  /// Runs a loop; as this one call meets many of them, C2 inlines none into its callers.
  static void run(
      Loop loop, int rows, int n, float[] x, int xi, float[] y, int yi, float[] s, int si) {
    loop.run(rows, n, x, xi, y, yi, s, si);
  }
}
