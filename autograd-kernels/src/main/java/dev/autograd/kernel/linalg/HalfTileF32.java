// Twin: HalfTileF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

import dev.autograd.kernel.Simd;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Tiles of half a vector in width. The species must be a constant of the class: hence one class
/// per width.
final class HalfTileF32 {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits()) / 2));

  private HalfTileF32() {}

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
    FloatVector p0 = FloatVector.zero(S);
    FloatVector p1 = FloatVector.zero(S);
    FloatVector p2 = FloatVector.zero(S);
    FloatVector p3 = FloatVector.zero(S);
    FloatVector p4 = FloatVector.zero(S);
    FloatVector p5 = FloatVector.zero(S);
    FloatVector p6 = FloatVector.zero(S);
    FloatVector p7 = FloatVector.zero(S);
    FloatVector p8 = FloatVector.zero(S);
    FloatVector p9 = FloatVector.zero(S);
    FloatVector p10 = FloatVector.zero(S);
    FloatVector p11 = FloatVector.zero(S);
    int bi = bOffset;
    int start = aOffset;
    // body: one column of a times one row of b per step
    for (int i = 0; i < k; i++) {
      FloatVector x = FloatVector.fromArray(S, b, bi);
      int ai = start;
      FloatVector v = FloatVector.broadcast(S, a[ai]);
      p0 = v.fma(x, p0);
      ai += aRow;
      v = FloatVector.broadcast(S, a[ai]);
      p1 = v.fma(x, p1);
      ai += aRow;
      v = FloatVector.broadcast(S, a[ai]);
      p2 = v.fma(x, p2);
      ai += aRow;
      v = FloatVector.broadcast(S, a[ai]);
      p3 = v.fma(x, p3);
      ai += aRow;
      v = FloatVector.broadcast(S, a[ai]);
      p4 = v.fma(x, p4);
      ai += aRow;
      v = FloatVector.broadcast(S, a[ai]);
      p5 = v.fma(x, p5);
      ai += aRow;
      v = FloatVector.broadcast(S, a[ai]);
      p6 = v.fma(x, p6);
      ai += aRow;
      v = FloatVector.broadcast(S, a[ai]);
      p7 = v.fma(x, p7);
      ai += aRow;
      v = FloatVector.broadcast(S, a[ai]);
      p8 = v.fma(x, p8);
      ai += aRow;
      v = FloatVector.broadcast(S, a[ai]);
      p9 = v.fma(x, p9);
      ai += aRow;
      v = FloatVector.broadcast(S, a[ai]);
      p10 = v.fma(x, p10);
      ai += aRow;
      v = FloatVector.broadcast(S, a[ai]);
      p11 = v.fma(x, p11);
      bi += bRow;
      start += aColumn;
    }
    // store
    int ci = cOffset;
    p0.intoArray(c, ci);
    ci += cRow;
    p1.intoArray(c, ci);
    ci += cRow;
    p2.intoArray(c, ci);
    ci += cRow;
    p3.intoArray(c, ci);
    ci += cRow;
    p4.intoArray(c, ci);
    ci += cRow;
    p5.intoArray(c, ci);
    ci += cRow;
    p6.intoArray(c, ci);
    ci += cRow;
    p7.intoArray(c, ci);
    ci += cRow;
    p8.intoArray(c, ci);
    ci += cRow;
    p9.intoArray(c, ci);
    ci += cRow;
    p10.intoArray(c, ci);
    ci += cRow;
    p11.intoArray(c, ci);
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
    FloatVector p0 = FloatVector.zero(S);
    FloatVector p1 = FloatVector.zero(S);
    FloatVector p2 = FloatVector.zero(S);
    FloatVector p3 = FloatVector.zero(S);
    int a1 = aOffset + Math.min(1, used - 1) * aRow;
    int a2 = aOffset + Math.min(2, used - 1) * aRow;
    int a3 = aOffset + Math.min(3, used - 1) * aRow;
    int bi = bOffset;
    int ai = 0;
    // body: one column of a times one row of b per step
    for (int i = 0; i < k; i++) {
      FloatVector x = FloatVector.fromArray(S, b, bi);
      FloatVector v = FloatVector.broadcast(S, a[aOffset + ai]);
      p0 = v.fma(x, p0);
      v = FloatVector.broadcast(S, a[a1 + ai]);
      p1 = v.fma(x, p1);
      v = FloatVector.broadcast(S, a[a2 + ai]);
      p2 = v.fma(x, p2);
      v = FloatVector.broadcast(S, a[a3 + ai]);
      p3 = v.fma(x, p3);
      bi += bRow;
      ai += aColumn;
    }
    // store
    int ci = cOffset;
    p0.intoArray(c, ci);
    ci += cRow;
    p1.intoArray(c, ci);
    ci += cRow;
    p2.intoArray(c, ci);
    ci += cRow;
    p3.intoArray(c, ci);
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
