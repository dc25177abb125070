// Twin: ScalarTileF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

/// Tiles in plain Java, as [PlainSumsF32] keeps them.
///
/// Any height and width will do, so that no tile needs to move back over another.
final class ScalarTileF32 implements TileF32 {
  private static final int ROWS = 8;
  private static final int COLUMNS = 256;

  @Override
  public int columns() {
    return COLUMNS;
  }

  @Override
  public int width(int left) {
    return Math.min(COLUMNS, left);
  }

  @Override
  public int narrower(int width) {
    return width - 1;
  }

  @Override
  public int height(int left, int width) {
    return Math.min(ROWS, left);
  }

  @Override
  public void sums(
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
      int cRow) {
    var all = new PlainSumsF32(rows, width);
    all.add(k, a, aOffset, aRow, aColumn, b, bOffset, bRow);
    all.into(c, cOffset, cRow);
  }

  @Override
  public void add(float[] sums, int offset, int rows, int width, float[] c, int cOffset, int cRow) {
    for (int i = 0; i < rows; i++) {
      int ci = cOffset + i * cRow;
      int si = offset + i * width;
      for (int j = 0; j < width; j++) {
        c[ci + j] += sums[si + j];
      }
    }
  }

  @Override
  public void copy(int rows, int length, float[] x, int xOffset, int xRow, float[] y, int yOffset) {
    for (int r = 0; r < rows; r++) {
      System.arraycopy(x, xOffset + r * xRow, y, yOffset + r * length, length);
    }
  }

  @Override
  public int square() {
    return 0;
  }

  @Override
  public void turn(float[] x, int xOffset, int xRow, float[] y, int yOffset, int yRow) {
    throw new UnsupportedOperationException("turn: there is no square");
  }

  @Override
  public int dots(int rows, int count) {
    return 0;
  }

  @Override
  public void dots(
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
      float[] sums) {
    throw new UnsupportedOperationException("dots: there is no square");
  }

  @Override
  public int line() {
    return 0;
  }

  @Override
  public void line(
      int k, float[] x, int xOffset, int xStride, float[] b, int bOffset, int bRow, float[] sums) {
    throw new UnsupportedOperationException("line: there is none");
  }

  @Override
  public void multiple(
      int n, float v, float[] b, int bOffset, float[] c, int cOffset, boolean add) {
    for (int j = 0; j < n; j++) {
      float p = Math.fma(v, b[bOffset + j], 0f);
      c[cOffset + j] = add ? c[cOffset + j] + p : p;
    }
  }
}
