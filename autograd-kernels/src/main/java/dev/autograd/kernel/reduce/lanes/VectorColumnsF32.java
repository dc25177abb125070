// Twin: VectorColumnsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.reduce.lanes;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LE;

import dev.autograd.kernel.Simd;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Greatest elements of columns, and sums of columns that are too short for a buffer of their lanes
/// to be worth its traffic.
///
/// Of sums: with one row to a lane at most, eight of them are folded in registers: those that are
/// `LANES / 8` apart, which the first three steps of the fold join. What is left is folded in a
/// buffer.
final class VectorColumnsF32 {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();
  private static final int LANES = RowsF32.LANES;

  /// Lanes from one of the eight to the next.
  private static final int G = LANES / 8;

  private VectorColumnsF32() {}

  static void firstGreatest(
      float[] x,
      int xOffset,
      int step,
      int rows,
      int n,
      float[] c,
      int cOffset,
      float[] s,
      int sOffset) {
    float sign = c[cOffset + n];
    int body = n & -L;
    for (int r = 0; r < rows; r++) {
      int from = xOffset + r * step;
      for (int j = 0; j < body; j += L) {
        FloatVector v = FloatVector.fromArray(S, x, from + j).mul(sign);
        FloatVector best = FloatVector.fromArray(S, c, cOffset + j);
        VectorMask<Float> greater = v.compare(LE, best).not().and(best.compare(EQ, best));
        best.blend(v, greater).intoArray(c, cOffset + j);
        FloatVector.fromArray(S, s, sOffset + j).blend(r, greater).intoArray(s, sOffset + j);
      }
    }
    ScalarLanesF32.firstGreatest(x, xOffset, step, rows, body, n, c, cOffset, sign, s, sOffset);
  }

  static void sums(
      float[] x,
      int xOffset,
      int step,
      int rows,
      int n,
      float[] c,
      int cOffset,
      float[] s,
      int sOffset) {
    int body = n & -L;
    if (body > 0) {
      for (int g = 0; g < G; g++) {
        eight(x, xOffset, step, rows, body, g, c, cOffset + g * body);
      }
      for (int w = G / 2; w > 0; w >>= 1) {
        fold(c, cOffset, w * body, w == 1 ? s : c, w == 1 ? sOffset : cOffset);
      }
    }
    if (body < n) {
      ScalarLanesF32.columnSums(
          x, xOffset + body, step, rows, n - body, c, cOffset, s, sOffset + body);
    }
  }

  /// Folds the rows `g`, `g + G`, `g + 2 G`, … below `rows` into one.
  private static void eight(
      float[] x, int xOffset, int step, int rows, int n, int g, float[] c, int cOffset) {
    // What is beyond the last row adds nothing; the first is read in its place.
    int more = (rows - g + G - 1) / G;
    VectorMask<Float> m0 = S.maskAll(more > 0);
    VectorMask<Float> m1 = S.maskAll(more > 1);
    VectorMask<Float> m2 = S.maskAll(more > 2);
    VectorMask<Float> m3 = S.maskAll(more > 3);
    VectorMask<Float> m4 = S.maskAll(more > 4);
    VectorMask<Float> m5 = S.maskAll(more > 5);
    VectorMask<Float> m6 = S.maskAll(more > 6);
    VectorMask<Float> m7 = S.maskAll(more > 7);
    int x0 = xOffset + (more > 0 ? (g + 0 * G) * step : 0);
    int x1 = xOffset + (more > 1 ? (g + 1 * G) * step : 0);
    int x2 = xOffset + (more > 2 ? (g + 2 * G) * step : 0);
    int x3 = xOffset + (more > 3 ? (g + 3 * G) * step : 0);
    int x4 = xOffset + (more > 4 ? (g + 4 * G) * step : 0);
    int x5 = xOffset + (more > 5 ? (g + 5 * G) * step : 0);
    int x6 = xOffset + (more > 6 ? (g + 6 * G) * step : 0);
    int x7 = xOffset + (more > 7 ? (g + 7 * G) * step : 0);
    FloatVector zero = FloatVector.zero(S);
    for (int j = 0; j < n; j += L) {
      FloatVector p0 = zero.add(FloatVector.fromArray(S, x, x0 + j), m0);
      FloatVector p1 = zero.add(FloatVector.fromArray(S, x, x1 + j), m1);
      FloatVector p2 = zero.add(FloatVector.fromArray(S, x, x2 + j), m2);
      FloatVector p3 = zero.add(FloatVector.fromArray(S, x, x3 + j), m3);
      FloatVector p4 = zero.add(FloatVector.fromArray(S, x, x4 + j), m4);
      FloatVector p5 = zero.add(FloatVector.fromArray(S, x, x5 + j), m5);
      FloatVector p6 = zero.add(FloatVector.fromArray(S, x, x6 + j), m6);
      FloatVector p7 = zero.add(FloatVector.fromArray(S, x, x7 + j), m7);
      p0.add(p4).add(p2.add(p6)).add(p1.add(p5).add(p3.add(p7))).intoArray(c, cOffset + j);
    }
  }

  /// Sets s to the sums of the first `n` elements of c and the n after those; s may be c.
  private static void fold(float[] c, int cOffset, int n, float[] s, int sOffset) {
    for (int j = 0; j < n; j += L) {
      FloatVector.fromArray(S, c, cOffset + j)
          .add(FloatVector.fromArray(S, c, cOffset + n + j))
          .intoArray(s, sOffset + j);
    }
  }
}
