// Twin: BlockedF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

import dev.autograd.kernel.parallel.Workers;
import org.jspecify.annotations.Nullable;

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
  private final MatrixF32 a;
  private final PanelsF32 panels;
  private final MatrixF32 c;
  private final boolean accumulate;

  /// What is added to every row of C in the end.
  private final @Nullable MatrixF32 row;

  /// Prepares a product; none of m, n and k is 0.
  BlockedF32(
      TileF32 tile,
      int m,
      int n,
      int k,
      MatrixF32 a,
      PanelsF32 panels,
      MatrixF32 c,
      boolean accumulate,
      @Nullable MatrixF32 row) {
    this.tile = tile;
    this.m = m;
    this.n = n;
    this.k = k;
    this.a = a;
    this.panels = panels;
    this.c = c;
    this.accumulate = accumulate;
    this.row = row;
  }

  /// Computes the product from packed panels of B.
  void packed() {
    int width = tile.columns();
    float[] copy = Scratch.floats(roundUp(Math.min(n, NC + width), width) * Math.min(k, KC));
    MatrixF32 b = new MatrixF32(copy, 0, width);
    int end;
    for (int j0 = 0; j0 < n; j0 = end) {
      // Never less than a panel: a tile that moves back must stay within the block.
      end = n - j0 <= NC + width ? n : j0 + NC;
      for (int k0 = 0; k0 < k; k0 += KC) {
        Block block = new Block(j0, end, k0, b, true);
        block.pack();
        block.compute();
      }
    }
    Scratch.release(copy);
  }

  /// Computes the product from rows of B that are contiguous and not shorter than a tile.
  void inPlace(MatrixF32 b) {
    int width = tile.columns();
    // What several panels of A read is to stay in the second cache.
    int fit = IN_PLACE_BYTES / Float.BYTES / Math.min(k, KC);
    int columns = m <= tile.height(m, width) ? n : Math.max(1, fit / width) * width;
    int end;
    for (int j0 = 0; j0 < n; j0 = end) {
      end = n - j0 <= columns + width ? n : j0 + columns;
      for (int k0 = 0; k0 < k; k0 += KC) {
        new Block(j0, end, k0, b.at(k0, 0), false).compute();
      }
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
    private final MatrixF32 b;
    private final boolean isPacked;
    private final int across;
    private final boolean add;

    /// The row if this is the last block of k.
    private final @Nullable MatrixF32 added;

    /// @param b this block of B in place, or where its packed panels go
    Block(int first, int end, int k0, MatrixF32 b, boolean isPacked) {
      this.first = first;
      this.end = end;
      this.k0 = k0;
      depth = Math.min(KC, k - k0);
      this.b = b;
      this.isPacked = isPacked;
      across = (end - first + width - 1) / width;
      add = accumulate || k0 > 0;
      added = k0 + depth == k ? row : null;
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
      float[] copy = b.array();
      if (from < whole) {
        int columns = (whole - from) * width;
        panels.pack(k0, depth, first + from * width, columns, copy, from * size, width);
      }
      if (whole < to) {
        int j = origin(whole);
        panels.pack(k0, depth, j, Math.min(width, n - j), copy, whole * size, width);
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
      float[] sums = add || added != null || isPadded ? new float[tall(tall) * width] : NONE;
      float[] copied = repaysCopy(wide) ? Scratch.floats(tall * (depth + GAP) + GAP) : NONE;
      MatrixF32 block = a.at(0, k0);
      for (int t = from; t < to; t++) {
        int i = t / parts * tall;
        int till = Math.min(m, i + tall);
        int p = t % parts * wide;
        int q = Math.min(across, p + wide);
        if (copied.length == 0) {
          rows(i, till, block, p, q, sums);
        } else {
          // A last tile that moves back needs rows before the panel.
          int top = Math.max(0, Math.min(i, till - least));
          rows(i, till, copy(block, top, till - top, copied), p, q, sums);
        }
        if (added != null) {
          GemmF32.addRow(added, c, i, till, first + p * width, Math.min(end, first + q * width));
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
      if (a.columnStride() == 1) {
        int bytes = a.rowStride() * Float.BYTES;
        return count >= (bytes % 4096 == 0 ? 1 : bytes % 2048 == 0 ? 3 : 8);
      }
      return count >= (a.rowStride() == 1 ? 4 : 2);
    }

    /// Makes rows compact, and returns a matrix with these rows in their places.
    private MatrixF32 copy(MatrixF32 x, int top, int count, float[] to) {
      int source = x.index(top, 0);
      int step = x.columnStride();
      if (x.rowStride() == 1) {
        tile.copy(depth, count, x.array(), source, step, to, 0);
        return new MatrixF32(to, -top, 1, count);
      }
      int stride = depth + GAP;
      for (int i = 0; i < count; i++) {
        int from = source + i * x.rowStride();
        if (step == 1) {
          System.arraycopy(x.array(), from, to, i * stride, depth);
        } else {
          for (int r = 0; r < depth; r++) {
            to[i * stride + r] = x.array()[from + r * step];
          }
        }
      }
      return new MatrixF32(to, -top * stride, stride);
    }

    /// Computes rows `[i, till)` of the panels `[p, q)` of columns.
    private void rows(int i, int till, MatrixF32 x, int p, int q, float[] sums) {
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
          down(i, till, x, b.offset() + at, w, j, column, sums);
          j = column + w;
        }
      }
    }

    /// Computes rows `[i, till)` of `w` columns from `column` on, of which those from `j` on are
    /// new.
    private void down(
        int i, int till, MatrixF32 x, int bi, int w, int j, int column, float[] sums) {
      while (i < till) {
        int height = tile.height(till - i, w);
        int top = Math.max(0, Math.min(i, till - height));
        // An element to which the row is added is written once only: another thread may be at it.
        boolean mayRepeat = added == null || (top == i && column == j);
        if (!add && mayRepeat && top + height <= m && column + w <= n) {
          sums(height, w, x, top, bi, c.array(), c.index(top, column), c.rowStride());
        } else {
          int rows = Math.min(height, m);
          sums(rows, w, x, top, bi, sums, 0, w);
          int from = (i - top) * w + j - column;
          int count = Math.min(top + rows, till) - i;
          put(sums, from, w, count, Math.min(column + w, n) - j, c.index(i, j));
        }
        i = top + height;
      }
    }

    private void sums(
        int rows, int w, MatrixF32 x, int top, int bi, float[] to, int at, int stride) {
      tile.sums(
          rows,
          w,
          depth,
          x.array(),
          x.index(top, 0),
          x.rowStride(),
          x.columnStride(),
          b.array(),
          bi,
          b.rowStride(),
          to,
          at,
          stride);
    }

    private void put(float[] sums, int from, int w, int rows, int columns, int ci) {
      float[] to = c.array();
      if (add && columns == w) {
        tile.add(sums, from, rows, w, to, ci, c.rowStride());
        return;
      }
      for (int r = 0; r < rows; r++) {
        int si = from + r * w;
        int at = ci + r * c.rowStride();
        for (int s = 0; s < columns; s++) {
          to[at + s] = add ? to[at + s] + sums[si + s] : sums[si + s];
        }
      }
    }
  }
}
