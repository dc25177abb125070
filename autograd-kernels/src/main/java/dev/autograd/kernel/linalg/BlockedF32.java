// Twin: BlockedF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

import dev.autograd.kernel.parallel.Workers;
import dev.autograd.kernel.reduce.lanes.Rows;

/// One product `C (+)= A B`, cut into blocks for the caches and into tiles for the registers.
///
/// A panel of A (the rows of a tile) meets all panels of B (its columns) in turn: so A stays in the
/// first cache, B streams from the second, and C is written along its rows, which is the order that
/// the machine fetches ahead. Where a last tile is larger than what is left, it moves back over
/// elements that are already done and computes them again, to the same bits.
final class BlockedF32 {
  private static final int KC = GemmF32.KC;
  private static final int NC = 1024;

  /// Distance of the copied rows of a panel of A beyond their length: rows at a power of two would
  /// compete for the same lines of the cache.
  private static final int GAP = 16;

  private static final double FORK_PRODUCTS = 5e5;
  private static final double TASK_PRODUCTS = 1.5e5;
  private static final int TASKS = 48;
  private static final int PACK_ELEMENTS = 1 << 14;
  private static final int IN_PLACE_BYTES = 1 << 19;
  private static final float[] NONE = {};

  private final TileF32 tile;
  private final int m;
  private final int n;
  private final int k;
  private final float[] a;
  private final int aOffset;
  private final int aRow;
  private final int aColumn;
  private final PanelsF32 panels;
  private final float[] c;
  private final int cOffset;
  private final int cRow;
  private final boolean accumulate;

  /// What is added to every row of C in the end; empty for nothing.
  private final float[] row;

  private final int rowOffset;

  /// Prepares a product; none of m, n and k is 0.
  ///
  /// @param row what is added to every row of C in the end; empty for nothing
  BlockedF32(
      TileF32 tile,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aColumn,
      PanelsF32 panels,
      float[] c,
      int cOffset,
      int cRow,
      boolean accumulate,
      float[] row,
      int rowOffset) {
    this.tile = tile;
    this.m = m;
    this.n = n;
    this.k = k;
    this.a = a;
    this.aOffset = aOffset;
    this.aRow = aRow;
    this.aColumn = aColumn;
    this.panels = panels;
    this.c = c;
    this.cOffset = cOffset;
    this.cRow = cRow;
    this.accumulate = accumulate;
    this.row = row;
    this.rowOffset = rowOffset;
  }

  /// Computes the product from packed panels of B.
  void packed() {
    int width = tile.columns();
    float[] b = Scratch.floats(roundUp(Math.min(n, NC + width), width) * Math.min(k, KC));
    int end;
    for (int j0 = 0; j0 < n; j0 = end) {
      // Never less than a panel: a tile that moves back must stay within the block.
      end = n - j0 <= NC + width ? n : j0 + NC;
      for (int k0 = 0; k0 < k; k0 += KC) {
        Block block = new Block(j0, end, k0, Math.min(KC, k - k0), b, 0, width);
        block.pack();
        block.compute();
      }
    }
    Scratch.release(b);
  }

  /// Computes the product from rows of B that are contiguous and not shorter than a tile.
  void inPlace(float[] b, int bOffset, int bRow) {
    int width = tile.columns();
    // What several panels of A read is to stay in the second cache.
    int fit = IN_PLACE_BYTES / Float.BYTES / Math.min(k, KC);
    int columns = m <= tile.height(m, width) ? n : Math.max(1, fit / width) * width;
    int end;
    for (int j0 = 0; j0 < n; j0 = end) {
      end = n - j0 <= columns + width ? n : j0 + columns;
      for (int k0 = 0; k0 < k; k0 += KC) {
        int depth = Math.min(KC, k - k0);
        new Block(j0, end, k0, depth, b, bOffset + k0 * bRow, -bRow).compute();
      }
    }
  }

  /// Adds the row to rows `[from, to)` of C in columns `[j, end)`.
  private void addRow(int from, int to, int j, int end) {
    for (int i = from; i < to; i++) {
      Rows.f32().sumColumns(row, rowOffset + j, 0, 1, end - j, c, cOffset + i * cRow + j);
    }
  }

  private static int roundUp(int n, int step) {
    return (n + step - 1) / step * step;
  }

  /// Columns `[first, end)` for a block of k.
  private final class Block {
    private final int width = tile.columns();
    private final int first;
    private final int end;
    private final int k0;
    private final int depth;
    private final float[] b;
    private final int bOffset;
    private final int bRow;
    private final boolean isPacked;
    private final int across;
    private final boolean add;
    private final boolean addsRow;

    /// @param stride the width of packed panels, or minus the row stride of B in place
    Block(int first, int end, int k0, int depth, float[] b, int bOffset, int stride) {
      this.first = first;
      this.end = end;
      this.k0 = k0;
      this.depth = depth;
      this.b = b;
      this.bOffset = bOffset;
      isPacked = stride > 0;
      bRow = Math.abs(stride);
      across = (end - first + width - 1) / width;
      add = accumulate || k0 > 0;
      addsRow = row.length > 0 && k0 + depth == k;
    }

    /// Returns the first column of a packed panel: the last one is moved back to be full.
    private int origin(int panel) {
      return Math.max(0, Math.min(first + panel * width, n - width));
    }

    void pack() {
      int whole = (end - first) / width;
      int grain = Math.max(1, PACK_ELEMENTS / (depth * width));
      if (whole <= grain) {
        pack(0, across);
      } else {
        Workers.forRange(across, grain, this::pack);
      }
    }

