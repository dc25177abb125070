// Twin: TileF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

/// The innermost steps of the matrix product, for one instruction set.
///
/// Every form computes, for each element of its tile, `s = fma(a, b, s)` for k ascending from `s =
/// 0`: so all forms give the same bits.
interface TileF32 {
  /// Columns of the widest tile, which is also the width of a packed panel.
  int columns();

  /// Returns the least width of a tile with at least `left` columns, or the greatest.
  int width(int left);

  /// Returns the next smaller width, or 0.
  int narrower(int width);

  /// Returns the greatest height of a tile of some width with at most `left` rows, or the least.
  int height(int left, int width);

  /// Sums a tile of `rows` x `width` and writes its rows to `c` at distance `cRow`.
  ///
  /// The rows are a [#height(int, int)], or fewer than the least one: then the least one is
  /// written, with anything in the rows that are too many.
  void sums(
      int rows,
      int width,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aColumn,
      float[] b,
      int bOffset,
      int bRow,
      float[] c,
      int cOffset,
      int cRow);

  /// Adds `rows` rows of `width` sums, which follow each other, to C; the width is that of a tile.
  void add(float[] sums, int offset, int rows, int width, float[] c, int cOffset, int cRow);

  /// Copies rows of `length` elements at distance `xRow` so that they follow each other.
  void copy(int rows, int length, float[] x, int xOffset, int xRow, float[] y, int yOffset);

  /// Rows and columns of the square that [#turn] transposes, or 0 where there is none.
  int square();

  /// Transposes a square of [#square()].
  void turn(float[] x, int xOffset, int xRow, float[] y, int yOffset, int yRow);

  /// Returns how many of `count` rows of w one call of [#dots] takes with `rows` rows of x, or 0.
  int dots(int rows, int count);

  /// Sums at most four rows of x with `count` rows of w, each contiguous along k.
  ///
  /// The sums of a row of x follow each other; `sums` takes 32.
  void dots(
      int rows,
      int count,
      int k,
      float[] x,
      int xOffset,
      int xRow,
      int xColumn,
      float[] w,
      int wOffset,
      int wRow,
      float[] sums);

  /// Returns the columns of [#line], or 0 where there is none.
  int line();

  /// Sums one row of x with rows of b in as many columns as [#line()] says.
  void line(
      int k, float[] x, int xOffset, int xStride, float[] b, int bOffset, int bRow, float[] sums);

  /// Writes `fma(v, b, 0)` to `n` elements of C, or adds it.
  void multiple(int n, float v, float[] b, int bOffset, float[] c, int cOffset, boolean add);
}
