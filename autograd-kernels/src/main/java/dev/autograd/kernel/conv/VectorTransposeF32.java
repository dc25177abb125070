// Twin: VectorTransposeF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.Simd;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Transposes of [TilePlan#LANES] lines in registers, where vectors have 8 or 16 lanes; narrower
/// ones gain nothing over plain loops.
final class VectorTransposeF32 {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();
  private static final int LANES = TilePlan.LANES;

  private static final FloatVector LOW_8 = exchange(8, 0);
  private static final FloatVector HIGH_8 = exchange(8, 8);
  private static final FloatVector LOW_4 = exchange(4, 0);
  private static final FloatVector HIGH_4 = exchange(4, 4);
  private static final FloatVector LOW_2 = exchange(2, 0);
  private static final FloatVector HIGH_2 = exchange(2, 2);
  private static final FloatVector LOW_1 = exchange(1, 0);
  private static final FloatVector HIGH_1 = exchange(1, 1);

  private VectorTransposeF32() {}

  /// Returns the lanes to take of two vectors to swap their halves, quarters and so on: an even
  /// piece of `distance` lanes comes from the first vector, an odd one from the second.
  private static FloatVector exchange(int distance, int first) {
    float[] from = new float[L];
    for (int l = 0; l < L; l++) {
      from[l] = (l & distance) == 0 ? (l + first) % L : L + (l - distance + first) % L;
    }
    return FloatVector.fromArray(S, from, 0);
  }

  /// Returns the fewest elements of a line that can be transposed, or 0 if none can.
  static int fewest() {
    return L >= 8 ? L : 0;
  }

  /// Sets `to[toAt + i toStep + l] = x[xAt + l plane + i]` for all lanes and `i < count`, which is
  /// at least [#fewest()].
  static void gather(float[] x, int xAt, int plane, int count, float[] to, int toAt, int toStep) {
    for (int l = 0; l < LANES; l += L) {
      int xi = xAt + l * plane;
      for (int i = 0; i < count; i += L) {
        // The last piece begins earlier and repeats what is there.
        int j = Math.min(i, count - L);
        if (L == 16) {
          sixteen(x, xi + j, plane, to, toAt + l + j * toStep, toStep);
        } else {
          eight(x, xi + j, plane, to, toAt + l + j * toStep, toStep);
        }
      }
    }
  }

  /// Sets `y[yAt + l plane + i] = from[fromAt + i fromStep + l]` likewise.
  static void scatter(
      float[] from, int fromAt, int fromStep, int count, float[] y, int yAt, int plane) {
    for (int l = 0; l < LANES; l += L) {
      int yi = yAt + l * plane;
      for (int i = 0; i < count; i += L) {
        int j = Math.min(i, count - L);
        if (L == 16) {
          sixteen(from, fromAt + l + j * fromStep, fromStep, y, yi + j, plane);
        } else {
          eight(from, fromAt + l + j * fromStep, fromStep, y, yi + j, plane);
        }
      }
    }
  }

