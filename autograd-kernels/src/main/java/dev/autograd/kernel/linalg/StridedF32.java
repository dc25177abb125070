// Twin: StridedF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

/// A right operand in an array with any strides.
public record StridedF32(float[] data, int offset, int rowStride, int columnStride)
    implements PanelsF32 {
  private static final int STRIP = 32;

  @Override
  public void pack(int k, int rows, int j, int columns, float[] to, int toOffset, int width) {
    for (int s = 0; s < columns; s += width) {
      int from = offset + k * rowStride + (j + s) * columnStride;
      pack(rows, Math.min(width, columns - s), from, to, toOffset + s * rows, width);
    }
  }

  private void pack(int rows, int used, int from, float[] to, int at, int width) {
    if (columnStride == 1) {
      for (int r = 0; r < rows; r++) {
        System.arraycopy(data, from + r * rowStride, to, at + r * width, used);
      }
      return;
    }
    // Strips of rows keep the written lines in the first cache while columns are read along k.
    for (int r0 = 0; r0 < rows; r0 += STRIP) {
      int end = Math.min(rows, r0 + STRIP);
      for (int s = 0; s < used; s++) {
        int i = from + s * columnStride;
        for (int r = r0; r < end; r++) {
          to[at + r * width + s] = data[i + r * rowStride];
        }
      }
    }
  }
}
