// Twin: RowStepsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.attention;

/// The steps over rows of a tile, for one instruction set.
///
/// Element j of row r of a tile is at `x[r * row + j]`; the row of length n is followed by room for
/// a block of lanes. Row r sees its first `seen + r * more` keys (at least none, at most n), `more`
/// being 0 or 1. Every form rounds alike, so all give the same bits.
interface RowStepsF32 {

  /// Replaces products by `exp(slope x - m)`, 0 for keys that are not seen.
  ///
  /// @param m the greatest elements so far, -inf at first; updated
  /// @param l the sums so far, updated, with room for a block of lanes for each row after them
  /// @param a set to what earlier results are to be multiplied by
  /// @param slope positive
  void weights(
      int rows,
      int n,
      int seen,
      int more,
      float[] x,
      int row,
      float slope,
      float[] m,
      float[] l,
      float[] a);

  /// Sets `lse = m + log(l)` from `at` on, and `a = 1 / l`, or 0 where l is.
  void finish(int rows, float[] m, float[] l, float[] lse, int at, float[] a);

  /// Multiplies row r of y, of `n` elements at distance `row`, by `a[r]`.
  void scale(int rows, int n, float[] y, int yOffset, int row, float[] a);

  /// Replaces products x by `scale x + bias`.
  ///
  /// @param row the distance of the rows of x
  /// @param biasRow the distance of the rows of the bias
  void bias(
      int rows,
      int n,
      float[] x,
      int row,
      float scale,
      float[] bias,
      int biasOffset,
      int biasRow,
      int biasColumn);

  /// Replaces products x by `p = exp(slope x - lse)` and the gradients t of p by `p (t - d) scale`;
  /// both by 0 for keys that are not seen.
  void gradients(
      int rows,
      int n,
      int seen,
      int more,
      float[] x,
      float[] t,
      int row,
      float slope,
      float[] lse,
      int lseOffset,
      float[] d,
      float scale);

  /// Sets d to the sums of `a b` over each row of `n` elements.
  void dots(
      int rows,
      int n,
      float[] a,
      int aOffset,
      int aRow,
      int aColumn,
      float[] b,
      int bOffset,
      int bRow,
      int bColumn,
      float[] d);
}
