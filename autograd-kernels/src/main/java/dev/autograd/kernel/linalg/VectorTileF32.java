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
            DoubleTileF32.twelve(k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow);
        case 8 ->
            DoubleTileF32.eight(k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow);
        case 6 ->
            DoubleTileF32.six(k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow);
        default ->
            DoubleTileF32.four(
                rows, k, a, aOffset, aRow, aColumn, b, bOffset, bRow, c, cOffset, cRow);
      }
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
  public void add(float[] sums, int offset, int rows, float[] c, int cOffset, int cRow) {
    for (int i = 0; i < rows; i++) {
      int at = cOffset + i * cRow;
      FloatVector p = FloatVector.fromArray(S, sums, offset + 2 * i * L);
      FloatVector q = FloatVector.fromArray(S, sums, offset + 2 * i * L + L);
      FloatVector.fromArray(S, c, at).add(p).intoArray(c, at);
      FloatVector.fromArray(S, c, at + L).add(q).intoArray(c, at + L);
    }
  }

  @Override
  public void copy(int rows, int k, float[] a, int aOffset, int aColumn, float[] to) {
    // body: two whole vectors, of which the next row overwrites what is too much
    int fit = Math.floorDiv(a.length - aOffset - 2 * L, aColumn);
    int end = rows > 2 * L ? 0 : Math.min(k, Math.min(fit, (to.length - 2 * L) / rows) + 1);
    int r = 0;
    for (; r < end; r++) {
      int ai = aOffset + r * aColumn;
      int ti = r * rows;
      FloatVector p = FloatVector.fromArray(S, a, ai);
      FloatVector.fromArray(S, a, ai + L).intoArray(to, ti + L);
      p.intoArray(to, ti);
    }
    // tail
    for (; r < k; r++) {
      System.arraycopy(a, aOffset + r * aColumn, to, r * rows, rows);
    }
  }

  @Override
  public int square() {
    return L == 16 || L == 8 ? L : 0;
  }

  @Override
  public void turn(float[] x, int xOffset, int xRow, float[] y, int yOffset, int yRow) {
    if (L == 16) {
      SquareF32.sixteen(x, xOffset, xRow, y, yOffset, yRow);
    } else {
      SquareF32.eight(x, xOffset, xRow, y, yOffset, yRow);
    }
  }
}
