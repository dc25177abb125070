// Files: DoubleTileF32 1; f32 as f64.
package dev.autograd.kernel.linalg;

import dev.autograd.kernel.Simd;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Tiles of two vectors in width, with A read at any strides.
///
/// The accumulators are locals written out one by one because C2 keeps only such vectors in
/// registers.
final class $File {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();

  private $File() {}

  // For $name $rows $used in twelve 12 12, eight 8 8, six 6 6, four 4 used.
  /// Writes $rows rows, of which only the first `$used` are of A.
  static void $name(
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
    // For $r below $rows.
    FloatVector p$r = FloatVector.zero(S);
    FloatVector q$r = FloatVector.zero(S);
    int a$r = aOffset + Math.min($r, $used - 1) * aRow;
    // End.
    int bi = bOffset;
    int ai = 0;
    // body: one column of a times one row of b per step
    for (int i = 0; i < k; i++) {
      FloatVector x = FloatVector.fromArray(S, b, bi);
      FloatVector y = FloatVector.fromArray(S, b, bi + L);
      FloatVector v;
      // For $r below $rows.
      v = FloatVector.broadcast(S, a[a$r + ai]);
      p$r = v.fma(x, p$r);
      q$r = v.fma(y, q$r);
      // End.
      bi += bRow;
      ai += aColumn;
    }
    // store
    int ci = cOffset;
    // For $r below $rows.
    p$r.intoArray(c, ci);
    q$r.intoArray(c, ci + L);
    ci += cRow;
    // End.
  }

  // End.
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
