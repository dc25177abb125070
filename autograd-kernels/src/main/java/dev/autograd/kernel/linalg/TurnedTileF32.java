// Twin: TurnedTileF64.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.linalg;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Sums of a few rows of x with rows of w whose elements along k follow each other: squares of w
/// are transposed on the way to the sums. One or two rows of x take two squares at once, because
/// the chain of one would wait for itself.
final class TurnedTileF32 {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(8 * Float.SIZE));
  private static final FloatVector LOW4 = SquareF32.choice(4, false);
  private static final FloatVector HIGH4 = SquareF32.choice(4, true);
  private static final FloatVector LOW2 = SquareF32.choice(2, false);
  private static final FloatVector HIGH2 = SquareF32.choice(2, true);
  private static final FloatVector LOW1 = SquareF32.choice(1, false);
  private static final FloatVector HIGH1 = SquareF32.choice(1, true);

  private TurnedTileF32() {}

  /// Sums one row with sixteen of w over the whole squares in k.
  static void one(
      int k, float[] x, int xOffset, int xColumn, float[] w, int wOffset, int wRow, float[] sums) {
    var low4 = LOW4.viewAsIntegralLanes();
    var high4 = HIGH4.viewAsIntegralLanes();
    var low2 = LOW2.viewAsIntegralLanes();
    var high2 = HIGH2.viewAsIntegralLanes();
    var low1 = LOW1.viewAsIntegralLanes();
    var high1 = HIGH1.viewAsIntegralLanes();
    FloatVector p0 = FloatVector.zero(S);
    FloatVector q0 = FloatVector.zero(S);
    // body: squares of w, transposed, meet eight elements of each row of x
    for (int i = 0; i + 8 <= k; i += 8) {
      int wi = wOffset + i;
      int start = xOffset + i * xColumn;
      var v0 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v1 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v2 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v3 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v4 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v5 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v6 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v7 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      var t = v0;
      // pairs at distance 4
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
      int xi = start;
      FloatVector v;
      v = v0.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      xi += xColumn;
      v = v1.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      xi += xColumn;
      v = v2.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      xi += xColumn;
      v = v3.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      xi += xColumn;
      v = v4.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      xi += xColumn;
      v = v5.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      xi += xColumn;
      v = v6.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      xi += xColumn;
      v = v7.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      // the next eight rows
      wi += wRow;
      v0 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      v1 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      v2 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      v3 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      v4 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      v5 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      v6 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      v7 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      // pairs at distance 4
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
      xi = start;
      v = v0.viewAsFloatingLanes();
      q0 = v.fma(FloatVector.broadcast(S, x[xi]), q0);
      xi += xColumn;
      v = v1.viewAsFloatingLanes();
      q0 = v.fma(FloatVector.broadcast(S, x[xi]), q0);
      xi += xColumn;
      v = v2.viewAsFloatingLanes();
      q0 = v.fma(FloatVector.broadcast(S, x[xi]), q0);
      xi += xColumn;
      v = v3.viewAsFloatingLanes();
      q0 = v.fma(FloatVector.broadcast(S, x[xi]), q0);
      xi += xColumn;
      v = v4.viewAsFloatingLanes();
      q0 = v.fma(FloatVector.broadcast(S, x[xi]), q0);
      xi += xColumn;
      v = v5.viewAsFloatingLanes();
      q0 = v.fma(FloatVector.broadcast(S, x[xi]), q0);
      xi += xColumn;
      v = v6.viewAsFloatingLanes();
      q0 = v.fma(FloatVector.broadcast(S, x[xi]), q0);
      xi += xColumn;
      v = v7.viewAsFloatingLanes();
      q0 = v.fma(FloatVector.broadcast(S, x[xi]), q0);
    }
    p0.intoArray(sums, 0);
    q0.intoArray(sums, 8);
  }

  /// Sums two rows with sixteen of w.
  static void two(
      int k,
      float[] x,
      int xOffset,
      int xRow,
      int xColumn,
      float[] w,
      int wOffset,
      int wRow,
      float[] sums) {
    var low4 = LOW4.viewAsIntegralLanes();
    var high4 = HIGH4.viewAsIntegralLanes();
    var low2 = LOW2.viewAsIntegralLanes();
    var high2 = HIGH2.viewAsIntegralLanes();
    var low1 = LOW1.viewAsIntegralLanes();
    var high1 = HIGH1.viewAsIntegralLanes();
    FloatVector p0 = FloatVector.zero(S);
    FloatVector q0 = FloatVector.zero(S);
    FloatVector p1 = FloatVector.zero(S);
    FloatVector q1 = FloatVector.zero(S);
    int x1 = xRow;
    // body: squares of w, transposed, meet eight elements of each row of x
    for (int i = 0; i + 8 <= k; i += 8) {
      int wi = wOffset + i;
      int start = xOffset + i * xColumn;
      var v0 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v1 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v2 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v3 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v4 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v5 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v6 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v7 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      var t = v0;
      // pairs at distance 4
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
      int xi = start;
      FloatVector v;
      v = v0.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      p1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), p1);
      xi += xColumn;
      v = v1.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      p1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), p1);
      xi += xColumn;
      v = v2.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      p1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), p1);
      xi += xColumn;
      v = v3.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      p1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), p1);
      xi += xColumn;
      v = v4.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      p1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), p1);
      xi += xColumn;
      v = v5.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      p1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), p1);
      xi += xColumn;
      v = v6.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      p1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), p1);
      xi += xColumn;
      v = v7.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      p1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), p1);
      // the next eight rows
      wi += wRow;
      v0 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      v1 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      v2 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      v3 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      v4 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      v5 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      v6 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      v7 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      // pairs at distance 4
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
      xi = start;
      v = v0.viewAsFloatingLanes();
      q0 = v.fma(FloatVector.broadcast(S, x[xi]), q0);
      q1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), q1);
      xi += xColumn;
      v = v1.viewAsFloatingLanes();
      q0 = v.fma(FloatVector.broadcast(S, x[xi]), q0);
      q1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), q1);
      xi += xColumn;
      v = v2.viewAsFloatingLanes();
      q0 = v.fma(FloatVector.broadcast(S, x[xi]), q0);
      q1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), q1);
      xi += xColumn;
      v = v3.viewAsFloatingLanes();
      q0 = v.fma(FloatVector.broadcast(S, x[xi]), q0);
      q1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), q1);
      xi += xColumn;
      v = v4.viewAsFloatingLanes();
      q0 = v.fma(FloatVector.broadcast(S, x[xi]), q0);
      q1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), q1);
      xi += xColumn;
      v = v5.viewAsFloatingLanes();
      q0 = v.fma(FloatVector.broadcast(S, x[xi]), q0);
      q1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), q1);
      xi += xColumn;
      v = v6.viewAsFloatingLanes();
      q0 = v.fma(FloatVector.broadcast(S, x[xi]), q0);
      q1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), q1);
      xi += xColumn;
      v = v7.viewAsFloatingLanes();
      q0 = v.fma(FloatVector.broadcast(S, x[xi]), q0);
      q1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), q1);
    }
    p0.intoArray(sums, 0);
    q0.intoArray(sums, 8);
    p1.intoArray(sums, 16);
    q1.intoArray(sums, 24);
  }

  /// Sums four rows, of which only the first `used` are of x, with eight of w.
  static void four(
      int used,
      int k,
      float[] x,
      int xOffset,
      int xRow,
      int xColumn,
      float[] w,
      int wOffset,
      int wRow,
      float[] sums) {
    var low4 = LOW4.viewAsIntegralLanes();
    var high4 = HIGH4.viewAsIntegralLanes();
    var low2 = LOW2.viewAsIntegralLanes();
    var high2 = HIGH2.viewAsIntegralLanes();
    var low1 = LOW1.viewAsIntegralLanes();
    var high1 = HIGH1.viewAsIntegralLanes();
    FloatVector p0 = FloatVector.zero(S);
    FloatVector p1 = FloatVector.zero(S);
    FloatVector p2 = FloatVector.zero(S);
    FloatVector p3 = FloatVector.zero(S);
    int x1 = Math.min(1, used - 1) * xRow;
    int x2 = Math.min(2, used - 1) * xRow;
    int x3 = Math.min(3, used - 1) * xRow;
    // body: squares of w, transposed, meet eight elements of each row of x
    for (int i = 0; i + 8 <= k; i += 8) {
      int wi = wOffset + i;
      int start = xOffset + i * xColumn;
      var v0 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v1 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v2 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v3 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v4 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v5 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v6 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      var v7 = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      var t = v0;
      // pairs at distance 4
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
      int xi = start;
      FloatVector v;
      v = v0.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      p1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), p1);
      p2 = v.fma(FloatVector.broadcast(S, x[xi + x2]), p2);
      p3 = v.fma(FloatVector.broadcast(S, x[xi + x3]), p3);
      xi += xColumn;
      v = v1.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      p1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), p1);
      p2 = v.fma(FloatVector.broadcast(S, x[xi + x2]), p2);
      p3 = v.fma(FloatVector.broadcast(S, x[xi + x3]), p3);
      xi += xColumn;
      v = v2.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      p1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), p1);
      p2 = v.fma(FloatVector.broadcast(S, x[xi + x2]), p2);
      p3 = v.fma(FloatVector.broadcast(S, x[xi + x3]), p3);
      xi += xColumn;
      v = v3.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      p1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), p1);
      p2 = v.fma(FloatVector.broadcast(S, x[xi + x2]), p2);
      p3 = v.fma(FloatVector.broadcast(S, x[xi + x3]), p3);
      xi += xColumn;
      v = v4.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      p1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), p1);
      p2 = v.fma(FloatVector.broadcast(S, x[xi + x2]), p2);
      p3 = v.fma(FloatVector.broadcast(S, x[xi + x3]), p3);
      xi += xColumn;
      v = v5.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      p1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), p1);
      p2 = v.fma(FloatVector.broadcast(S, x[xi + x2]), p2);
      p3 = v.fma(FloatVector.broadcast(S, x[xi + x3]), p3);
      xi += xColumn;
      v = v6.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      p1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), p1);
      p2 = v.fma(FloatVector.broadcast(S, x[xi + x2]), p2);
      p3 = v.fma(FloatVector.broadcast(S, x[xi + x3]), p3);
      xi += xColumn;
      v = v7.viewAsFloatingLanes();
      p0 = v.fma(FloatVector.broadcast(S, x[xi]), p0);
      p1 = v.fma(FloatVector.broadcast(S, x[xi + x1]), p1);
      p2 = v.fma(FloatVector.broadcast(S, x[xi + x2]), p2);
      p3 = v.fma(FloatVector.broadcast(S, x[xi + x3]), p3);
    }
    p0.intoArray(sums, 0);
    p1.intoArray(sums, 8);
    p2.intoArray(sums, 16);
    p3.intoArray(sums, 24);
  }
}
