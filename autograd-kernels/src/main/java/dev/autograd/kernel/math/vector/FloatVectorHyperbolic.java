package dev.autograd.kernel.math.vector;

import static dev.autograd.kernel.math.vector.Lanes.fma;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.OR;

import dev.autograd.kernel.math.FloatHyperbolic;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// The functions of [FloatHyperbolic] on every lane.
public final class FloatVectorHyperbolic {

  private FloatVectorHyperbolic() {}

  /// Returns the hyperbolic tangent.
  public static FloatVector tanh(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector z = a.mul(a);
    FloatVector p = fma(z, 0.0022927448f, -0.008343945f);
    p = fma(p, z, 0.021768918f);
    p = fma(p, z, -0.053959258f);
    p = fma(p, z, 0.13333304f);
    p = fma(p, z, -0.33333334f);
    FloatVector small = a.mul(z).fma(p, a);
    FloatVector two = FloatVector.broadcast(x.species(), 2f);
    FloatVector large = two.div(FloatVectorExp.exp(a.add(a)).add(1f)).neg().add(1f);
    IntVector sign = x.reinterpretAsInts().and(0x80000000);
    return large
        .blend(small, a.compare(LT, FloatHyperbolic.SMALL))
        .reinterpretAsInts()
        .lanewise(OR, sign)
        .reinterpretAsFloats();
  }

  /// Returns the hyperbolic sine.
  public static FloatVector sinh(FloatVector x) {
    return Lanes.each(x, FloatHyperbolic::sinh);
  }

  /// Returns the hyperbolic cosine.
  public static FloatVector cosh(FloatVector x) {
    return Lanes.each(x, FloatHyperbolic::cosh);
  }

  /// Returns the inverse hyperbolic sine.
  public static FloatVector asinh(FloatVector x) {
    return Lanes.each(x, FloatHyperbolic::asinh);
  }

  /// Returns the inverse hyperbolic cosine.
  public static FloatVector acosh(FloatVector x) {
    return Lanes.each(x, FloatHyperbolic::acosh);
  }

  /// Returns the inverse hyperbolic tangent.
  public static FloatVector atanh(FloatVector x) {
    return Lanes.each(x, FloatHyperbolic::atanh);
  }
}
