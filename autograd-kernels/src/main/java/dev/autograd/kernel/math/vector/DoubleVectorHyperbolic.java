package dev.autograd.kernel.math.vector;

import static jdk.incubator.vector.VectorOperators.OR;

import dev.autograd.kernel.math.DoubleHyperbolic;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;

/// The functions of [DoubleHyperbolic] on every lane.
public final class DoubleVectorHyperbolic {

  private DoubleVectorHyperbolic() {}

  /// Returns the hyperbolic tangent.
  public static DoubleVector tanh(DoubleVector x) {
    DoubleVector t = DoubleVectorExp.expm1(x.abs().mul(-2.0));
    LongVector y = t.neg().div(t.add(2.0)).abs().reinterpretAsLongs();
    LongVector sign = x.reinterpretAsLongs().and(Long.MIN_VALUE);
    return y.lanewise(OR, sign).reinterpretAsDoubles();
  }

  /// Returns the hyperbolic sine.
  public static DoubleVector sinh(DoubleVector x) {
    return Lanes.each(x, DoubleHyperbolic::sinh);
  }

  /// Returns the hyperbolic cosine.
  public static DoubleVector cosh(DoubleVector x) {
    DoubleVector zero = DoubleVector.zero(x.species());
    DoubleVector half = DoubleVectorExp.expOfSum(x.abs(), zero, 1.0);
    return half.add(DoubleVector.broadcast(x.species(), 0.25).div(half));
  }

  /// Returns the inverse hyperbolic sine.
  public static DoubleVector asinh(DoubleVector x) {
    return Lanes.each(x, DoubleHyperbolic::asinh);
  }

  /// Returns the inverse hyperbolic cosine.
  public static DoubleVector acosh(DoubleVector x) {
    return Lanes.each(x, DoubleHyperbolic::acosh);
  }

  /// Returns the inverse hyperbolic tangent.
  public static DoubleVector atanh(DoubleVector x) {
    return Lanes.each(x, DoubleHyperbolic::atanh);
  }
}
