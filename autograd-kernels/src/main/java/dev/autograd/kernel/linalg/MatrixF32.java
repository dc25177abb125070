// Twin: MatrixF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

/// A matrix in an f32 array: element (i, j) is `array[offset + i * rowStride + j * columnStride]`.
///
/// Its size is that of the product that it takes part in.
///
/// @param array the elements and any others, not copied
/// @param offset the index of element (0, 0)
/// @param rowStride the step in elements from a row to the next
/// @param columnStride the step in elements from a column to the next
public record MatrixF32(float[] array, int offset, int rowStride, int columnStride) {

  /// Makes a matrix whose rows are contiguous.
  public MatrixF32(float[] array, int offset, int rowStride) {
    this(array, offset, rowStride, 1);
  }

  /// Returns the transpose, in the same array.
  public MatrixF32 transposed() {
    return new MatrixF32(array, offset, columnStride, rowStride);
  }

  /// Returns the matrix from a row and a column on, in the same array.
  public MatrixF32 at(int row, int column) {
    return new MatrixF32(array, index(row, column), rowStride, columnStride);
  }

  /// Returns where an element is in the array.
  public int index(int row, int column) {
    return offset + row * rowStride + column * columnStride;
  }

  void requireContiguousRows(int columns) {
    if (columnStride != 1 && columns > 1) {
      throw new IllegalArgumentException(
          "linalg: the rows of a result must be contiguous, got a column stride of "
              + columnStride
              + ". Compute the transpose?");
    }
  }

  /// Packs a block as [PanelsF32#pack] says.
  void pack(TileF32 tile, int k, int rows, int j, int columns, float[] to, int at, int width) {
    for (int s = 0; s < columns; s += width) {
      pack(tile, rows, Math.min(width, columns - s), index(k, j + s), to, at + s * rows, width);
    }
  }

  private void pack(TileF32 tile, int rows, int used, int from, float[] to, int at, int width) {
    if (columnStride == 1 && used == width) {
      tile.copy(rows, width, array, from, rowStride, to, at);
    } else if (columnStride == 1) {
      for (int r = 0; r < rows; r++) {
        System.arraycopy(array, from + r * rowStride, to, at + r * width, used);
      }
    } else if (rowStride == 1) {
      TransposeF32.into(tile, used, rows, array, from, columnStride, to, at, width);
    } else {
      for (int r = 0; r < rows; r++) {
        for (int s = 0; s < used; s++) {
          to[at + r * width + s] = array[from + r * rowStride + s * columnStride];
        }
      }
    }
  }
}
