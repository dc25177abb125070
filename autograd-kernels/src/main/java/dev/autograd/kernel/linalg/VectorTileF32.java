// Twin: VectorTileF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

import dev.autograd.kernel.Simd;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Tiles in registers. Twelve rows by two vectors fill the 32 registers of a 512-bit machine, six
/// by two the 16 of a narrower one; eight leave no row of a batch of 32 idle. The accumulators are
/// locals written out one by one because C2 keeps only such vectors in registers.
final class VectorTileF32 implements TileF32 {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();
  private static final boolean WIDE = S.vectorBitSize() >= 512;

  @Override
  public int rows() {
    return WIDE ? 12 : 6;
  }

  @Override
  public int lowRows() {
    return 6;
  }

  @Override
  public int columns() {
    return 2 * L;
  }

  @Override
  public int rowsFor(int left) {
    return left <= 6 || !WIDE ? 6 : left <= 8 ? 8 : 12;
  }

  @Override
  public void sum(
      int rows, int k, float[] a, int aOffset, float[] b, int bOffset, int bStride, float[] sums) {
    switch (rows) {
      case 12 -> twelve(k, a, aOffset, b, bOffset, bStride, sums);
      case 8 -> eight(k, a, aOffset, b, bOffset, bStride, sums);
      default -> six(k, a, aOffset, b, bOffset, bStride, sums);
    }
  }

  @Override
  public void put(float[] sums, int rows, float[] c, int cOffset, int cStride, boolean accumulate) {
    for (int i = 0; i < rows; i++) {
      int at = cOffset + i * cStride;
      FloatVector p = FloatVector.fromArray(S, sums, 2 * i * L);
      FloatVector q = FloatVector.fromArray(S, sums, 2 * i * L + L);
      if (accumulate) {
        p = FloatVector.fromArray(S, c, at).add(p);
        q = FloatVector.fromArray(S, c, at + L).add(q);
      }
      p.intoArray(c, at);
      q.intoArray(c, at + L);
    }
  }

  private static void six(
      int k, float[] a, int aOffset, float[] b, int bOffset, int bStride, float[] sums) {
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
    // body: one column of a times one row of b per step
    for (int i = 0; i < k; i++) {
      int bi = bOffset + i * bStride;
      int ai = aOffset + i * 6;
      FloatVector x = FloatVector.fromArray(S, b, bi);
      FloatVector y = FloatVector.fromArray(S, b, bi + L);
      FloatVector v = FloatVector.broadcast(S, a[ai]);
      p0 = v.fma(x, p0);
      q0 = v.fma(y, q0);
      v = FloatVector.broadcast(S, a[ai + 1]);
      p1 = v.fma(x, p1);
      q1 = v.fma(y, q1);
      v = FloatVector.broadcast(S, a[ai + 2]);
      p2 = v.fma(x, p2);
      q2 = v.fma(y, q2);
      v = FloatVector.broadcast(S, a[ai + 3]);
      p3 = v.fma(x, p3);
      q3 = v.fma(y, q3);
      v = FloatVector.broadcast(S, a[ai + 4]);
      p4 = v.fma(x, p4);
      q4 = v.fma(y, q4);
      v = FloatVector.broadcast(S, a[ai + 5]);
      p5 = v.fma(x, p5);
      q5 = v.fma(y, q5);
    }
    // store
    p0.intoArray(sums, 0 * L);
    q0.intoArray(sums, 1 * L);
    p1.intoArray(sums, 2 * L);
    q1.intoArray(sums, 3 * L);
    p2.intoArray(sums, 4 * L);
    q2.intoArray(sums, 5 * L);
    p3.intoArray(sums, 6 * L);
    q3.intoArray(sums, 7 * L);
    p4.intoArray(sums, 8 * L);
    q4.intoArray(sums, 9 * L);
    p5.intoArray(sums, 10 * L);
    q5.intoArray(sums, 11 * L);
  }

