// Twin: ShortRowsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.norm;

import dev.autograd.kernel.reduce.lanes.RowsF32;
import java.util.function.BinaryOperator;

/// What normalisations need of rows so short that a call for each would cost more than the row, for
/// one instruction set: rows of any number of elements, each after the one before.
///
/// A row's number is `s[si + r]`; its second and third, if it has them, stand `rows` and `2 rows`
/// after it. What is done element by element without them is done by passes over many rows at once.
///
/// @param greatest sets s to the greatest of a, as [RowsF32#greatest]
/// @param spread sets `y = s`
/// @param scale sets `y = (a - s) s'`
/// @param gradient sets `y = (a - s - b s') s''`
/// @param sum sets s to the sum of a, for rows of at most LANES elements: as no lane takes a second
///   one, it is a fold and nothing else, of the same bits as [RowsF32] gives
/// @param dot sets s to the sum of `a b`, for rows of at most LANES elements
/// @param laneDots sets y, which has [RowsF32#LANES] elements for each row, to the lanes whose fold
///   is the sum of `a b`
/// @param columnDots adds `a b` of all rows to the n elements of y; up to LANES elements after them
///   are overwritten
record ShortRowsF32(
    Loop greatest,
    Loop spread,
    Loop scale,
    Loop gradient,
    Loop sum,
    Loop dot,
    Loop laneDots,
    Loop columnDots) {

  static final ShortRowsF32 PLAIN =
      new ShortRowsF32(
          ScalarShortRowsF32::greatest,
          ScalarShortRowsF32::spread,
          ScalarShortRowsF32::scale,
          ScalarShortRowsF32::gradient,
          ScalarShortRowsF32::sum,
          ScalarShortRowsF32::dot,
          ScalarShortRowsF32::laneDots,
          ScalarShortRowsF32::columnDots);

  /// Tells whether rows go together: if longer than LANES, so many fit in a band that their sums
  /// are worth it.
  static boolean take(int rows, int n) {
    int most = rows < RowsF32.SIDE_BY_SIDE ? RowsF32.LANES : RowWalk.BAND / RowsF32.SIDE_BY_SIDE;
    return n > 0 && n <= most;
  }

  /// Returns the vector form; only to be called where vectors are live.
  static ShortRowsF32 vector() {
    return new ShortRowsF32(
        VectorShortRowsF32::greatest,
        VectorShortRowsF32::spread,
        VectorShortRowsF32::scale,
        VectorShortRowsF32::gradient,
        VectorShortRowsF32::sum,
        VectorShortRowsF32::dot,
        VectorShortRowsF32::laneDots,
        VectorShortRowsF32::columnDots);
  }

  /// Returns for each loop the choice between this form and another.
  ShortRowsF32 with(ShortRowsF32 other, BinaryOperator<Loop> choice) {
    return new ShortRowsF32(
        choice.apply(greatest, other.greatest),
        choice.apply(spread, other.spread),
        choice.apply(scale, other.scale),
        choice.apply(gradient, other.gradient),
        choice.apply(sum, other.sum),
        choice.apply(dot, other.dot),
        choice.apply(laneDots, other.laneDots),
        choice.apply(columnDots, other.columnDots));
  }

  /// One loop over rows. All have one signature so that [#run] can be their only call site.
  @FunctionalInterface
  interface Loop {
    void run(
        int rows,
        int n,
        float[] a,
        int ai,
        float[] b,
        int bi,
        float[] y,
        int yi,
        float[] s,
        int si);
  }

  /// Runs a loop; as this one call meets many of them, C2 inlines none into its callers.
  static void run(
      Loop loop,
      int rows,
      int n,
      float[] a,
      int ai,
      float[] b,
      int bi,
      float[] y,
      int yi,
      float[] s,
      int si) {
    loop.run(rows, n, a, ai, b, bi, y, yi, s, si);
  }
}