  private static void eight(float[] x, int at, int step, float[] to, int toAt, int toStep) {
    FloatVector v0 = FloatVector.fromArray(S, x, at);
    FloatVector v1 = FloatVector.fromArray(S, x, at + step);
    FloatVector v2 = FloatVector.fromArray(S, x, at + 2 * step);
    FloatVector v3 = FloatVector.fromArray(S, x, at + 3 * step);
    FloatVector v4 = FloatVector.fromArray(S, x, at + 4 * step);
    FloatVector v5 = FloatVector.fromArray(S, x, at + 5 * step);
    FloatVector v6 = FloatVector.fromArray(S, x, at + 6 * step);
    FloatVector v7 = FloatVector.fromArray(S, x, at + 7 * step);
    FloatVector t;
    // exchange: lanes and vectors at distance 4
    FloatVector low4 = LOW_4;
    FloatVector high4 = HIGH_4;
    t = low4.selectFrom(v0, v4);
    v4 = high4.selectFrom(v0, v4);
    v0 = t;
    t = low4.selectFrom(v1, v5);
    v5 = high4.selectFrom(v1, v5);
    v1 = t;
    t = low4.selectFrom(v2, v6);
    v6 = high4.selectFrom(v2, v6);
    v2 = t;
    t = low4.selectFrom(v3, v7);
    v7 = high4.selectFrom(v3, v7);
    v3 = t;
    // exchange: lanes and vectors at distance 2
    FloatVector low2 = LOW_2;
    FloatVector high2 = HIGH_2;
    t = low2.selectFrom(v0, v2);
    v2 = high2.selectFrom(v0, v2);
    v0 = t;
    t = low2.selectFrom(v1, v3);
    v3 = high2.selectFrom(v1, v3);
    v1 = t;
    t = low2.selectFrom(v4, v6);
    v6 = high2.selectFrom(v4, v6);
    v4 = t;
    t = low2.selectFrom(v5, v7);
    v7 = high2.selectFrom(v5, v7);
    v5 = t;
    // exchange: lanes and vectors at distance 1
    FloatVector low1 = LOW_1;
    FloatVector high1 = HIGH_1;
    t = low1.selectFrom(v0, v1);
    v1 = high1.selectFrom(v0, v1);
    v0 = t;
    t = low1.selectFrom(v2, v3);
    v3 = high1.selectFrom(v2, v3);
    v2 = t;
    t = low1.selectFrom(v4, v5);
    v5 = high1.selectFrom(v4, v5);
    v4 = t;
    t = low1.selectFrom(v6, v7);
    v7 = high1.selectFrom(v6, v7);
    v6 = t;
    // store
    v0.intoArray(to, toAt);
    v1.intoArray(to, toAt + toStep);
    v2.intoArray(to, toAt + 2 * toStep);
    v3.intoArray(to, toAt + 3 * toStep);
    v4.intoArray(to, toAt + 4 * toStep);
    v5.intoArray(to, toAt + 5 * toStep);
    v6.intoArray(to, toAt + 6 * toStep);
    v7.intoArray(to, toAt + 7 * toStep);
  }