  private static void eight(
      int k, float[] a, int aOffset, float[] b, int bOffset, int bStride, float[] sums) {
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
    // body: one column of a times one row of b per step
    for (int i = 0; i < k; i++) {
      int bi = bOffset + i * bStride;
      int ai = aOffset + i * 8;
      FloatVector x = FloatVector.fromArray(S, b, bi);
      FloatVector y = FloatVector.fromArray(S, b, bi + L);
      FloatVector v = FloatVector.broadcast(S, a[ai]);
      p0 = v.fma(x, p0);
      q0 = v.fma(y, q0);
      v = FloatVector.broadcast(S, a[ai + 1]);
      p1 = v.fma(x, p1);
      q1 = v.fma(y, q1);
      v = FloatVector.broadcast(S, a[ai + 2]);
      p2 = v.fma(x, p2);
      q2 = v.fma(y, q2);
      v = FloatVector.broadcast(S, a[ai + 3]);
      p3 = v.fma(x, p3);
      q3 = v.fma(y, q3);
      v = FloatVector.broadcast(S, a[ai + 4]);
      p4 = v.fma(x, p4);
      q4 = v.fma(y, q4);
      v = FloatVector.broadcast(S, a[ai + 5]);
      p5 = v.fma(x, p5);
      q5 = v.fma(y, q5);
      v = FloatVector.broadcast(S, a[ai + 6]);
      p6 = v.fma(x, p6);
      q6 = v.fma(y, q6);
      v = FloatVector.broadcast(S, a[ai + 7]);
      p7 = v.fma(x, p7);
      q7 = v.fma(y, q7);
    }
    // store
    p0.intoArray(sums, 0 * L);
    q0.intoArray(sums, 1 * L);
    p1.intoArray(sums, 2 * L);
    q1.intoArray(sums, 3 * L);
    p2.intoArray(sums, 4 * L);
    q2.intoArray(sums, 5 * L);
    p3.intoArray(sums, 6 * L);
    q3.intoArray(sums, 7 * L);
    p4.intoArray(sums, 8 * L);
    q4.intoArray(sums, 9 * L);
    p5.intoArray(sums, 10 * L);
    q5.intoArray(sums, 11 * L);
    p6.intoArray(sums, 12 * L);
    q6.intoArray(sums, 13 * L);
    p7.intoArray(sums, 14 * L);
    q7.intoArray(sums, 15 * L);
  }

  private static void twelve(
      int k, float[] a, int aOffset, float[] b, int bOffset, int bStride, float[] sums) {
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
    // body: one column of a times one row of b per step
    for (int i = 0; i < k; i++) {
      int bi = bOffset + i * bStride;
      int ai = aOffset + i * 12;
      FloatVector x = FloatVector.fromArray(S, b, bi);
      FloatVector y = FloatVector.fromArray(S, b, bi + L);
      FloatVector v = FloatVector.broadcast(S, a[ai]);
      p0 = v.fma(x, p0);
      q0 = v.fma(y, q0);
      v = FloatVector.broadcast(S, a[ai + 1]);
      p1 = v.fma(x, p1);
      q1 = v.fma(y, q1);
      v = FloatVector.broadcast(S, a[ai + 2]);
      p2 = v.fma(x, p2);
      q2 = v.fma(y, q2);
      v = FloatVector.broadcast(S, a[ai + 3]);
      p3 = v.fma(x, p3);
      q3 = v.fma(y, q3);
      v = FloatVector.broadcast(S, a[ai + 4]);
      p4 = v.fma(x, p4);
      q4 = v.fma(y, q4);
      v = FloatVector.broadcast(S, a[ai + 5]);
      p5 = v.fma(x, p5);
      q5 = v.fma(y, q5);
      v = FloatVector.broadcast(S, a[ai + 6]);
      p6 = v.fma(x, p6);
      q6 = v.fma(y, q6);
      v = FloatVector.broadcast(S, a[ai + 7]);
      p7 = v.fma(x, p7);
      q7 = v.fma(y, q7);
      v = FloatVector.broadcast(S, a[ai + 8]);
      p8 = v.fma(x, p8);
      q8 = v.fma(y, q8);
      v = FloatVector.broadcast(S, a[ai + 9]);
      p9 = v.fma(x, p9);
      q9 = v.fma(y, q9);
      v = FloatVector.broadcast(S, a[ai + 10]);
      p10 = v.fma(x, p10);
      q10 = v.fma(y, q10);
      v = FloatVector.broadcast(S, a[ai + 11]);
      p11 = v.fma(x, p11);
      q11 = v.fma(y, q11);
    }
    // store
    p0.intoArray(sums, 0 * L);
    q0.intoArray(sums, 1 * L);
    p1.intoArray(sums, 2 * L);
    q1.intoArray(sums, 3 * L);
    p2.intoArray(sums, 4 * L);
    q2.intoArray(sums, 5 * L);
    p3.intoArray(sums, 6 * L);
    q3.intoArray(sums, 7 * L);
    p4.intoArray(sums, 8 * L);
    q4.intoArray(sums, 9 * L);
    p5.intoArray(sums, 10 * L);
    q5.intoArray(sums, 11 * L);
    p6.intoArray(sums, 12 * L);
    q6.intoArray(sums, 13 * L);
    p7.intoArray(sums, 14 * L);
    q7.intoArray(sums, 15 * L);
    p8.intoArray(sums, 16 * L);
    q8.intoArray(sums, 17 * L);
    p9.intoArray(sums, 18 * L);
    q9.intoArray(sums, 19 * L);
    p10.intoArray(sums, 20 * L);
    q10.intoArray(sums, 21 * L);
    p11.intoArray(sums, 22 * L);
    q11.intoArray(sums, 23 * L);
  }
}
