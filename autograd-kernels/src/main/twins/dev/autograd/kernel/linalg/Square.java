// Files: SquareF32 1; f32 as f64.
package dev.autograd.kernel.linalg;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Transposes of squares of eight in registers, where eight elements fit one.
///
/// In step s, of each pair of rows at distance s, the elements whose columns are at that distance
/// change places. The elements move as integers of their size, because the choice from two vectors
/// takes its indices in the type of the elements.
final class $File {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(8 * Float.SIZE));

  // For $d halving 8.
  private static final FloatVector LOW$d = choice($d, false);
  private static final FloatVector HIGH$d = choice($d, true);

  // End.
  private $File() {}

  /// Returns which elements of two rows at distance `step` go to the first or second of them: the
  /// bits of integers.
  static FloatVector choice(int step, boolean second) {
    float[] from = new float[8];
    for (int j = 0; j < 8; j++) {
      boolean stays = (j & step) == 0 != second;
      from[j] = second ? (stays ? 8 + j : j + step) : stays ? j : 8 + j - step;
    }
    var integers =
        FloatVector.fromArray(S, from, 0)
            .castShape(FloatVector.zero(S).viewAsIntegralLanes().species(), 0);
    return (FloatVector) integers.viewAsFloatingLanes();
  }

  /// Writes `y[j, i] = x[i, j]` for i and j below 8.
  static void transpose(float[] x, int xOffset, int xRow, float[] y, int yOffset, int yRow) {
    // For $d halving 8.
    var low$d = LOW$d.viewAsIntegralLanes();
    var high$d = HIGH$d.viewAsIntegralLanes();
    // End.
    int xi = xOffset;
    // For $i below 8.
    var v$i = FloatVector.fromArray(S, x, xi).viewAsIntegralLanes();
    xi += xRow;
    // End.
    // For $d halving 8.
    // For $i $j at distance $d below 8.
    var t$d_$i = low$d.selectFrom(v$i, v$j);
    v$j = high$d.selectFrom(v$i, v$j);
    v$i = t$d_$i;
    // End.
    // End.
    int yi = yOffset;
    // For $i below 8.
    v$i.viewAsFloatingLanes().intoArray(y, yi);
    yi += yRow;
    // End.
  }
}
