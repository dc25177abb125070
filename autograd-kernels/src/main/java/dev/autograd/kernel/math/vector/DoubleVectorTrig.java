package dev.autograd.kernel.math.vector;

import static dev.autograd.kernel.math.vector.Lanes.fma;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.XOR;

import dev.autograd.kernel.math.DoubleExp;
import dev.autograd.kernel.math.DoubleTrig;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;

/// The functions of [DoubleTrig] on every lane.
public final class DoubleVectorTrig {

  private DoubleVectorTrig() {}

  /// Returns the sine of `x` radians.
  public static DoubleVector sin(DoubleVector x) {
    DoubleVector a = x.abs();
    if (!a.compare(LE, DoubleTrig.REDUCIBLE).allTrue()) {
      return sinOneByOne(x);
    }
    LongVector sign = x.reinterpretAsLongs().and(Long.MIN_VALUE);
    return turn(a, 0).reinterpretAsLongs().lanewise(XOR, sign).reinterpretAsDoubles();
  }

  /// Returns the cosine of `x` radians.
  public static DoubleVector cos(DoubleVector x) {
    DoubleVector a = x.abs();
    if (!a.compare(LE, DoubleTrig.REDUCIBLE).allTrue()) {
      return cosOneByOne(x);
    }
    return turn(a, 1);
  }

  /// Returns the sine, where the reduction of huge arguments needs a scalar form.
  public static DoubleVector sinOneByOne(DoubleVector x) {
    return Lanes.each(x, DoubleTrig::sin);
  }

  /// Returns the cosine, where the reduction of huge arguments needs a scalar form.
  public static DoubleVector cosOneByOne(DoubleVector x) {
    return Lanes.each(x, DoubleTrig::cos);
  }

  /// Returns the tangent of `x` radians.
  public static DoubleVector tan(DoubleVector x) {
    return sin(x).div(cos(x));
  }

  private static DoubleVector turn(DoubleVector a, int quarters) {
    DoubleVector z = fma(a, DoubleTrig.TWO_OVER_PI, DoubleExp.ROUNDER);
    DoubleVector n = z.sub(DoubleExp.ROUNDER);
    DoubleVector r = fma(n, -DoubleTrig.HALF_PI_2, fma(n, -DoubleTrig.HALF_PI_1, a));
    r = fma(n, -DoubleTrig.HALF_PI_3, r);
    LongVector q = z.reinterpretAsLongs().add(quarters);
    DoubleVector y = cosine(r).blend(sine(r), q.and(1).compare(EQ, 0).cast(r.species()));
    return y.reinterpretAsLongs().lanewise(XOR, q.and(2).lanewise(LSHL, 62)).reinterpretAsDoubles();
  }

  private static DoubleVector sine(DoubleVector r) {
    DoubleVector s = r.mul(r);
    DoubleVector p = fma(s, 1.59153232122714e-10, -2.5051092507061385e-08);
    p = fma(p, s, 2.755731591191116e-06);
    p = fma(p, s, -0.00019841269836387345);
    p = fma(p, s, 0.0083333333333307);
    p = fma(p, s, -0.16666666666666666);
    return r.mul(s).fma(p, r);
  }

  private static DoubleVector cosine(DoubleVector r) {
    DoubleVector s = r.mul(r);
    DoubleVector p = fma(s, -1.1380876948169717e-11, 2.087612165887116e-09);
    p = fma(p, s, -2.755731715246704e-07);
    p = fma(p, s, 2.4801587298533456e-05);
    p = fma(p, s, -0.0013888888888887241);
    p = fma(p, s, 0.041666666666666664);
    p = fma(p, s, -0.5);
    return fma(p, s, 1.0);
  }
}