    private void pack(int from, int to) {
      int whole = Math.min(to, (end - first) / width);
      int size = depth * width;
      if (from < whole) {
        panels.pack(k0, depth, first + from * width, (whole - from) * width, b, from * size, width);
      }
      if (whole < to) {
        int j = origin(whole);
        panels.pack(k0, depth, j, Math.min(width, n - j), b, whole * size, width);
      }
    }

    /// Shares the block out: a task is a panel of A and some panels of B.
    void compute() {
      int tall = tile.height(m, width);
      int down = (m + tall - 1) / tall;
      double total = (double) m * (end - first) * depth;
      if (total < FORK_PRODUCTS) {
        tasks(0, down, tall, 1, across);
        return;
      }
      double each = Math.max(TASK_PRODUCTS, total / TASKS) / ((double) tall * width * depth);
      int group = each >= across ? across : Math.max(1, (int) each);
      int parts = (across + group - 1) / group;
      int wide = (across + parts - 1) / parts;
      Workers.forRange(
          down * parts,
          parts > 1 ? 1 : (int) Math.max(1, each / across),
          (from, to) -> tasks(from, to, tall, parts, wide));
    }

    private void tasks(int from, int to, int tall, int parts, int wide) {
      int least = tile.height(1, width);
      boolean isPadded = m < least || n < tile.width(1);
      float[] sums = add || addsRow || isPadded ? new float[tall(tall) * width] : NONE;
      float[] copied = repaysCopy(wide) ? Scratch.floats(tall * (depth + GAP) + GAP) : NONE;
      for (int t = from; t < to; t++) {
        int i = t / parts * tall;
        int till = Math.min(m, i + tall);
        int p = t % parts * wide;
        int q = Math.min(across, p + wide);
        if (copied.length == 0) {
          rows(i, till, a, aOffset + k0 * aColumn, aRow, aColumn, p, q, sums);
        } else {
          // A last tile that moves back needs rows before the panel.
          int top = Math.max(0, Math.min(i, till - least));
          int source = aOffset + top * aRow + k0 * aColumn;
          if (aRow == 1) {
            int count = till - top;
            tile.copy(depth, count, a, source, aColumn, copied, 0);
            rows(i, till, copied, -top, 1, count, p, q, sums);
          } else {
            int stride = depth + GAP;
            copyRows(till - top, source, copied, stride);
            rows(i, till, copied, -top * stride, stride, 1, p, q, sums);
          }
        }
        if (addsRow) {
          int j = first + p * width;
          addRow(i, till, j, Math.min(end, first + q * width));
        }
      }
      if (copied.length > 0) {
        Scratch.release(copied);
      }
    }

    private static int tall(int tall) {
      return Math.max(4, tall);
    }

    /// Returns whether the panels of A are read often enough to be made compact first.
    private boolean repaysCopy(int count) {
      if (aColumn == 1) {
        int bytes = aRow * Float.BYTES;
        return count >= (bytes % 4096 == 0 ? 1 : bytes % 2048 == 0 ? 3 : 8);
      }
      return count >= (aRow == 1 ? 4 : 2);
    }

    private void copyRows(int count, int source, float[] to, int stride) {
      for (int i = 0; i < count; i++) {
        int from = source + i * aRow;
        if (aColumn == 1) {
          System.arraycopy(a, from, to, i * stride, depth);
        } else {
          for (int r = 0; r < depth; r++) {
            to[i * stride + r] = a[from + r * aColumn];
          }
        }
      }
    }

    /// Computes rows `[i, till)` of the panels `[p, q)` of columns.
    private void rows(
        int i,
        int till,
        float[] x,
        int xOffset,
        int xRow,
        int xColumn,
        int p,
        int q,
        float[] sums) {
      for (; p < q; p++) {
        int j = first + p * width;
        int right = Math.min(end, j + width);
        while (j < right) {
          int w = tile.width(right - j);
          while (w > n && tile.narrower(w) > 0) {
            w = tile.narrower(w);
          }
          int column = Math.max(0, Math.min(j, n - w));
          int at = isPacked ? p * depth * width + column - origin(p) : column;
          down(i, till, x, xOffset, xRow, xColumn, bOffset + at, w, j, column, sums);
          j = column + w;
        }
      }
    }

    /// Computes rows `[i, till)` of `w` columns from `column` on, of which those from `j` on are
    /// new.
    private void down(
        int i,
        int till,
        float[] x,
        int xOffset,
        int xRow,
        int xColumn,
        int bi,
        int w,
        int j,
        int column,
        float[] sums) {
      while (i < till) {
        int height = tile.height(till - i, w);
        int top = Math.max(0, Math.min(i, till - height));
        int xi = xOffset + top * xRow;
        // An element to which the row is added is written once only: another thread may be at it.
        boolean mayRepeat = !addsRow || (top == i && column == j);
        if (!add && mayRepeat && top + height <= m && column + w <= n) {
          int ci = cOffset + top * cRow + column;
          tile.sums(height, w, depth, x, xi, xRow, xColumn, b, bi, bRow, c, ci, cRow);
        } else {
          int rows = Math.min(height, m);
          tile.sums(rows, w, depth, x, xi, xRow, xColumn, b, bi, bRow, sums, 0, w);
          int from = (i - top) * w + j - column;
          int count = Math.min(top + rows, till) - i;
          put(sums, from, w, count, Math.min(column + w, n) - j, cOffset + i * cRow + j);
        }
        i = top + height;
      }
    }

    private void put(float[] sums, int from, int w, int rows, int columns, int ci) {
      if (add && columns == w) {
        tile.add(sums, from, rows, w, c, ci, cRow);
        return;
      }
      for (int r = 0; r < rows; r++) {
        int si = from + r * w;
        int at = ci + r * cRow;
        for (int s = 0; s < columns; s++) {
          c[at + s] = add ? c[at + s] + sums[si + s] : sums[si + s];
        }
      }
    }
  }
}
