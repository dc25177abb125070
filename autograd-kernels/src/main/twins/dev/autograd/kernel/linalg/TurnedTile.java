// Files: TurnedTileF32 1; f32 as f64.
package dev.autograd.kernel.linalg;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/// Sums of a few rows of x with rows of w whose elements along k follow each other: squares of w
/// are transposed on the way to the sums. One or two rows of x take two squares at once, because
/// the chain of one would wait for itself.
final class $File {
  private static final VectorSpecies<Float> S =
      VectorSpecies.of(float.class, VectorShape.forBitSize(8 * Float.SIZE));

  // For $d halving 8.
  private static final FloatVector LOW$d = SquareF32.choice($d, false);
  private static final FloatVector HIGH$d = SquareF32.choice($d, true);

  // End.
  private $File() {}

  // For $name $rows in one 1, two 2.
  /// Sums $name rows with sixteen of w over the whole squares in k.
  static void $name(
      int k,
      float[] x,
      int xOffset,
      int xRow,
      int xColumn,
      float[] w,
      int wOffset,
      int wRow,
      float[] sums) {
    // For $d halving 8.
    var low$d = LOW$d.viewAsIntegralLanes();
    var high$d = HIGH$d.viewAsIntegralLanes();
    // End.
    // For $r below $rows.
    FloatVector p$r = FloatVector.zero(S);
    FloatVector q$r = FloatVector.zero(S);
    int x$r = $r * xRow;
    // End.
    // body: squares of w, transposed, meet eight elements of each row of x
    for (int i = 0; i + 8 <= k; i += 8) {
      int wi = wOffset + i;
      int start = xOffset + i * xColumn;
      // For $l below 8.
      var v$l = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      // End.
      // For $d halving 8.
      // For $i $j at distance $d below 8.
      var t$d_$i = low$d.selectFrom(v$i, v$j);
      v$j = high$d.selectFrom(v$i, v$j);
      v$i = t$d_$i;
      // End.
      // End.
      int xi = start;
      FloatVector v;
      // For $l below 8.
      v = v$l.viewAsFloatingLanes();
      // For $r below $rows.
      p$r = v.fma(FloatVector.broadcast(S, x[xi + x$r]), p$r);
      // End.
      xi += xColumn;
      // End.
      // the next eight rows
      // For $l below 8.
      v$l = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      // End.
      // For $d halving 8.
      // For $i $j at distance $d below 8.
      var u$d_$i = low$d.selectFrom(v$i, v$j);
      v$j = high$d.selectFrom(v$i, v$j);
      v$i = u$d_$i;
      // End.
      // End.
      xi = start;
      // For $l below 8.
      v = v$l.viewAsFloatingLanes();
      // For $r below $rows.
      q$r = v.fma(FloatVector.broadcast(S, x[xi + x$r]), q$r);
      // End.
      xi += xColumn;
      // End.
    }
    // For $r below $rows.
    p$r.intoArray(sums, 16 * $r);
    q$r.intoArray(sums, 16 * $r + 8);
    // End.
  }

  // End.
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
    // For $d halving 8.
    var low$d = LOW$d.viewAsIntegralLanes();
    var high$d = HIGH$d.viewAsIntegralLanes();
    // End.
    // For $r below 4.
    FloatVector p$r = FloatVector.zero(S);
    int x$r = Math.min($r, used - 1) * xRow;
    // End.
    // body: squares of w, transposed, meet eight elements of each row of x
    for (int i = 0; i + 8 <= k; i += 8) {
      int wi = wOffset + i;
      int start = xOffset + i * xColumn;
      // For $l below 8.
      var v$l = FloatVector.fromArray(S, w, wi).viewAsIntegralLanes();
      wi += wRow;
      // End.
      // For $d halving 8.
      // For $i $j at distance $d below 8.
      var t$d_$i = low$d.selectFrom(v$i, v$j);
      v$j = high$d.selectFrom(v$i, v$j);
      v$i = t$d_$i;
      // End.
      // End.
      int xi = start;
      FloatVector v;
      // For $l below 8.
      v = v$l.viewAsFloatingLanes();
      // For $r below 4.
      p$r = v.fma(FloatVector.broadcast(S, x[xi + x$r]), p$r);
      // End.
      xi += xColumn;
      // End.
    }
    // For $r below 4.
    p$r.intoArray(sums, 8 * $r);
    // End.
  }
}
