// Files: VectorTransposeF32 1; f32 as f64.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.Simd;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Transposes of [TilePlan#LANES] lines in registers, where vectors have 8 or 16 lanes; narrower
/// ones gain nothing over plain loops.
final class $File {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();
  private static final int LANES = TilePlan.LANES;

  // For $d halving 16.
  private static final FloatVector LOW_$d = exchange($d, 0);
  private static final FloatVector HIGH_$d = exchange($d, $d);

  // End.
  private $File() {}

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

  // For $name $n in eight 8, sixteen 16.
  private static void $name(float[] x, int at, int step, float[] to, int toAt, int toStep) {
    // For $i below $n.
    FloatVector v$i = FloatVector.fromArray(S, x, at + $i * step);
    // End.
    FloatVector t;
    // For $d halving $n.
    // exchange: lanes and vectors at distance $d
    FloatVector low$d = LOW_$d;
    FloatVector high$d = HIGH_$d;
    // For $i $j at distance $d below $n.
    t = low$d.selectFrom(v$i, v$j);
    v$j = high$d.selectFrom(v$i, v$j);
    v$i = t;
    // End.
    // End.
    // store
    // For $i below $n.
    v$i.intoArray(to, toAt + $i * toStep);
    // End.
  }

  // End.
}
