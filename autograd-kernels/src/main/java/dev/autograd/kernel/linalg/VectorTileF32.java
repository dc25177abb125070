// Twin: VectorTileF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

import dev.autograd.kernel.Simd;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Tiles in registers. Twelve rows by two vectors fill the 32 registers of a 512-bit machine, six
/// by two the 16 of a narrower one; tiles of one vector, of a half and of a quarter serve the
/// edges.
final class VectorTileF32 implements TileF32 {
  private static final int BITS = Math.min(512, Simd.bits());
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(BITS));
  private static final int L = S.length();
  private static final boolean WIDE = BITS >= 512;
  private static final int NARROWEST = WIDE ? L / 4 : BITS >= 256 ? L / 2 : L;

  private static final ScalarTileF32 PLAIN = new ScalarTileF32();

  private final boolean isWhole;

  /// @param isWhole whether the narrow tiles and [#dots] are compiled too; until then plain loops
  ///   serve the edges
  VectorTileF32(boolean isWhole) {
    this.isWhole = isWhole;
  }

  @Override
  public int columns() {
    return 2 * L;
  }

  @Override
  public int width(int left) {
    int width = NARROWEST;
    while (width < left && width < 2 * L) {
      width *= 2;
    }
    return width;
  }

  @Override
  public int narrower(int width) {
    return width > NARROWEST ? width / 2 : 0;
  }

  @Override
  public int height(int left, int width) {
    if (WIDE || width < 2 * L) {
      return left >= 12 ? 12 : left >= 8 && width == 2 * L ? 8 : 4;
    }
    return left >= 6 ? 6 : 4;
  }

  @Override
  public void sums(
      int rows,
      int width,
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
      int cRow) {
    if (width == 2 * L) {
      switch (rows) {
        case 12 ->
            DoubleTileF32.twelve(
                rows, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow);
        case 8 ->
            DoubleTileF32.eight(
                rows, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow);
        case 6 ->
            DoubleTileF32.six(
                rows, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow);
        default ->
            DoubleTileF32.four(
                rows, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow);
      }
    } else if (!isWhole) {
      PLAIN.sums(rows, width, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow);
    } else if (width == L) {
      if (rows == 12) {
        SingleTileF32.twelve(k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow);
      } else {
        SingleTileF32.four(rows, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow);
      }
    } else if (width == L / 2) {
      if (rows == 12) {
        HalfTileF32.twelve(k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow);
      } else {
        HalfTileF32.four(rows, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow);
      }
    } else if (rows == 12) {
      QuarterTileF32.twelve(k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow);
    } else {
      QuarterTileF32.four(rows, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow);
    }
  }

  @Override
  public void add(float[] sums, int offset, int rows, int width, float[] c, int cOffset, int cRow) {
    if (width == 2 * L) {
      DoubleTileF32.add(sums, offset, rows, c, cOffset, cRow);
    } else if (!isWhole) {
      PLAIN.add(sums, offset, rows, width, c, cOffset, cRow);
    } else if (width == L) {
      SingleTileF32.add(sums, offset, rows, c, cOffset, cRow);
    } else if (width == L / 2) {
      HalfTileF32.add(sums, offset, rows, c, cOffset, cRow);
    } else {
      QuarterTileF32.add(sums, offset, rows, c, cOffset, cRow);
    }
  }

  @Override
  public void copy(int rows, int length, float[] x, int xOffset, int xRow, float[] y, int yOffset) {
    int r = 0;
    if (length <= 2 * L && xRow > 0) {
      // body: two whole vectors, of which the next row overwrites what is too much
      int read = Math.floorDiv(x.length - xOffset - 2 * L, xRow);
      int written = Math.floorDiv(y.length - yOffset - 2 * L, length);
      int end = Math.min(rows - (length < 2 * L ? 1 : 0), Math.min(read, written) + 1);
      for (; r < end; r++) {
        int xi = xOffset + r * xRow;
        int yi = yOffset + r * length;
        FloatVector p = FloatVector.fromArray(S, x, xi);
        FloatVector.fromArray(S, x, xi + L).intoArray(y, yi + L);
        p.intoArray(y, yi);
      }
    }
    // tail: nothing beyond the last row is written
    for (; r < rows; r++) {
      System.arraycopy(x, xOffset + r * xRow, y, yOffset + r * length, length);
    }
  }

  @Override
  public int square() {
    return BITS >= 8 * Float.SIZE ? 8 : 0;
  }

  @Override
  public void turn(float[] x, int xOffset, int xRow, float[] y, int yOffset, int yRow) {
    SquareF32.transpose(x, xOffset, xRow, y, yOffset, yRow);
  }

  @Override
  public int dots(int rows, int count) {
    return !isWhole || square() == 0 || count < 8 ? 0 : rows <= 2 && count >= 16 ? 16 : 8;
  }

  @Override
  public void dots(
      int rows,
      int count,
      int k,
      float[] x,
      int xOffset,
      int xRow,
      int xColumn,
      float[] w,
      int wOffset,
      int wRow,
      float[] sums) {
    // body: whole squares
    if (count == 8) {
      TurnedTileF32.four(rows, k, x, xOffset, xRow, xColumn, w, wOffset, wRow, sums);
    } else if (rows == 1) {
      TurnedTileF32.one(k, x, xOffset, xRow, xColumn, w, wOffset, wRow, sums);
    } else {
      TurnedTileF32.two(k, x, xOffset, xRow, xColumn, w, wOffset, wRow, sums);
    }
    // tail: the same chains go on
    for (int i = k & -8; i < k; i++) {
      for (int r = 0; r < rows; r++) {
        float v = x[xOffset + r * xRow + i * xColumn];
        for (int j = 0; j < count; j++) {
          int at = count * r + j;
          sums[at] = Math.fma(v, w[wOffset + j * wRow + i], sums[at]);
        }
      }
    }
  }

  @Override
  public int line() {
    return 8 * L;
  }

  @Override
  public void line(
      int k, float[] x, int xOffset, int xStride, float[] b, int bOffset, int bRow, float[] sums) {
    LineF32.sums(k, x, xOffset, xStride, b, bOffset, bRow, sums);
  }

  @Override
  public void multiple(
      int n, float v, float[] b, int bOffset, float[] c, int cOffset, boolean add) {
    int done = isWhole ? LineF32.multiple(n, v, b, bOffset, c, cOffset, add) : 0;
    PLAIN.multiple(n - done, v, b, bOffset + done, c, cOffset + done, add);
  }
}
