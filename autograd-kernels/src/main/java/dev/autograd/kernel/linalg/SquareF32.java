// Twin: SquareF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Transposes of squares of eight in registers, where eight elements fit one.
///
/// In step s, of each pair of rows at distance s, the elements whose columns are at that distance
/// change places. The elements move as integers of their size, because the choice from two vectors
/// takes its indices in the type of the elements.
final class SquareF32 {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(8 * Float.SIZE));
  private static final FloatVector LOW4 = choice(4, false);
  private static final FloatVector HIGH4 = choice(4, true);
  private static final FloatVector LOW2 = choice(2, false);
  private static final FloatVector HIGH2 = choice(2, true);
  private static final FloatVector LOW1 = choice(1, false);
  private static final FloatVector HIGH1 = choice(1, true);

  private SquareF32() {}

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
    var low4 = LOW4.viewAsIntegralLanes();
    var high4 = HIGH4.viewAsIntegralLanes();
    var low2 = LOW2.viewAsIntegralLanes();
    var high2 = HIGH2.viewAsIntegralLanes();
    var low1 = LOW1.viewAsIntegralLanes();
    var high1 = HIGH1.viewAsIntegralLanes();
    int xi = xOffset;
    var v0 = FloatVector.fromArray(S, x, xi).viewAsIntegralLanes();
    xi += xRow;
    var v1 = FloatVector.fromArray(S, x, xi).viewAsIntegralLanes();
    xi += xRow;
    var v2 = FloatVector.fromArray(S, x, xi).viewAsIntegralLanes();
    xi += xRow;
    var v3 = FloatVector.fromArray(S, x, xi).viewAsIntegralLanes();
    xi += xRow;
    var v4 = FloatVector.fromArray(S, x, xi).viewAsIntegralLanes();
    xi += xRow;
    var v5 = FloatVector.fromArray(S, x, xi).viewAsIntegralLanes();
    xi += xRow;
    var v6 = FloatVector.fromArray(S, x, xi).viewAsIntegralLanes();
    xi += xRow;
    var v7 = FloatVector.fromArray(S, x, xi).viewAsIntegralLanes();
    // pairs at distance 4
    var t = low4.selectFrom(v0, v4);
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
    // pairs at distance 2
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
    // pairs at distance 1
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
    int yi = yOffset;
    v0.viewAsFloatingLanes().intoArray(y, yi);
    yi += yRow;
    v1.viewAsFloatingLanes().intoArray(y, yi);
    yi += yRow;
    v2.viewAsFloatingLanes().intoArray(y, yi);
    yi += yRow;
    v3.viewAsFloatingLanes().intoArray(y, yi);
    yi += yRow;
    v4.viewAsFloatingLanes().intoArray(y, yi);
    yi += yRow;
    v5.viewAsFloatingLanes().intoArray(y, yi);
    yi += yRow;
    v6.viewAsFloatingLanes().intoArray(y, yi);
    yi += yRow;
    v7.viewAsFloatingLanes().intoArray(y, yi);
  }
}
