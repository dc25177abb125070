// Twin: PanelsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

/// The right operand of a matrix product, read block by block in the layout of the kernel.
///
/// An operand that is never stored, such as the unrolled image of a convolution, implements this
/// and saves the copy.
@FunctionalInterface
public interface PanelsF32 {
  /// Packs rows `[k, k + rows)` and columns `[j, j + columns)` into panels of `width` columns.
  ///
  /// Element (r, s) of the block goes to `to[toOffset + (s / width) * rows * width + r * width + s
  /// % width]`. The unused columns of the last panel may keep any finite or other value.
  void pack(int k, int rows, int j, int columns, float[] to, int toOffset, int width);
}
