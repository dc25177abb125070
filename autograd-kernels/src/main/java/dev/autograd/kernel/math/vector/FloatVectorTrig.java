package dev.autograd.kernel.math.vector;

import static dev.autograd.kernel.math.vector.Lanes.fma;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.XOR;

import dev.autograd.kernel.math.FloatExp;
import dev.autograd.kernel.math.FloatTrig;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// The functions of [FloatTrig] on every lane.
public final class FloatVectorTrig {

  private FloatVectorTrig() {}

  /// Returns the sine of `x` radians.
  public static FloatVector sin(FloatVector x) {
    FloatVector a = x.abs();
    if (!a.compare(LE, FloatTrig.REDUCIBLE).allTrue()) {
      return sinOneByOne(x);
    }
    IntVector sign = x.reinterpretAsInts().and(0x80000000);
    return turn(a, 0).reinterpretAsInts().lanewise(XOR, sign).reinterpretAsFloats();
  }

  /// Returns the cosine of `x` radians.
  public static FloatVector cos(FloatVector x) {
    FloatVector a = x.abs();
    if (!a.compare(LE, FloatTrig.REDUCIBLE).allTrue()) {
      return cosOneByOne(x);
    }
    return turn(a, 1);
  }

  /// Returns the sine, where the reduction of huge arguments needs a scalar form.
  public static FloatVector sinOneByOne(FloatVector x) {
    return Lanes.each(x, FloatTrig::sin);
  }

  /// Returns the cosine, where the reduction of huge arguments needs a scalar form.
  public static FloatVector cosOneByOne(FloatVector x) {
    return Lanes.each(x, FloatTrig::cos);
  }

  /// Returns the tangent of `x` radians.
  public static FloatVector tan(FloatVector x) {
    return Lanes.each(x, FloatTrig::tan);
  }

  private static FloatVector turn(FloatVector a, int quarters) {
    FloatVector z = fma(a, FloatTrig.TWO_OVER_PI, FloatExp.ROUNDER);
    FloatVector n = z.sub(FloatExp.ROUNDER);
    FloatVector r = fma(n, -FloatTrig.HALF_PI_2, fma(n, -FloatTrig.HALF_PI_1, a));
    r = fma(n, -FloatTrig.HALF_PI_3, r);
    IntVector q = z.reinterpretAsInts().add(quarters);
    FloatVector y = cosine(r).blend(sine(r), q.and(1).compare(EQ, 0).cast(r.species()));
    return y.reinterpretAsInts().lanewise(XOR, q.and(2).lanewise(LSHL, 30)).reinterpretAsFloats();
  }

  private static FloatVector sine(FloatVector r) {
    FloatVector s = r.mul(r);
    FloatVector p = fma(s, -0.00019582856f, 0.008332725f);
    p = fma(p, s, -0.16666664f);
    return r.mul(s).fma(p, r);
  }

  private static FloatVector cosine(FloatVector r) {
    FloatVector s = r.mul(r);
    FloatVector p = fma(s, 2.4542896e-05f, -0.0013888279f);
    p = fma(p, s, 0.041666664f);
    p = fma(p, s, -0.5f);
    return fma(p, s, 1f);
  }
}
