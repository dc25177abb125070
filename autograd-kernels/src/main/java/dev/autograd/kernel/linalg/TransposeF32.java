// Twin: TransposeF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

/// Transposed copies of matrices with contiguous rows.
final class TransposeF32 {
  private TransposeF32() {}

  /// Writes `y[j, i] = x[i, j]` for i below `rows` and j below `columns`; x and y share nothing.
  static void into(
      TileF32 tile,
      int rows,
      int columns,
      float[] x,
      int xOffset,
      int xRow,
      float[] y,
      int yOffset,
      int yRow) {
    int square = tile.square();
    if (square == 0 || rows < square || columns < square) {
      plain(rows, columns, x, xOffset, xRow, y, yOffset, yRow);
      return;
    }
    // The last squares overlap those before them.
    for (int i = 0; i < rows; i += square) {
      int r = Math.min(i, rows - square);
      for (int j = 0; j < columns; j += square) {
        int s = Math.min(j, columns - square);
        tile.turn(x, xOffset + r * xRow + s, xRow, y, yOffset + s * yRow + r, yRow);
      }
    }
  }

  private static void plain(
      int rows, int columns, float[] x, int xOffset, int xRow, float[] y, int yOffset, int yRow) {
    if (rows <= columns) {
      for (int j = 0; j < columns; j++) {
        int yi = yOffset + j * yRow;
        int xi = xOffset + j;
        for (int i = 0; i < rows; i++) {
          y[yi + i] = x[xi];
          xi += xRow;
        }
      }
      return;
    }
    for (int i = 0; i < rows; i++) {
      int yi = yOffset + i;
      int xi = xOffset + i * xRow;
      for (int j = 0; j < columns; j++) {
        y[yi] = x[xi + j];
        yi += yRow;
      }
    }
  }
}
