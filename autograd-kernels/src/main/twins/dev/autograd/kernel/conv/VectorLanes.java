// Files: VectorLanesF32 1; f32 as f64.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.Simd;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Products of [WinogradStepsF32#lanes] in registers, eight rows or one at a time.
final class $File {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();
  private static final int LANES = TilePlan.LANES;

  private $File() {}

  static void product(int terms, int[] term, float[] a, int rows, int[] row, float[] b, float[] c) {
    for (int l = 0; l < LANES; l += L) {
      int r = 0;
      for (; r + 8 <= rows; r += 8) {
        eight(terms, term, a, row, r, l, b, c);
      }
      for (; r < rows; r++) {
        one(terms, term, a, row, r, l, b, c);
      }
    }
  }

  // For $name $rows in eight 8, one 1.
  private static void $name(
      int terms, int[] term, float[] a, int[] row, int first, int lane, float[] b, float[] c) {
    // For $r below $rows.
    FloatVector s$r = FloatVector.zero(S);
    int a$r = lane + row[first + $r];
    // End.
    // body: the elements of all rows times one of b per step
    for (int i = 0; i < terms; i++) {
      int ai = term[i];
      FloatVector y = FloatVector.fromArray(S, b, lane + i * LANES);
      // For $r below $rows.
      s$r = y.fma(FloatVector.fromArray(S, a, ai + a$r), s$r);
      // End.
    }
    // store
    int to = first * LANES + lane;
    // For $r below $rows.
    s$r.intoArray(c, to + $r * LANES);
    // End.
  }

  // End.
}
