// Twin: TileF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

/// The innermost step of the matrix product on packed panels, for one instruction set.
///
/// Every form computes, for each element of its tile, `s = fma(a, b, s)` for k ascending from `s =
/// 0`: so all forms give the same bits. Sums go to a small buffer first and from there to C: one
/// method that did both would be beyond what C2 inlines.
interface TileF32 {
  /// Rows of the tallest tile.
  int rows();

  /// Rows of the lowest tile, used where at most so many rows are left.
  int lowRows();

  /// Columns of every tile.
  int columns();

  /// Returns the rows of the tile to use where `left` rows are left, at least 1.
  int rowsFor(int left);

  /// Sums a tile of `rows` x [#columns()] into `sums`, row after row.
  ///
  /// `a` holds k columns of that many rows, `b` k rows at distance `bStride`.
  ///
  /// @param rows what [#rowsFor] gave
  void sum(
      int rows, int k, float[] a, int aOffset, float[] b, int bOffset, int bStride, float[] sums);

  /// Writes or adds the first `rows` whole rows of `sums` to C.
  void put(float[] sums, int rows, float[] c, int cOffset, int cStride, boolean accumulate);
}
