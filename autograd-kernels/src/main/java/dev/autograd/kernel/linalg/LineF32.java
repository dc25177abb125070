// Twin: LineF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

import dev.autograd.kernel.Simd;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Sums of one row with eight vectors of columns, and multiples of one row: long reads of each row
/// of b, as memory likes them.
final class LineF32 {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();

  private LineF32() {}

  static void sums(
      int k, float[] x, int xOffset, int xStride, float[] b, int bOffset, int bRow, float[] sums) {
    FloatVector s0 = FloatVector.zero(S);
    FloatVector s1 = FloatVector.zero(S);
    FloatVector s2 = FloatVector.zero(S);
    FloatVector s3 = FloatVector.zero(S);
    FloatVector s4 = FloatVector.zero(S);
    FloatVector s5 = FloatVector.zero(S);
    FloatVector s6 = FloatVector.zero(S);
    FloatVector s7 = FloatVector.zero(S);
    int bi = bOffset;
    int xi = xOffset;
    for (int i = 0; i < k; i++) {
      FloatVector v = FloatVector.broadcast(S, x[xi]);
      s0 = v.fma(FloatVector.fromArray(S, b, bi), s0);
      s1 = v.fma(FloatVector.fromArray(S, b, bi + L), s1);
      s2 = v.fma(FloatVector.fromArray(S, b, bi + 2 * L), s2);
      s3 = v.fma(FloatVector.fromArray(S, b, bi + 3 * L), s3);
      s4 = v.fma(FloatVector.fromArray(S, b, bi + 4 * L), s4);
      s5 = v.fma(FloatVector.fromArray(S, b, bi + 5 * L), s5);
      s6 = v.fma(FloatVector.fromArray(S, b, bi + 6 * L), s6);
      s7 = v.fma(FloatVector.fromArray(S, b, bi + 7 * L), s7);
      bi += bRow;
      xi += xStride;
    }
    s0.intoArray(sums, 0 * L);
    s1.intoArray(sums, 1 * L);
    s2.intoArray(sums, 2 * L);
    s3.intoArray(sums, 3 * L);
    s4.intoArray(sums, 4 * L);
    s5.intoArray(sums, 5 * L);
    s6.intoArray(sums, 6 * L);
    s7.intoArray(sums, 7 * L);
  }

  /// Writes or adds `fma(v, b, 0)` in whole vectors; returns of how many elements.
  static int multiple(int n, float v, float[] b, int bOffset, float[] c, int cOffset, boolean add) {
    FloatVector zero = FloatVector.zero(S);
    FloatVector factor = FloatVector.broadcast(S, v);
    int body = n & -L;
    if (add) {
      for (int j = 0; j < body; j += L) {
        FloatVector p = factor.fma(FloatVector.fromArray(S, b, bOffset + j), zero);
        FloatVector.fromArray(S, c, cOffset + j).add(p).intoArray(c, cOffset + j);
      }
    } else {
      for (int j = 0; j < body; j += L) {
        factor.fma(FloatVector.fromArray(S, b, bOffset + j), zero).intoArray(c, cOffset + j);
      }
    }
    return body;
  }
}
