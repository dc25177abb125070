// Twin: StridedF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

/// A right operand in an array with any strides.
record StridedF32(TileF32 tile, float[] data, int offset, int rowStride, int columnStride)
    implements PanelsF32 {

  @Override
  public void pack(int k, int rows, int j, int columns, float[] to, int toOffset, int width) {
    for (int s = 0; s < columns; s += width) {
      int from = offset + k * rowStride + (j + s) * columnStride;
      pack(rows, Math.min(width, columns - s), from, to, toOffset + s * rows, width);
    }
  }

  private void pack(int rows, int used, int from, float[] to, int at, int width) {
    if (columnStride == 1 && used == width) {
      tile.copy(rows, width, data, from, rowStride, to, at);
    } else if (columnStride == 1) {
      for (int r = 0; r < rows; r++) {
        System.arraycopy(data, from + r * rowStride, to, at + r * width, used);
      }
    } else if (rowStride == 1) {
      TransposeF32.into(tile, used, rows, data, from, columnStride, to, at, width);
    } else {
      for (int r = 0; r < rows; r++) {
        for (int s = 0; s < used; s++) {
          to[at + r * width + s] = data[from + r * rowStride + s * columnStride];
        }
      }
    }
  }
}
