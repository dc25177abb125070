// Twin: GemmF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

import dev.autograd.kernel.parallel.Workers;

/// The matrix product in f32.
///
/// Note [Order of a matrix product]: k is cut into blocks of [#KC]. Within a block an element of C
/// is `acc = fma(a, b, acc)` for k ascending from zero; the blocks are then added in order, to C if
/// the product accumulates. Every path below, whatever its loops and cuts, keeps exactly this
/// order.
final class GemmF32 {
  /// Length of a block of k.
  static final int KC = Gemm.KC_F32;

  private static final int NC = 2048;
  private static final int MC = 1536;
  static final int BLOCK_PANELS = 16;
  private static final int COLUMN_PANELS = 16;
  private static final long SMALL = 1 << 12;
  private static final int DOTS = 4;
  private static final double FORK_PRODUCTS = 1e6;
  private static final double CHUNK_PRODUCTS = 4e6;

  private GemmF32() {}

  static void multiply(
      TileF32 tile,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aColumn,
      float[] b,
      int bOffset,
      int bRow,
      int bColumn,
      float[] c,
      int cOffset,
      int cRow,
      boolean accumulate) {
    if (m == 0 || n == 0) {
      return;
    }
    if (k == 0) {
      if (!accumulate) {
        clear(m, n, c, cOffset, cRow);
      }
    } else if ((m <= DOTS && bRow == 1 && bColumn != 1) || (double) m * n * k <= SMALL) {
      for (int i = 0; i < m; i++) {
        DotF32.rows(
            n,
            k,
            a,
            aOffset + i * aRow,
            aColumn,
            b,
            bOffset,
            bColumn,
            bRow,
            c,
            cOffset + i * cRow,
            1,
            accumulate);
      }
    } else if (n <= DOTS && aColumn == 1 && aRow != 1) {
      for (int j = 0; j < n; j++) {
        DotF32.rows(
            m,
            k,
            b,
            bOffset + j * bColumn,
            bRow,
            a,
            aOffset,
            aRow,
            1,
            c,
            cOffset + j,
            cRow,
            accumulate);
      }
    } else if (m <= tile.lowRows() && bColumn == 1) {
      flat(
          tile, m, n, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow, accumulate);
    } else if (n <= tile.lowRows() && aRow == 1) {
      // Few columns: the transposed product reads A in place.
      float[] t = Scratch.floats(m * n);
      if (accumulate) {
        transpose(c, cOffset, cRow, m, n, t, 0, m);
      }
      flat(tile, n, m, k, b, bOffset, bColumn, bRow, a, aOffset, aColumn, t, 0, m, accumulate);
      transpose(t, 0, m, n, m, c, cOffset, cRow);
      Scratch.release(t);
    } else {
      multiply(
          tile,
          m,
          n,
          k,
          a,
          aOffset,
          aRow,
          aColumn,
          new StridedF32(b, bOffset, bRow, bColumn),
          c,
          cOffset,
          cRow,
          accumulate);
    }
  }

  /// The blocked product: panels of both operands packed, tiles over them.
  static void multiply(
      TileF32 tile,
      int m,
      int n,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aColumn,
      PanelsF32 b,
      float[] c,
      int cOffset,
      int cRow,
      boolean accumulate) {
    if (k == 0 && !accumulate) {
      clear(m, n, c, cOffset, cRow);
    }
    if (m == 0 || n == 0 || k == 0) {
      return;
    }
    int width = tile.columns();
    float[] pa = Scratch.floats(packedRows(tile, Math.min(m, MC)) * Math.min(k, KC));
    float[] pb = Scratch.floats(roundUp(Math.min(n, NC), width) * Math.min(k, KC));
    for (int j0 = 0; j0 < n; j0 += NC) {
      int nc = Math.min(NC, n - j0);
      int panels = (nc + width - 1) / width;
      for (int k0 = 0; k0 < k; k0 += KC) {
        int kc = Math.min(KC, k - k0);
        boolean add = accumulate || k0 > 0;
        int jj = j0;
        int kk = k0;
        boolean fork = (double) m * nc * kc > FORK_PRODUCTS;
        Workers.forRange(
            panels,
            fork ? Math.max(1, (1 << 16) / (kc * width)) : panels,
            (p, q) ->
                b.pack(
                    kk,
                    kc,
                    jj + p * width,
                    Math.min(q * width, nc) - p * width,
                    pb,
                    p * width * kc,
                    width));
        for (int i0 = 0; i0 < m; i0 += MC) {
          int mc = Math.min(MC, m - i0);
          int ai = aOffset + i0 * aRow + k0 * aColumn;
          packLeft(tile, mc, kc, a, ai, aRow, aColumn, pa, fork);
          int ci = cOffset + i0 * cRow + j0;
          panels(tile, mc, nc, kc, pa, pb, c, ci, cRow, add, fork);
        }
      }
    }
    Scratch.release(pb);
    Scratch.release(pa);
  }

