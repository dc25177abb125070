// Files: VectorProductF32 1; f32 as f64.
package dev.autograd.kernel.conv;

import dev.autograd.kernel.Simd;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Products of [WinogradStepsF32#product] in registers: six rows by four vectors where there are 32
/// registers, by two where there are 16. The accumulators are locals written out one by one because
/// C2 keeps only such vectors in registers.
final class $File {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));
  private static final int L = S.length();
  private static final int MOST = S.vectorBitSize() == 256 ? 2 : 4;

  private $File() {}

  static void product(
      int terms,
      int[] term,
      int termAt,
      float[] a,
      int aAt,
      int[] row,
      int rowAt,
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
        four(terms, term, termAt, a, aAt, row, rowAt, b, bAt + j, bRow, c, cAt + j, cRow);
      } else if (vectors >= 2) {
        vectors = 2;
        two(terms, term, termAt, a, aAt, row, rowAt, b, bAt + j, bRow, c, cAt + j, cRow);
      } else {
        one(terms, term, termAt, a, aAt, row, rowAt, b, bAt + j, bRow, c, cAt + j, cRow);
      }
      j += vectors * L;
    }
  }

  // For $name $vectors in four 4, two 2, one 1.
  private static void $name(
      int terms,
      int[] term,
      int termAt,
      float[] a,
      int aAt,
      int[] row,
      int rowAt,
      float[] b,
      int bAt,
      int bRow,
      float[] c,
      int cAt,
      int cRow) {
    // For $r below 6.
    // For $v below $vectors.
    FloatVector s$r_$v = FloatVector.zero(S);
    // End.
    int a$r = aAt + row[rowAt + $r];
    // End.
    // body: one row of b times one column of a per step
    int bi = bAt;
    for (int i = 0; i < terms; i++) {
      int ai = term[termAt + i];
      FloatVector x;
      // For $v below $vectors.
      FloatVector y$v = FloatVector.fromArray(S, b, bi + $v * L);
      // End.
      // For $r below 6.
      x = FloatVector.broadcast(S, a[ai + a$r]);
      // For $v below $vectors.
      s$r_$v = x.fma(y$v, s$r_$v);
      // End.
      // End.
      bi += bRow;
    }
    // store
    // For $r below 6.
    // For $v below $vectors.
    s$r_$v.intoArray(c, cAt + $r * cRow + $v * L);
    // End.
    // End.
  }

  // End.
}
