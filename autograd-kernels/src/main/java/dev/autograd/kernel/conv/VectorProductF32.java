// Twin: VectorProductF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.Simd;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Products of [WinogradStepsF32#product] in registers: six rows by four vectors where there are 32
/// registers, by two where there are 16. The accumulators are locals written out one by one because
/// C2 keeps only such vectors in registers.
final class VectorProductF32 {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();
  private static final int MOST = S.vectorBitSize() == 256 ? 2 : 4;

  private VectorProductF32() {}

  static void product(
      int outer,
      int[] offsets,
      int inner,
      float[] a,
      int aAt,
      int aRow,
      int aStep,
      float[] b,
      int bAt,
      int bRow,
      int width,
      float[] c,
      int cAt,
      int cRow) {
    int j = 0;
    while (j < width) {
      int vectors = Math.min(MOST, (width - j) / L);
      if (vectors == 4) {
        four(outer, offsets, inner, a, aAt, aRow, aStep, b, bAt + j, bRow, c, cAt + j, cRow);
      } else if (vectors >= 2) {
        vectors = 2;
        two(outer, offsets, inner, a, aAt, aRow, aStep, b, bAt + j, bRow, c, cAt + j, cRow);
      } else {
        one(outer, offsets, inner, a, aAt, aRow, aStep, b, bAt + j, bRow, c, cAt + j, cRow);
      }
      j += vectors * L;
    }
  }

  private static void four(
      int outer,
      int[] offsets,
      int inner,
      float[] a,
      int aAt,
      int aRow,
      int aStep,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow) {
    FloatVector p0 = FloatVector.zero(S);
    FloatVector q0 = FloatVector.zero(S);
    FloatVector r0 = FloatVector.zero(S);
    FloatVector s0 = FloatVector.zero(S);
    FloatVector p1 = FloatVector.zero(S);
    FloatVector q1 = FloatVector.zero(S);
    FloatVector r1 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    FloatVector p2 = FloatVector.zero(S);
    FloatVector q2 = FloatVector.zero(S);
    FloatVector r2 = FloatVector.zero(S);
    FloatVector s2 = FloatVector.zero(S);
    FloatVector p3 = FloatVector.zero(S);
    FloatVector q3 = FloatVector.zero(S);
    FloatVector r3 = FloatVector.zero(S);
    FloatVector s3 = FloatVector.zero(S);
    FloatVector p4 = FloatVector.zero(S);
    FloatVector q4 = FloatVector.zero(S);
    FloatVector r4 = FloatVector.zero(S);
    FloatVector s4 = FloatVector.zero(S);
    FloatVector p5 = FloatVector.zero(S);
    FloatVector q5 = FloatVector.zero(S);
    FloatVector r5 = FloatVector.zero(S);
    FloatVector s5 = FloatVector.zero(S);
    int a1 = aRow;
    int a2 = 2 * aRow;
    int a3 = 3 * aRow;
    int a4 = 4 * aRow;
    int a5 = 5 * aRow;
    // body: one row of b times one column of a per step
    for (int o = 0; o < outer; o++) {
      int from = aAt + offsets[o];
      int bo = bAt + o * inner * bRow;
      for (int i = 0; i < inner; i++) {
        int bi = bo + i * bRow;
        int ai = from + i * aStep;
        FloatVector w = FloatVector.fromArray(S, b, bi);
        FloatVector x = FloatVector.fromArray(S, b, bi + L);
        FloatVector y = FloatVector.fromArray(S, b, bi + 2 * L);
        FloatVector z = FloatVector.fromArray(S, b, bi + 3 * L);
        FloatVector v = FloatVector.broadcast(S, a[ai]);
        p0 = v.fma(w, p0);
        q0 = v.fma(x, q0);
        r0 = v.fma(y, r0);
        s0 = v.fma(z, s0);
        v = FloatVector.broadcast(S, a[ai + a1]);
        p1 = v.fma(w, p1);
        q1 = v.fma(x, q1);
        r1 = v.fma(y, r1);
        s1 = v.fma(z, s1);
        v = FloatVector.broadcast(S, a[ai + a2]);
        p2 = v.fma(w, p2);
        q2 = v.fma(x, q2);
        r2 = v.fma(y, r2);
        s2 = v.fma(z, s2);
        v = FloatVector.broadcast(S, a[ai + a3]);
        p3 = v.fma(w, p3);
        q3 = v.fma(x, q3);
        r3 = v.fma(y, r3);
        s3 = v.fma(z, s3);
        v = FloatVector.broadcast(S, a[ai + a4]);
        p4 = v.fma(w, p4);
        q4 = v.fma(x, q4);
        r4 = v.fma(y, r4);
        s4 = v.fma(z, s4);
        v = FloatVector.broadcast(S, a[ai + a5]);
        p5 = v.fma(w, p5);
        q5 = v.fma(x, q5);
        r5 = v.fma(y, r5);
        s5 = v.fma(z, s5);
      }
    }
    // store
    p0.intoArray(c, cAt);
    q0.intoArray(c, cAt + L);
    r0.intoArray(c, cAt + 2 * L);
    s0.intoArray(c, cAt + 3 * L);
    p1.intoArray(c, cAt + cRow);
    q1.intoArray(c, cAt + cRow + L);
    r1.intoArray(c, cAt + cRow + 2 * L);
    s1.intoArray(c, cAt + cRow + 3 * L);
    p2.intoArray(c, cAt + 2 * cRow);
    q2.intoArray(c, cAt + 2 * cRow + L);
    r2.intoArray(c, cAt + 2 * cRow + 2 * L);
    s2.intoArray(c, cAt + 2 * cRow + 3 * L);
    p3.intoArray(c, cAt + 3 * cRow);
    q3.intoArray(c, cAt + 3 * cRow + L);
    r3.intoArray(c, cAt + 3 * cRow + 2 * L);
    s3.intoArray(c, cAt + 3 * cRow + 3 * L);
    p4.intoArray(c, cAt + 4 * cRow);
    q4.intoArray(c, cAt + 4 * cRow + L);
    r4.intoArray(c, cAt + 4 * cRow + 2 * L);
    s4.intoArray(c, cAt + 4 * cRow + 3 * L);
    p5.intoArray(c, cAt + 5 * cRow);
    q5.intoArray(c, cAt + 5 * cRow + L);
    r5.intoArray(c, cAt + 5 * cRow + 2 * L);
    s5.intoArray(c, cAt + 5 * cRow + 3 * L);
  }