  private static void panels(
      TileF32 tile,
      int m,
      int n,
      int k,
      float[] pa,
      float[] pb,
      float[] c,
      int cOffset,
      int cRow,
      boolean accumulate,
      boolean fork) {
    int width = tile.columns();
    int block = BLOCK_PANELS * tile.rows();
    int across = (n + width - 1) / width;
    int tasks = ((m + block - 1) / block) * across;
    double each = (double) Math.min(m, block) * width * k;
    Workers.forRange(
        tasks,
        fork ? (int) Math.max(1, CHUNK_PRODUCTS / each) : tasks,
        (from, to) -> {
          float[] sums = new float[tile.rows() * width];
          for (int t = from; t < to; t++) {
            int i0 = t / across * block;
            int j0 = t % across * width;
            column(
                tile,
                i0,
                Math.min(m, i0 + block),
                k,
                pa,
                0,
                pb,
                j0 * k,
                width,
                Math.min(width, n - j0),
                c,
                cOffset + j0,
                cRow,
                accumulate,
                sums);
          }
        });
  }

  /// Computes rows `[i, end)` of one panel of columns, of which `used` belong to C.
  static void column(
      TileF32 tile,
      int i,
      int end,
      int k,
      float[] pa,
      int paOffset,
      float[] b,
      int bOffset,
      int bRow,
      int used,
      float[] c,
      int cOffset,
      int cRow,
      boolean accumulate,
      float[] sums) {
    int width = tile.columns();
    while (i < end) {
      int left = end - i;
      int rows = tile.rowsFor(left);
      tile.sum(rows, k, pa, paOffset + i * k, b, bOffset, bRow, sums);
      int ci = cOffset + i * cRow;
      if (used == width) {
        tile.put(sums, Math.min(left, rows), c, ci, cRow, accumulate);
      } else {
        putEdge(sums, width, Math.min(left, rows), used, c, ci, cRow, accumulate);
      }
      i += rows;
    }
  }

  private static void putEdge(
      float[] sums, int width, int m, int n, float[] c, int at, int cRow, boolean accumulate) {
    for (int i = 0; i < m; i++) {
      int ci = at + i * cRow;
      int si = i * width;
      for (int j = 0; j < n; j++) {
        c[ci + j] = accumulate ? c[ci + j] + sums[si + j] : sums[si + j];
      }
    }
  }

