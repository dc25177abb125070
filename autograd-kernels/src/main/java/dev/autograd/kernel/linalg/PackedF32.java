// Twin: PackedF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

import dev.autograd.kernel.parallel.Workers;

/// A right operand `[k, n]` that is packed once and used by many products.
///
/// The products have the bits of [Gemm]'s. Each runs on the thread that asks for it, and any number
/// of threads may ask for different columns.
public final class PackedF32 {
  /// Products begin at columns that are multiples of this.
  public static final int COLUMN_STEP = 64;

  private static final int KC = GemmF32.KC;

  private final TileF32 tile;
  private final int k;
  private final int n;
  private final float[] panels;

  /// Packs an operand.
  public PackedF32(int k, int n, PanelsF32 b) {
    this(Tiles.f32(), k, n, b);
  }

  PackedF32(TileF32 tile, int k, int n, PanelsF32 b) {
    this.tile = tile;
    int width = tile.columns();
    this.k = k;
    this.n = GemmF32.roundUp(n, width);
    panels = Scratch.floats(Math.multiplyExact(k, this.n));
    int across = this.n / width;
    for (int k0 = 0; k0 < k; k0 += KC) {
      int kk = k0;
      int kc = Math.min(KC, k - k0);
      Workers.forRange(
          across,
          Math.max(1, (1 << 16) / (kc * width)),
          (p, q) -> {
            int to = kk * this.n + p * width * kc;
            b.pack(kk, kc, p * width, Math.min(q * width, n) - p * width, panels, to, width);
          });
    }
  }

  /// Returns an array for a left operand of `m` rows, to be filled by [#packLeft].
  public float[] left(int m) {
    return Scratch.floats(Math.multiplyExact(GemmF32.roundUp(m, tile.rows()), k));
  }

  /// Packs columns `[from, to)` of a left operand `[m, k]`; `aOffset` is where the first of them
  /// begins.
  public void packLeft(
      int m, int from, int to, float[] a, int aOffset, int aRow, int aColumn, float[] left) {
    int tall = tile.rows();
    int rounded = GemmF32.roundUp(m, tall);
    for (int j = from; j < to; ) {
      int k0 = j / KC * KC;
      int kc = Math.min(KC, k - k0);
      int count = Math.min(to, k0 + kc) - j;
      for (int i = 0; i < m; i += tall) {
        int used = Math.min(tall, m - i);
        int rows = tile.rowsFor(used);
        int ai = aOffset + i * aRow + (j - from) * aColumn;
        int at = k0 * rounded + i * kc + (j - k0) * rows;
        GemmF32.packPanel(used, count, a, ai, aRow, aColumn, left, at, rows);
      }
      j += count;
    }
  }

  /// Computes `C = A B` or `C += A B` for `columns` columns of B from the column `from` on, a
  /// multiple of [#COLUMN_STEP].
  ///
  /// @param left the packed A, `[m, k]`
  /// @param c where the column `from` goes to `cOffset`
  public void multiply(
      int m,
      float[] left,
      int from,
      int columns,
      float[] c,
      int cOffset,
      int cRow,
      boolean accumulate) {
    int width = tile.columns();
    int block = GemmF32.BLOCK_PANELS * tile.rows();
    int rounded = GemmF32.roundUp(m, tile.rows());
    float[] sums = new float[tile.rows() * width];
    for (int k0 = 0; k0 < k; k0 += KC) {
      int kc = Math.min(KC, k - k0);
      boolean add = accumulate || k0 > 0;
      for (int i = 0; i < m; i += block) {
        int end = Math.min(m, i + block);
        for (int j = 0; j < columns; j += width) {
          int used = Math.min(width, columns - j);
          int at = k0 * n + (from + j) * kc;
          int to = cOffset + j;
          GemmF32.column(
              tile,
              i,
              end,
              kc,
              left,
              k0 * rounded,
              panels,
              at,
              width,
              used,
              c,
              to,
              cRow,
              add,
              sums);
        }
      }
    }
  }

  /// Gives the packed operand's memory back; it must not be used any more.
  public void release() {
    Scratch.release(panels);
  }
}