  private static void two(
      int outer,
      int[] offsets,
      int inner,
      float[] a,
      int aAt,
      int aRow,
      int aStep,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
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
    int a1 = aRow;
    int a2 = 2 * aRow;
    int a3 = 3 * aRow;
    int a4 = 4 * aRow;
    int a5 = 5 * aRow;
    // body: one row of b times one column of a per step
    for (int o = 0; o < outer; o++) {
      int from = aAt + offsets[o];
      int bo = bAt + o * inner * bRow;
      for (int i = 0; i < inner; i++) {
        int bi = bo + i * bRow;
        int ai = from + i * aStep;
        FloatVector w = FloatVector.fromArray(S, b, bi);
        FloatVector x = FloatVector.fromArray(S, b, bi + L);
        FloatVector v = FloatVector.broadcast(S, a[ai]);
        p0 = v.fma(w, p0);
        q0 = v.fma(x, q0);
        v = FloatVector.broadcast(S, a[ai + a1]);
        p1 = v.fma(w, p1);
        q1 = v.fma(x, q1);
        v = FloatVector.broadcast(S, a[ai + a2]);
        p2 = v.fma(w, p2);
        q2 = v.fma(x, q2);
        v = FloatVector.broadcast(S, a[ai + a3]);
        p3 = v.fma(w, p3);
        q3 = v.fma(x, q3);
        v = FloatVector.broadcast(S, a[ai + a4]);
        p4 = v.fma(w, p4);
        q4 = v.fma(x, q4);
        v = FloatVector.broadcast(S, a[ai + a5]);
        p5 = v.fma(w, p5);
        q5 = v.fma(x, q5);
      }
    }
    // store
    p0.intoArray(c, cAt);
    q0.intoArray(c, cAt + L);
    p1.intoArray(c, cAt + cRow);
    q1.intoArray(c, cAt + cRow + L);
    p2.intoArray(c, cAt + 2 * cRow);
    q2.intoArray(c, cAt + 2 * cRow + L);
    p3.intoArray(c, cAt + 3 * cRow);
    q3.intoArray(c, cAt + 3 * cRow + L);
    p4.intoArray(c, cAt + 4 * cRow);
    q4.intoArray(c, cAt + 4 * cRow + L);
    p5.intoArray(c, cAt + 5 * cRow);
    q5.intoArray(c, cAt + 5 * cRow + L);
  }

  private static void one(
      int outer,
      int[] offsets,
      int inner,
      float[] a,
      int aAt,
      int aRow,
      int aStep,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow) {
    FloatVector p0 = FloatVector.zero(S);
    FloatVector p1 = FloatVector.zero(S);
    FloatVector p2 = FloatVector.zero(S);
    FloatVector p3 = FloatVector.zero(S);
    FloatVector p4 = FloatVector.zero(S);
    FloatVector p5 = FloatVector.zero(S);
    int a1 = aRow;
    int a2 = 2 * aRow;
    int a3 = 3 * aRow;
    int a4 = 4 * aRow;
    int a5 = 5 * aRow;
    // body: one row of b times one column of a per step
    for (int o = 0; o < outer; o++) {
      int from = aAt + offsets[o];
      int bo = bAt + o * inner * bRow;
      for (int i = 0; i < inner; i++) {
        int bi = bo + i * bRow;
        int ai = from + i * aStep;
        FloatVector w = FloatVector.fromArray(S, b, bi);
        FloatVector v = FloatVector.broadcast(S, a[ai]);
        p0 = v.fma(w, p0);
        v = FloatVector.broadcast(S, a[ai + a1]);
        p1 = v.fma(w, p1);
        v = FloatVector.broadcast(S, a[ai + a2]);
        p2 = v.fma(w, p2);
        v = FloatVector.broadcast(S, a[ai + a3]);
        p3 = v.fma(w, p3);
        v = FloatVector.broadcast(S, a[ai + a4]);
        p4 = v.fma(w, p4);
        v = FloatVector.broadcast(S, a[ai + a5]);
        p5 = v.fma(w, p5);
      }
    }
    // store
    p0.intoArray(c, cAt);
    p1.intoArray(c, cAt + cRow);
    p2.intoArray(c, cAt + 2 * cRow);
    p3.intoArray(c, cAt + 3 * cRow);
    p4.intoArray(c, cAt + 4 * cRow);
    p5.intoArray(c, cAt + 5 * cRow);
  }
}
