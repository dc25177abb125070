// Twin: SquareF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

import dev.autograd.kernel.Simd;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Transposes of squares in registers: in step s, of each pair of rows at distance s, the elements
/// whose columns are at that distance change places.
final class SquareF32 {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(Math.min(512, Simd.bits())));

  private static final int L = S.length();
  private static final FloatVector LOW8 = low(8);
  private static final FloatVector HIGH8 = high(8);
  private static final FloatVector LOW4 = low(4);
  private static final FloatVector HIGH4 = high(4);
  private static final FloatVector LOW2 = low(2);
  private static final FloatVector HIGH2 = high(2);
  private static final FloatVector LOW1 = low(1);
  private static final FloatVector HIGH1 = high(1);

  private SquareF32() {}

  /// Returns which elements of two rows go to the first of them.
  private static FloatVector low(int step) {
    float[] from = new float[L];
    for (int j = 0; j < L; j++) {
      from[j] = (j & step) == 0 ? j : L + j - step;
    }
    return FloatVector.fromArray(S, from, 0);
  }

  private static FloatVector high(int step) {
    float[] from = new float[L];
    for (int j = 0; j < L; j++) {
      from[j] = (j & step) == 0 ? (j + step) % L : L + j;
    }
    return FloatVector.fromArray(S, from, 0);
  }

  static void sixteen(float[] x, int xOffset, int xRow, float[] y, int yOffset, int yRow) {
    int xi = xOffset;
    FloatVector v0 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v1 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v2 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v3 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v4 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v5 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v6 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v7 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v8 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v9 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v10 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v11 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v12 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v13 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v14 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v15 = FloatVector.fromArray(S, x, xi);
    FloatVector t;
    // rows and columns at distance 8 change places
    t = LOW8.selectFrom(v0, v8);
    v8 = HIGH8.selectFrom(v0, v8);
    v0 = t;
    t = LOW8.selectFrom(v1, v9);
    v9 = HIGH8.selectFrom(v1, v9);
    v1 = t;
    t = LOW8.selectFrom(v2, v10);
    v10 = HIGH8.selectFrom(v2, v10);
    v2 = t;
    t = LOW8.selectFrom(v3, v11);
    v11 = HIGH8.selectFrom(v3, v11);
    v3 = t;
    t = LOW8.selectFrom(v4, v12);
    v12 = HIGH8.selectFrom(v4, v12);
    v4 = t;
    t = LOW8.selectFrom(v5, v13);
    v13 = HIGH8.selectFrom(v5, v13);
    v5 = t;
    t = LOW8.selectFrom(v6, v14);
    v14 = HIGH8.selectFrom(v6, v14);
    v6 = t;
    t = LOW8.selectFrom(v7, v15);
    v15 = HIGH8.selectFrom(v7, v15);
    v7 = t;
    // rows and columns at distance 4 change places
    t = LOW4.selectFrom(v0, v4);
    v4 = HIGH4.selectFrom(v0, v4);
    v0 = t;
    t = LOW4.selectFrom(v1, v5);
    v5 = HIGH4.selectFrom(v1, v5);
    v1 = t;
    t = LOW4.selectFrom(v2, v6);
    v6 = HIGH4.selectFrom(v2, v6);
    v2 = t;
    t = LOW4.selectFrom(v3, v7);
    v7 = HIGH4.selectFrom(v3, v7);
    v3 = t;
    t = LOW4.selectFrom(v8, v12);
    v12 = HIGH4.selectFrom(v8, v12);
    v8 = t;
    t = LOW4.selectFrom(v9, v13);
    v13 = HIGH4.selectFrom(v9, v13);
    v9 = t;
    t = LOW4.selectFrom(v10, v14);
    v14 = HIGH4.selectFrom(v10, v14);
    v10 = t;
    t = LOW4.selectFrom(v11, v15);
    v15 = HIGH4.selectFrom(v11, v15);
    v11 = t;
    // rows and columns at distance 2 change places
    t = LOW2.selectFrom(v0, v2);
    v2 = HIGH2.selectFrom(v0, v2);
    v0 = t;
    t = LOW2.selectFrom(v1, v3);
    v3 = HIGH2.selectFrom(v1, v3);
    v1 = t;
    t = LOW2.selectFrom(v4, v6);
    v6 = HIGH2.selectFrom(v4, v6);
    v4 = t;
    t = LOW2.selectFrom(v5, v7);
    v7 = HIGH2.selectFrom(v5, v7);
    v5 = t;
    t = LOW2.selectFrom(v8, v10);
    v10 = HIGH2.selectFrom(v8, v10);
    v8 = t;
    t = LOW2.selectFrom(v9, v11);
    v11 = HIGH2.selectFrom(v9, v11);
    v9 = t;
    t = LOW2.selectFrom(v12, v14);
    v14 = HIGH2.selectFrom(v12, v14);
    v12 = t;
    t = LOW2.selectFrom(v13, v15);
    v15 = HIGH2.selectFrom(v13, v15);
    v13 = t;
    // rows and columns at distance 1 change places
    t = LOW1.selectFrom(v0, v1);
    v1 = HIGH1.selectFrom(v0, v1);
    v0 = t;
    t = LOW1.selectFrom(v2, v3);
    v3 = HIGH1.selectFrom(v2, v3);
    v2 = t;
    t = LOW1.selectFrom(v4, v5);
    v5 = HIGH1.selectFrom(v4, v5);
    v4 = t;
    t = LOW1.selectFrom(v6, v7);
    v7 = HIGH1.selectFrom(v6, v7);
    v6 = t;
    t = LOW1.selectFrom(v8, v9);
    v9 = HIGH1.selectFrom(v8, v9);
    v8 = t;
    t = LOW1.selectFrom(v10, v11);
    v11 = HIGH1.selectFrom(v10, v11);
    v10 = t;
    t = LOW1.selectFrom(v12, v13);
    v13 = HIGH1.selectFrom(v12, v13);
    v12 = t;
    t = LOW1.selectFrom(v14, v15);
    v15 = HIGH1.selectFrom(v14, v15);
    v14 = t;
    int yi = yOffset;
    v0.intoArray(y, yi);
    yi += yRow;
    v1.intoArray(y, yi);
    yi += yRow;
    v2.intoArray(y, yi);
    yi += yRow;
    v3.intoArray(y, yi);
    yi += yRow;
    v4.intoArray(y, yi);
    yi += yRow;
    v5.intoArray(y, yi);
    yi += yRow;
    v6.intoArray(y, yi);
    yi += yRow;
    v7.intoArray(y, yi);
    yi += yRow;
    v8.intoArray(y, yi);
    yi += yRow;
    v9.intoArray(y, yi);
    yi += yRow;
    v10.intoArray(y, yi);
    yi += yRow;
    v11.intoArray(y, yi);
    yi += yRow;
    v12.intoArray(y, yi);
    yi += yRow;
    v13.intoArray(y, yi);
    yi += yRow;
    v14.intoArray(y, yi);
    yi += yRow;
    v15.intoArray(y, yi);
  }

  static void eight(float[] x, int xOffset, int xRow, float[] y, int yOffset, int yRow) {
    int xi = xOffset;
    FloatVector v0 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v1 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v2 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v3 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v4 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v5 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v6 = FloatVector.fromArray(S, x, xi);
    xi += xRow;
    FloatVector v7 = FloatVector.fromArray(S, x, xi);
    FloatVector t;
    // rows and columns at distance 4 change places
    t = LOW4.selectFrom(v0, v4);
    v4 = HIGH4.selectFrom(v0, v4);
    v0 = t;
    t = LOW4.selectFrom(v1, v5);
    v5 = HIGH4.selectFrom(v1, v5);
    v1 = t;
    t = LOW4.selectFrom(v2, v6);
    v6 = HIGH4.selectFrom(v2, v6);
    v2 = t;
    t = LOW4.selectFrom(v3, v7);
    v7 = HIGH4.selectFrom(v3, v7);
    v3 = t;
    // rows and columns at distance 2 change places
    t = LOW2.selectFrom(v0, v2);
    v2 = HIGH2.selectFrom(v0, v2);
    v0 = t;
    t = LOW2.selectFrom(v1, v3);
    v3 = HIGH2.selectFrom(v1, v3);
    v1 = t;
    t = LOW2.selectFrom(v4, v6);
    v6 = HIGH2.selectFrom(v4, v6);
    v4 = t;
    t = LOW2.selectFrom(v5, v7);
    v7 = HIGH2.selectFrom(v5, v7);
    v5 = t;
    // rows and columns at distance 1 change places
    t = LOW1.selectFrom(v0, v1);
    v1 = HIGH1.selectFrom(v0, v1);
    v0 = t;
    t = LOW1.selectFrom(v2, v3);
    v3 = HIGH1.selectFrom(v2, v3);
    v2 = t;
    t = LOW1.selectFrom(v4, v5);
    v5 = HIGH1.selectFrom(v4, v5);
    v4 = t;
    t = LOW1.selectFrom(v6, v7);
    v7 = HIGH1.selectFrom(v6, v7);
    v6 = t;
    int yi = yOffset;
    v0.intoArray(y, yi);
    yi += yRow;
    v1.intoArray(y, yi);
    yi += yRow;
    v2.intoArray(y, yi);
    yi += yRow;
    v3.intoArray(y, yi);
    yi += yRow;
    v4.intoArray(y, yi);
    yi += yRow;
    v5.intoArray(y, yi);
    yi += yRow;
    v6.intoArray(y, yi);
    yi += yRow;
    v7.intoArray(y, yi);
  }
}
