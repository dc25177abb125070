// Files: VectorPlanarF32 1; f32 as f64.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.Simd;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Sums of neighbouring outputs in registers, for eight, four or one filter at a time. The
/// accumulators are locals written out one by one because C2 keeps only such vectors in registers.
final class $File {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();
  private static final boolean WIDE = S.vectorBitSize() >= 512;

  private $File() {}

  /// Sets `out[outAt + f outRow + j]` to the sum over i of `weight[weightAt + f term.length + i]
  /// x[at + term[i] + j]` in order, for `f < filters` and `j <` [PlanarPlan#WIDTH].
  static void sums(
      int[] term,
      float[] x,
      int at,
      float[] weight,
      int weightAt,
      int filters,
      float[] out,
      int outAt,
      int outRow) {
    for (int j = 0; j < PlanarPlan.WIDTH; j += 2 * L) {
      int f = 0;
      while (f < filters) {
        int left = filters - f;
        int wi = weightAt + f * term.length;
        int to = outAt + f * outRow + j;
        if (left > 4 && WIDE) {
          eight(Math.min(8, left), term, x, at + j, weight, wi, out, to, outRow);
          f += 8;
        } else if (left > 1) {
          four(Math.min(4, left), term, x, at + j, weight, wi, out, to, outRow);
          f += 4;
        } else {
          one(1, term, x, at + j, weight, wi, out, to, outRow);
          f++;
        }
      }
    }
  }

  // For $name $rows in eight 8, four 4, one 1.
  /// Sums `used` of $rows filters: the last stands for those that are missing.
  private static void $name(
      int used,
      int[] term,
      float[] x,
      int at,
      float[] weight,
      int weightAt,
      float[] out,
      int outAt,
      int outRow) {
    // For $r below $rows.
    FloatVector p$r = FloatVector.zero(S);
    FloatVector q$r = FloatVector.zero(S);
    int w$r = weightAt + Math.min($r, used - 1) * term.length;
    // End.
    // body: one element of the filters times two vectors of the image per step
    for (int i = 0; i < term.length; i++) {
      int xi = at + term[i];
      FloatVector a = FloatVector.fromArray(S, x, xi);
      FloatVector b = FloatVector.fromArray(S, x, xi + L);
      FloatVector v;
      // For $r below $rows.
      v = FloatVector.broadcast(S, weight[w$r + i]);
      p$r = v.fma(a, p$r);
      q$r = v.fma(b, q$r);
      // End.
    }
    // store
    int to;
    // For $r below $rows.
    to = outAt + Math.min($r, used - 1) * outRow;
    p$r.intoArray(out, to);
    q$r.intoArray(out, to + L);
    // End.
  }

  // End.
}
