// Twin: ScoresF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.attention;

import dev.autograd.kernel.linalg.Gemm;
import dev.autograd.kernel.linalg.MatrixF32;
import dev.autograd.kernel.reduce.lanes.RowsF32;
import org.jspecify.annotations.Nullable;

/// A tile of products of queries and keys, what it is masked with included.
///
/// Products that nothing is added to are left as they are, and scaled where they are used.
final class ScoresF32 {
  /// Distance of rows beyond their length: rows at a power of two would compete for the same lines
  /// of the cache.
  private static final int GAP = 16;

  private final AttentionShape s;
  private final Matrices q;
  private final Matrices k;
  private final @Nullable Matrices mask;
  private final RowStepsF32 steps;
  private final int row;
  private final float[] tile;
  private final boolean isScaled;

  ScoresF32(
      AttentionShape s,
      Matrices q,
      Matrices k,
      @Nullable Matrices mask,
      RowStepsF32 steps,
      int columns,
      float[] tile) {
    this.s = s;
    this.q = q;
    this.k = k;
    this.mask = mask;
    this.steps = steps;
    this.row = row(columns);
    this.tile = tile;
    // The greatest product is looked for before scaling, which must not turn it into the least.
    isScaled = mask != null || !(s.scale() > 0);
  }

  /// Returns the length of the array for tiles of so many columns.
  static int length(int columns) {
    return AttentionShape.ROWS * row(columns);
  }

  private static int row(int columns) {
    return ((columns + RowsF32.LANES - 1) & -RowsF32.LANES) + GAP;
  }

  float[] tile() {
    return tile;
  }

  MatrixF32 matrix() {
    return new MatrixF32(tile, 0, row);
  }

  int row() {
    return row;
  }

  /// Returns what the elements are still to be multiplied by.
  float slope() {
    return isScaled ? 1f : s.scaleF32();
  }

  /// Returns how many of the keys from `j` on query `i` sees.
  int seen(int i, int j, int n) {
    return s.causal() ? i + 1 - j : n;
  }

  /// Returns how many keys more the next query sees.
  int more() {
    return s.causal() ? 1 : 0;
  }

  /// Computes the tile of the queries from `i` and the keys from `j` on.
  void compute(int b, int i, int rows, int j, int n) {
    MatrixF32 turned = k.f32(b, j).transposed();
    Gemm.multiply(rows, n, s.size(), q.f32(b, i), turned, matrix(), false);
    if (!isScaled) {
      return;
    }
    float scale = s.scaleF32();
    if (mask == null) {
      scale(rows, n, scale);
      return;
    }
    int at = mask.row(b, i) + j * mask.column();
    if (mask.isSeen()) {
      hide(rows, n, scale, mask.bytes(), at, mask.row(), mask.column());
    } else {
      steps.bias(rows, n, tile, row, scale, mask.floats(), at, mask.row(), mask.column());
    }
  }

  private void scale(int rows, int n, float scale) {
    for (int r = 0; r < rows; r++) {
      for (int x = r * row; x < r * row + n; x++) {
        tile[x] *= scale;
      }
    }
  }

  private void hide(
      int rows, int n, float scale, byte[] seen, int at, int maskRow, int maskColumn) {
    for (int r = 0; r < rows; r++) {
      int from = at + r * maskRow;
      for (int x = r * row; x < r * row + n; x++) {
        tile[x] = seen[from] == 0 ? Float.NEGATIVE_INFINITY : tile[x] * scale;
        from += maskColumn;
      }
    }
  }
}