  /// At most [TileF32#lowRows()] rows times an operand whose rows are contiguous, read in place.
  private static void flat(
      TileF32 tile,
      int m,
      int n,
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
      int cRow,
      boolean accumulate) {
    int width = tile.columns();
    int panels = (n + width - 1) / width;
    int depth = Math.min(k, KC);
    float[] pa = Scratch.floats(tile.lowRows() * depth);
    for (int k0 = 0; k0 < k; k0 += KC) {
      int kc = Math.min(KC, k - k0);
      boolean add = accumulate || k0 > 0;
      int bk = bOffset + k0 * bRow;
      packLeft(tile, m, kc, a, aOffset + k0 * aColumn, aRow, aColumn, pa, false);
      Workers.forRange(
          panels,
          (int) Math.max(1, CHUNK_PRODUCTS / 8 / ((double) width * kc)),
          (from, to) -> {
            float[] sums = new float[tile.rows() * width];
            for (int p = from; p < to; p++) {
              int j = p * width;
              int used = Math.min(width, n - j);
              float[] from0 = b;
              int at = bk + j;
              int stride = bRow;
              if (used < width) {
                // The last panel would read past its rows: copy it.
                from0 = Scratch.floats(width * kc);
                new StridedF32(b, bk, bRow, 1).pack(0, kc, j, used, from0, 0, width);
                at = 0;
                stride = width;
              }
              column(
                  tile, 0, m, kc, pa, 0, from0, at, stride, used, c, cOffset + j, cRow, add, sums);
              if (used < width) {
                Scratch.release(from0);
              }
            }
          });
    }
    Scratch.release(pa);
  }

  private static void packLeft(
      TileF32 tile,
      int m,
      int k,
      float[] a,
      int aOffset,
      int aRow,
      int aColumn,
      float[] pa,
      boolean fork) {
    int tall = tile.rows();
    int panels = (m + tall - 1) / tall;
    Workers.forRange(
        panels,
        fork ? Math.max(1, (1 << 16) / (k * tall)) : panels,
        (from, to) -> {
          if (aRow == 1) {
            packColumns(tile, m, k, from * tall, to * tall, a, aOffset, aColumn, pa);
            return;
          }
          for (int p = from; p < to; p++) {
            int i0 = p * tall;
            int left = Math.min(tall, m - i0);
            int ai = aOffset + i0 * aRow;
            packPanel(left, k, a, ai, aRow, aColumn, pa, i0 * k, tile.rowsFor(left));
          }
        });
  }

  /// Packs rows `[begin, end)` of an operand whose columns are contiguous, several panels at a
  /// time: columns that are a power of two apart share few sets of the caches, and would be evicted
  /// before the next panel reads on.
  private static void packColumns(
      TileF32 tile,
      int m,
      int k,
      int begin,
      int end,
      float[] a,
      int aOffset,
      int aColumn,
      float[] pa) {
    int tall = tile.rows();
    int group = COLUMN_PANELS * tall;
    for (int first = begin; first < end; first += group) {
      int last = Math.min(m, Math.min(end, first + group));
      for (int r = 0; r < k; r++) {
        int ai = aOffset + r * aColumn;
        for (int i0 = first; i0 < last; i0 += tall) {
          int left = Math.min(tall, last - i0);
          int to = i0 * k + r * tile.rowsFor(left);
          System.arraycopy(a, ai + i0, pa, to, left);
        }
      }
    }
  }

  static void packPanel(
      int used, int k, float[] a, int from, int aRow, int aColumn, float[] to, int at, int rows) {
    if (aRow == 1) {
      for (int r = 0; r < k; r++) {
        int ai = from + r * aColumn;
        int ti = at + r * rows;
        for (int i = 0; i < used; i++) {
          to[ti + i] = a[ai + i];
        }
      }
      return;
    }
    for (int i = 0; i < used; i++) {
      int ai = from + i * aRow;
      int ti = at + i;
      for (int r = 0; r < k; r++) {
        to[ti] = a[ai];
        ti += rows;
        ai += aColumn;
      }
    }
  }

  private static void clear(int m, int n, float[] c, int cOffset, int cRow) {
    for (int i = 0; i < m; i++) {
      java.util.Arrays.fill(c, cOffset + i * cRow, cOffset + i * cRow + n, 0f);
    }
  }

  private static void transpose(
      float[] x, int xOffset, int xRow, int rows, int columns, float[] y, int yOffset, int yRow) {
    for (int i = 0; i < rows; i++) {
      for (int j = 0; j < columns; j++) {
        y[yOffset + j * yRow + i] = x[xOffset + i * xRow + j];
      }
    }
  }

  private static int packedRows(TileF32 tile, int m) {
    return roundUp(m, tile.rows());
  }

  static int roundUp(int n, int step) {
    return (n + step - 1) / step * step;
  }
}
