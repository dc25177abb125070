// Files: SingleTileF32 1, HalfTileF32 2, QuarterTileF32 4; f32 as f64.
package dev.autograd.kernel.linalg;

import dev.autograd.kernel.Simd;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Tiles of 1/$Part of a vector in width. The species must be a constant of the class: hence one
/// class per width.
final class $File {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits()) / $Part));

  private $File() {}

  static void twelve(
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
    // For $r below 12.
    FloatVector p$r = FloatVector.zero(S);
    // End.
    int bi = bOffset;
    int start = aOffset;
    // body: one column of a times one row of b per step
    for (int i = 0; i < k; i++) {
      FloatVector x = FloatVector.fromArray(S, b, bi);
      FloatVector v;
      int ai = start;
      // For $r below 12.
      v = FloatVector.broadcast(S, a[ai]);
      p$r = v.fma(x, p$r);
      ai += aRow;
      // End.
      bi += bRow;
      start += aColumn;
    }
    // store
    int ci = cOffset;
    // For $r below 12.
    p$r.intoArray(c, ci);
    ci += cRow;
    // End.
  }

  /// Writes four rows, of which only the first `used` are of A.
  static void four(
      int used,
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
    // For $r below 4.
    FloatVector p$r = FloatVector.zero(S);
    int a$r = aOffset + Math.min($r, used - 1) * aRow;
    // End.
    int bi = bOffset;
    int ai = 0;
    // body: one column of a times one row of b per step
    for (int i = 0; i < k; i++) {
      FloatVector x = FloatVector.fromArray(S, b, bi);
      FloatVector v;
      // For $r below 4.
      v = FloatVector.broadcast(S, a[a$r + ai]);
      p$r = v.fma(x, p$r);
      // End.
      bi += bRow;
      ai += aColumn;
    }
    // store
    int ci = cOffset;
    // For $r below 4.
    p$r.intoArray(c, ci);
    ci += cRow;
    // End.
  }

  static void add(float[] sums, int offset, int rows, float[] c, int cOffset, int cRow) {
    int width = S.length();
    for (int i = 0; i < rows; i++) {
      int at = cOffset + i * cRow;
      FloatVector p = FloatVector.fromArray(S, sums, offset + i * width);
      FloatVector.fromArray(S, c, at).add(p).intoArray(c, at);
    }
  }
}
