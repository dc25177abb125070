// Twin: DoubleTileF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

import dev.autograd.kernel.Simd;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Tiles of two vectors in width, with A read at any strides.
///
/// The accumulators are locals written out one by one because C2 keeps only such vectors in
/// registers.
final class DoubleTileF32 {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();

  private DoubleTileF32() {}

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
    FloatVector q0 = FloatVector.zero(S);
    FloatVector p1 = FloatVector.zero(S);
    FloatVector q1 = FloatVector.zero(S);
    FloatVector p2 = FloatVector.zero(S);
    FloatVector q2 = FloatVector.zero(S);
    FloatVector p3 = FloatVector.zero(S);
    FloatVector q3 = FloatVector.zero(S);
    FloatVector p4 = FloatVector.zero(S);
    FloatVector q4 = FloatVector.zero(S);
    FloatVector p5 = FloatVector.zero(S);
    FloatVector q5 = FloatVector.zero(S);
    FloatVector p6 = FloatVector.zero(S);
    FloatVector q6 = FloatVector.zero(S);
    FloatVector p7 = FloatVector.zero(S);
    FloatVector q7 = FloatVector.zero(S);
    FloatVector p8 = FloatVector.zero(S);
    FloatVector q8 = FloatVector.zero(S);
    FloatVector p9 = FloatVector.zero(S);
    FloatVector q9 = FloatVector.zero(S);
    FloatVector p10 = FloatVector.zero(S);
    FloatVector q10 = FloatVector.zero(S);
    FloatVector p11 = FloatVector.zero(S);
    FloatVector q11 = FloatVector.zero(S);
    int a1 = aOffset + aRow;
    int a2 = aOffset + 2 * aRow;
    int a3 = aOffset + 3 * aRow;
    int a4 = aOffset + 4 * aRow;
    int a5 = aOffset + 5 * aRow;
    int a6 = aOffset + 6 * aRow;
    int a7 = aOffset + 7 * aRow;
    int a8 = aOffset + 8 * aRow;
    int a9 = aOffset + 9 * aRow;
    int a10 = aOffset + 10 * aRow;
    int a11 = aOffset + 11 * aRow;
    int bi = bOffset;
    int ai = 0;
    // body: one column of a times one row of b per step
    for (int i = 0; i < k; i++) {
      FloatVector x = FloatVector.fromArray(S, b, bi);
      FloatVector y = FloatVector.fromArray(S, b, bi + L);
      FloatVector v = FloatVector.broadcast(S, a[aOffset + ai]);
      p0 = v.fma(x, p0);
      q0 = v.fma(y, q0);
      v = FloatVector.broadcast(S, a[a1 + ai]);
      p1 = v.fma(x, p1);
      q1 = v.fma(y, q1);
      v = FloatVector.broadcast(S, a[a2 + ai]);
      p2 = v.fma(x, p2);
      q2 = v.fma(y, q2);
      v = FloatVector.broadcast(S, a[a3 + ai]);
      p3 = v.fma(x, p3);
      q3 = v.fma(y, q3);
      v = FloatVector.broadcast(S, a[a4 + ai]);
      p4 = v.fma(x, p4);
      q4 = v.fma(y, q4);
      v = FloatVector.broadcast(S, a[a5 + ai]);
      p5 = v.fma(x, p5);
      q5 = v.fma(y, q5);
      v = FloatVector.broadcast(S, a[a6 + ai]);
      p6 = v.fma(x, p6);
      q6 = v.fma(y, q6);
      v = FloatVector.broadcast(S, a[a7 + ai]);
      p7 = v.fma(x, p7);
      q7 = v.fma(y, q7);
      v = FloatVector.broadcast(S, a[a8 + ai]);
      p8 = v.fma(x, p8);
      q8 = v.fma(y, q8);
      v = FloatVector.broadcast(S, a[a9 + ai]);
      p9 = v.fma(x, p9);
      q9 = v.fma(y, q9);
      v = FloatVector.broadcast(S, a[a10 + ai]);
      p10 = v.fma(x, p10);
      q10 = v.fma(y, q10);
      v = FloatVector.broadcast(S, a[a11 + ai]);
      p11 = v.fma(x, p11);
      q11 = v.fma(y, q11);
      bi += bRow;
      ai += aColumn;
    }
    // store
    int ci = cOffset;
    p0.intoArray(c, ci);
    q0.intoArray(c, ci + L);
    ci += cRow;
    p1.intoArray(c, ci);
    q1.intoArray(c, ci + L);
    ci += cRow;
    p2.intoArray(c, ci);
    q2.intoArray(c, ci + L);
    ci += cRow;
    p3.intoArray(c, ci);
    q3.intoArray(c, ci + L);
    ci += cRow;
    p4.intoArray(c, ci);
    q4.intoArray(c, ci + L);
    ci += cRow;
    p5.intoArray(c, ci);
    q5.intoArray(c, ci + L);
    ci += cRow;
    p6.intoArray(c, ci);
    q6.intoArray(c, ci + L);
    ci += cRow;
    p7.intoArray(c, ci);
    q7.intoArray(c, ci + L);
    ci += cRow;
    p8.intoArray(c, ci);
    q8.intoArray(c, ci + L);
    ci += cRow;
    p9.intoArray(c, ci);
    q9.intoArray(c, ci + L);
    ci += cRow;
    p10.intoArray(c, ci);
    q10.intoArray(c, ci + L);
    ci += cRow;
    p11.intoArray(c, ci);
    q11.intoArray(c, ci + L);
  }

  static void eight(
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
    FloatVector q0 = FloatVector.zero(S);
    FloatVector p1 = FloatVector.zero(S);
    FloatVector q1 = FloatVector.zero(S);
    FloatVector p2 = FloatVector.zero(S);
    FloatVector q2 = FloatVector.zero(S);
    FloatVector p3 = FloatVector.zero(S);
    FloatVector q3 = FloatVector.zero(S);
    FloatVector p4 = FloatVector.zero(S);
    FloatVector q4 = FloatVector.zero(S);
    FloatVector p5 = FloatVector.zero(S);
    FloatVector q5 = FloatVector.zero(S);
    FloatVector p6 = FloatVector.zero(S);
    FloatVector q6 = FloatVector.zero(S);
    FloatVector p7 = FloatVector.zero(S);
    FloatVector q7 = FloatVector.zero(S);
    int a1 = aOffset + aRow;
    int a2 = aOffset + 2 * aRow;
    int a3 = aOffset + 3 * aRow;
    int a4 = aOffset + 4 * aRow;
    int a5 = aOffset + 5 * aRow;
    int a6 = aOffset + 6 * aRow;
    int a7 = aOffset + 7 * aRow;
    int bi = bOffset;
    int ai = 0;
    // body: one column of a times one row of b per step
    for (int i = 0; i < k; i++) {
      FloatVector x = FloatVector.fromArray(S, b, bi);
      FloatVector y = FloatVector.fromArray(S, b, bi + L);
      FloatVector v = FloatVector.broadcast(S, a[aOffset + ai]);
      p0 = v.fma(x, p0);
      q0 = v.fma(y, q0);
      v = FloatVector.broadcast(S, a[a1 + ai]);
      p1 = v.fma(x, p1);
      q1 = v.fma(y, q1);
      v = FloatVector.broadcast(S, a[a2 + ai]);
      p2 = v.fma(x, p2);
      q2 = v.fma(y, q2);
      v = FloatVector.broadcast(S, a[a3 + ai]);
      p3 = v.fma(x, p3);
      q3 = v.fma(y, q3);
      v = FloatVector.broadcast(S, a[a4 + ai]);
      p4 = v.fma(x, p4);
      q4 = v.fma(y, q4);
      v = FloatVector.broadcast(S, a[a5 + ai]);
      p5 = v.fma(x, p5);
      q5 = v.fma(y, q5);
      v = FloatVector.broadcast(S, a[a6 + ai]);
      p6 = v.fma(x, p6);
      q6 = v.fma(y, q6);
      v = FloatVector.broadcast(S, a[a7 + ai]);
      p7 = v.fma(x, p7);
      q7 = v.fma(y, q7);
      bi += bRow;
      ai += aColumn;
    }
    // store
    int ci = cOffset;
    p0.intoArray(c, ci);
    q0.intoArray(c, ci + L);
    ci += cRow;
    p1.intoArray(c, ci);
    q1.intoArray(c, ci + L);
    ci += cRow;
    p2.intoArray(c, ci);
    q2.intoArray(c, ci + L);
    ci += cRow;
    p3.intoArray(c, ci);
    q3.intoArray(c, ci + L);
    ci += cRow;
    p4.intoArray(c, ci);
    q4.intoArray(c, ci + L);
    ci += cRow;
    p5.intoArray(c, ci);
    q5.intoArray(c, ci + L);
    ci += cRow;
    p6.intoArray(c, ci);
    q6.intoArray(c, ci + L);
    ci += cRow;
    p7.intoArray(c, ci);
    q7.intoArray(c, ci + L);
  }

  static void six(
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
    FloatVector q0 = FloatVector.zero(S);
    FloatVector p1 = FloatVector.zero(S);
    FloatVector q1 = FloatVector.zero(S);
    FloatVector p2 = FloatVector.zero(S);
    FloatVector q2 = FloatVector.zero(S);
    FloatVector p3 = FloatVector.zero(S);
    FloatVector q3 = FloatVector.zero(S);
    FloatVector p4 = FloatVector.zero(S);
    FloatVector q4 = FloatVector.zero(S);
    FloatVector p5 = FloatVector.zero(S);
    FloatVector q5 = FloatVector.zero(S);
    int a1 = aOffset + aRow;
    int a2 = aOffset + 2 * aRow;
    int a3 = aOffset + 3 * aRow;
    int a4 = aOffset + 4 * aRow;
    int a5 = aOffset + 5 * aRow;
    int bi = bOffset;
    int ai = 0;
    // body: one column of a times one row of b per step
    for (int i = 0; i < k; i++) {
      FloatVector x = FloatVector.fromArray(S, b, bi);
      FloatVector y = FloatVector.fromArray(S, b, bi + L);
      FloatVector v = FloatVector.broadcast(S, a[aOffset + ai]);
      p0 = v.fma(x, p0);
      q0 = v.fma(y, q0);
      v = FloatVector.broadcast(S, a[a1 + ai]);
      p1 = v.fma(x, p1);
      q1 = v.fma(y, q1);
      v = FloatVector.broadcast(S, a[a2 + ai]);
      p2 = v.fma(x, p2);
      q2 = v.fma(y, q2);
      v = FloatVector.broadcast(S, a[a3 + ai]);
      p3 = v.fma(x, p3);
      q3 = v.fma(y, q3);
      v = FloatVector.broadcast(S, a[a4 + ai]);
      p4 = v.fma(x, p4);
      q4 = v.fma(y, q4);
      v = FloatVector.broadcast(S, a[a5 + ai]);
      p5 = v.fma(x, p5);
      q5 = v.fma(y, q5);
      bi += bRow;
      ai += aColumn;
    }
    // store
    int ci = cOffset;
    p0.intoArray(c, ci);
    q0.intoArray(c, ci + L);
    ci += cRow;
    p1.intoArray(c, ci);
    q1.intoArray(c, ci + L);
    ci += cRow;
    p2.intoArray(c, ci);
    q2.intoArray(c, ci + L);
    ci += cRow;
    p3.intoArray(c, ci);
    q3.intoArray(c, ci + L);
    ci += cRow;
    p4.intoArray(c, ci);
    q4.intoArray(c, ci + L);
    ci += cRow;
    p5.intoArray(c, ci);
    q5.intoArray(c, ci + L);
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
    FloatVector q0 = FloatVector.zero(S);
    FloatVector p1 = FloatVector.zero(S);
    FloatVector q1 = FloatVector.zero(S);
    FloatVector p2 = FloatVector.zero(S);
    FloatVector q2 = FloatVector.zero(S);
    FloatVector p3 = FloatVector.zero(S);
    FloatVector q3 = FloatVector.zero(S);
    int a1 = aOffset + Math.min(1, used - 1) * aRow;
    int a2 = aOffset + Math.min(2, used - 1) * aRow;
    int a3 = aOffset + Math.min(3, used - 1) * aRow;
    int bi = bOffset;
    int ai = 0;
    // body: one column of a times one row of b per step
    for (int i = 0; i < k; i++) {
      FloatVector x = FloatVector.fromArray(S, b, bi);
      FloatVector y = FloatVector.fromArray(S, b, bi + L);
      FloatVector v = FloatVector.broadcast(S, a[aOffset + ai]);
      p0 = v.fma(x, p0);
      q0 = v.fma(y, q0);
      v = FloatVector.broadcast(S, a[a1 + ai]);
      p1 = v.fma(x, p1);
      q1 = v.fma(y, q1);
      v = FloatVector.broadcast(S, a[a2 + ai]);
      p2 = v.fma(x, p2);
      q2 = v.fma(y, q2);
      v = FloatVector.broadcast(S, a[a3 + ai]);
      p3 = v.fma(x, p3);
      q3 = v.fma(y, q3);
      bi += bRow;
      ai += aColumn;
    }
    // store
    int ci = cOffset;
    p0.intoArray(c, ci);
    q0.intoArray(c, ci + L);
    ci += cRow;
    p1.intoArray(c, ci);
    q1.intoArray(c, ci + L);
    ci += cRow;
    p2.intoArray(c, ci);
    q2.intoArray(c, ci + L);
    ci += cRow;
    p3.intoArray(c, ci);
    q3.intoArray(c, ci + L);
  }

  static void add(float[] sums, int offset, int rows, float[] c, int cOffset, int cRow) {
    for (int i = 0; i < rows; i++) {
      int at = cOffset + i * cRow;
      int si = offset + 2 * i * L;
      FloatVector p = FloatVector.fromArray(S, sums, si);
      FloatVector q = FloatVector.fromArray(S, sums, si + L);
      FloatVector.fromArray(S, c, at).add(p).intoArray(c, at);
      FloatVector.fromArray(S, c, at + L).add(q).intoArray(c, at + L);
    }
  }
}