  private static void sixteen(float[] x, int at, int step, float[] to, int toAt, int toStep) {
    FloatVector v0 = FloatVector.fromArray(S, x, at);
    FloatVector v1 = FloatVector.fromArray(S, x, at + step);
    FloatVector v2 = FloatVector.fromArray(S, x, at + 2 * step);
    FloatVector v3 = FloatVector.fromArray(S, x, at + 3 * step);
    FloatVector v4 = FloatVector.fromArray(S, x, at + 4 * step);
    FloatVector v5 = FloatVector.fromArray(S, x, at + 5 * step);
    FloatVector v6 = FloatVector.fromArray(S, x, at + 6 * step);
    FloatVector v7 = FloatVector.fromArray(S, x, at + 7 * step);
    FloatVector v8 = FloatVector.fromArray(S, x, at + 8 * step);
    FloatVector v9 = FloatVector.fromArray(S, x, at + 9 * step);
    FloatVector v10 = FloatVector.fromArray(S, x, at + 10 * step);
    FloatVector v11 = FloatVector.fromArray(S, x, at + 11 * step);
    FloatVector v12 = FloatVector.fromArray(S, x, at + 12 * step);
    FloatVector v13 = FloatVector.fromArray(S, x, at + 13 * step);
    FloatVector v14 = FloatVector.fromArray(S, x, at + 14 * step);
    FloatVector v15 = FloatVector.fromArray(S, x, at + 15 * step);
    FloatVector t;
    // exchange: lanes and vectors at distance 8
    FloatVector low8 = LOW_8;
    FloatVector high8 = HIGH_8;
    t = low8.selectFrom(v0, v8);
    v8 = high8.selectFrom(v0, v8);
    v0 = t;
    t = low8.selectFrom(v1, v9);
    v9 = high8.selectFrom(v1, v9);
    v1 = t;
    t = low8.selectFrom(v2, v10);
    v10 = high8.selectFrom(v2, v10);
    v2 = t;
    t = low8.selectFrom(v3, v11);
    v11 = high8.selectFrom(v3, v11);
    v3 = t;
    t = low8.selectFrom(v4, v12);
    v12 = high8.selectFrom(v4, v12);
    v4 = t;
    t = low8.selectFrom(v5, v13);
    v13 = high8.selectFrom(v5, v13);
    v5 = t;
    t = low8.selectFrom(v6, v14);
    v14 = high8.selectFrom(v6, v14);
    v6 = t;
    t = low8.selectFrom(v7, v15);
    v15 = high8.selectFrom(v7, v15);
    v7 = t;
    // exchange: lanes and vectors at distance 4
    FloatVector low4 = LOW_4;
    FloatVector high4 = HIGH_4;
    t = low4.selectFrom(v0, v4);
    v4 = high4.selectFrom(v0, v4);
    v0 = t;
    t = low4.selectFrom(v1, v5);
    v5 = high4.selectFrom(v1, v5);
    v1 = t;
    t = low4.selectFrom(v2, v6);
    v6 = high4.selectFrom(v2, v6);
    v2 = t;
    t = low4.selectFrom(v3, v7);
    v7 = high4.selectFrom(v3, v7);
    v3 = t;
    t = low4.selectFrom(v8, v12);
    v12 = high4.selectFrom(v8, v12);
    v8 = t;
    t = low4.selectFrom(v9, v13);
    v13 = high4.selectFrom(v9, v13);
    v9 = t;
    t = low4.selectFrom(v10, v14);
    v14 = high4.selectFrom(v10, v14);
    v10 = t;
    t = low4.selectFrom(v11, v15);
    v15 = high4.selectFrom(v11, v15);
    v11 = t;
    // exchange: lanes and vectors at distance 2
    FloatVector low2 = LOW_2;
    FloatVector high2 = HIGH_2;
    t = low2.selectFrom(v0, v2);
    v2 = high2.selectFrom(v0, v2);
    v0 = t;
    t = low2.selectFrom(v1, v3);
    v3 = high2.selectFrom(v1, v3);
    v1 = t;
    t = low2.selectFrom(v4, v6);
    v6 = high2.selectFrom(v4, v6);
    v4 = t;
    t = low2.selectFrom(v5, v7);
    v7 = high2.selectFrom(v5, v7);
    v5 = t;
    t = low2.selectFrom(v8, v10);
    v10 = high2.selectFrom(v8, v10);
    v8 = t;
    t = low2.selectFrom(v9, v11);
    v11 = high2.selectFrom(v9, v11);
    v9 = t;
    t = low2.selectFrom(v12, v14);
    v14 = high2.selectFrom(v12, v14);
    v12 = t;
    t = low2.selectFrom(v13, v15);
    v15 = high2.selectFrom(v13, v15);
    v13 = t;
    // exchange: lanes and vectors at distance 1
    FloatVector low1 = LOW_1;
    FloatVector high1 = HIGH_1;
    t = low1.selectFrom(v0, v1);
    v1 = high1.selectFrom(v0, v1);
    v0 = t;
    t = low1.selectFrom(v2, v3);
    v3 = high1.selectFrom(v2, v3);
    v2 = t;
    t = low1.selectFrom(v4, v5);
    v5 = high1.selectFrom(v4, v5);
    v4 = t;
    t = low1.selectFrom(v6, v7);
    v7 = high1.selectFrom(v6, v7);
    v6 = t;
    t = low1.selectFrom(v8, v9);
    v9 = high1.selectFrom(v8, v9);
    v8 = t;
    t = low1.selectFrom(v10, v11);
    v11 = high1.selectFrom(v10, v11);
    v10 = t;
    t = low1.selectFrom(v12, v13);
    v13 = high1.selectFrom(v12, v13);
    v12 = t;
    t = low1.selectFrom(v14, v15);
    v15 = high1.selectFrom(v14, v15);
    v14 = t;
    // store
    v0.intoArray(to, toAt);
    v1.intoArray(to, toAt + toStep);
    v2.intoArray(to, toAt + 2 * toStep);
    v3.intoArray(to, toAt + 3 * toStep);
    v4.intoArray(to, toAt + 4 * toStep);
    v5.intoArray(to, toAt + 5 * toStep);
    v6.intoArray(to, toAt + 6 * toStep);
    v7.intoArray(to, toAt + 7 * toStep);
    v8.intoArray(to, toAt + 8 * toStep);
    v9.intoArray(to, toAt + 9 * toStep);
    v10.intoArray(to, toAt + 10 * toStep);
    v11.intoArray(to, toAt + 11 * toStep);
    v12.intoArray(to, toAt + 12 * toStep);
    v13.intoArray(to, toAt + 13 * toStep);
    v14.intoArray(to, toAt + 14 * toStep);
    v15.intoArray(to, toAt + 15 * toStep);
  }
}
