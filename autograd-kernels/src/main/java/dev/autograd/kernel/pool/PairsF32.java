// Twin: PairsF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.pool;

import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LE;

import dev.autograd.kernel.Simd;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorShuffle;
import jdk.incubator.vector.VectorSpecies;

/// The maximum over windows of 2 by 2 that meet each other, in vectors.
///
/// Vectors are at most of 256 bits, since the rows of pooled planes are short.
final class PairsF32 {
  /// Half the greatest width, against Note [One width] in [Simd]: with the greatest, steps of a
  /// small net took a quarter longer. Nothing that a loop carries is a receiver here.
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(256, Simd.bits())));

  private static final VectorSpecies<Integer> I =
      VectorSpecies.of(int.class, VectorShape.forBitSize(Integer.SIZE * S.length()));
  private static final int L = S.length();
  private static final VectorShuffle<Float> EVEN = VectorShuffle.fromOp(S, i -> 2 * i % S.length());
  private static final VectorShuffle<Float> ODD =
      VectorShuffle.fromOp(S, i -> (2 * i + 1) % S.length());
  private static final VectorMask<Float> UPPER = S.maskAll(true).indexInRange(-L / 2, L / 2);
  private static final int[] STEPS = IntVector.zero(I).addIndex(2).toArray();

  private PairsF32() {}

  /// Tells whether rows of `outW` windows are long enough.
  static boolean fits(int outW) {
    return outW >= L;
  }

  /// Computes the maxima of one plane and their positions.
  static void forward(
      float[] x, int plane, int w, int outH, int outW, float[] y, int yi, int[] index, int ii) {
    for (int oy = 0; oy < outH; oy++) {
      int top = 2 * oy * w;
      int at = oy * outW;
      int whole = outW & -L;
      for (int ox = 0; ox < whole; ox += L) {
        step(x, plane, top + 2 * ox, w, y, yi + at + ox, index, ii + at + ox);
      }
      if (whole < outW) {
        // The last vector meets the one before.
        int ox = outW - L;
        step(x, plane, top + 2 * ox, w, y, yi + at + ox, index, ii + at + ox);
      }
    }
  }

  private static void step(
      float[] x, int plane, int first, int w, float[] y, int yi, int[] index, int ii) {
    int upper = plane + first;
    int lower = upper + w;
    FloatVector a = FloatVector.fromArray(S, x, upper);
    FloatVector b = FloatVector.fromArray(S, x, upper + L);
    FloatVector best = a.rearrange(EVEN).blend(b.rearrange(EVEN), UPPER);
    FloatVector v = a.rearrange(ODD).blend(b.rearrange(ODD), UPPER);
    IntVector origin = IntVector.fromArray(I, STEPS, 0).add(first);
    // Greater, or a NaN that is the first: neither less nor equal, and no NaN before.
    VectorMask<Float> m = v.compare(LE, best).not().and(best.compare(EQ, best));
    best = best.blend(v, m);
    IntVector at = origin.blend(origin.add(1), m.cast(I));
    a = FloatVector.fromArray(S, x, lower);
    b = FloatVector.fromArray(S, x, lower + L);
    v = a.rearrange(EVEN).blend(b.rearrange(EVEN), UPPER);
    m = v.compare(LE, best).not().and(best.compare(EQ, best));
    best = best.blend(v, m);
    at = at.blend(origin.add(w), m.cast(I));
    v = a.rearrange(ODD).blend(b.rearrange(ODD), UPPER);
    m = v.compare(LE, best).not().and(best.compare(EQ, best));
    best.blend(v, m).intoArray(y, yi);
    at.blend(origin.add(w + 1), m.cast(I)).intoArray(index, ii);
  }
}
