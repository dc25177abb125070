package dev.autograd.kernel.expr;

import static jdk.incubator.vector.VectorOperators.OR;

import dev.autograd.kernel.math.vector.DoubleVectorErf;
import dev.autograd.kernel.math.vector.DoubleVectorExp;
import dev.autograd.kernel.math.vector.DoubleVectorHyperbolic;
import dev.autograd.kernel.math.vector.DoubleVectorInverseTrig;
import dev.autograd.kernel.math.vector.DoubleVectorLog;
import dev.autograd.kernel.math.vector.DoubleVectorPow;
import dev.autograd.kernel.math.vector.DoubleVectorTrig;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// The operations of a vector loop over doubles: generated code calls them by name.
final class DoubleVectorOps {

  private DoubleVectorOps() {}

  static DoubleVector neg(DoubleVector x) {
    return x.neg();
  }

  static DoubleVector abs(DoubleVector x) {
    return x.abs();
  }

  static DoubleVector sign(DoubleVector x) {
    DoubleVector one = withSign(DoubleVector.broadcast(x.species(), 1.0), x);
    return x.blend(one, x.abs().compare(VectorOperators.GT, 0.0));
  }

  static DoubleVector floor(DoubleVector x) {
    DoubleVector r = round(x);
    return withSign(r.blend(r.sub(1.0), r.compare(VectorOperators.GT, x)), x);
  }

  static DoubleVector ceil(DoubleVector x) {
    DoubleVector r = round(x);
    return withSign(r.blend(r.add(1.0), r.compare(VectorOperators.LT, x)), x);
  }

  /// Adding and taking away 2^52 rounds what is below it; all that is above is whole.
  static DoubleVector round(DoubleVector x) {
    DoubleVector a = x.abs();
    DoubleVector r = a.add(0x1p52).sub(0x1p52);
    return withSign(a.blend(r, a.compare(VectorOperators.LT, 0x1p52)), x);
  }

  static DoubleVector trunc(DoubleVector x) {
    return withSign(floor(x.abs()), x);
  }

  static DoubleVector sqrt(DoubleVector x) {
    return x.sqrt();
  }

  static DoubleVector rsqrt(DoubleVector x) {
    return DoubleVector.broadcast(x.species(), 1.0).div(x.sqrt());
  }

  static DoubleVector exp(DoubleVector x) {
    return DoubleVectorExp.exp(x);
  }

  static DoubleVector exp2(DoubleVector x) {
    return DoubleVectorExp.exp2(x);
  }

  static DoubleVector expm1(DoubleVector x) {
    return DoubleVectorExp.expm1(x);
  }

  static DoubleVector sigmoid(DoubleVector x) {
    return DoubleVectorExp.sigmoid(x);
  }

  static DoubleVector log(DoubleVector x) {
    return DoubleVectorLog.log(x);
  }

  static DoubleVector log1p(DoubleVector x) {
    return DoubleVectorLog.log1p(x);
  }

  static DoubleVector log2(DoubleVector x) {
    return DoubleVectorLog.log2(x);
  }

  static DoubleVector log10(DoubleVector x) {
    return DoubleVectorLog.log10(x);
  }

  static DoubleVector sin(DoubleVector x) {
    return DoubleVectorTrig.sin(x);
  }

  static DoubleVector cos(DoubleVector x) {
    return DoubleVectorTrig.cos(x);
  }

  static DoubleVector tan(DoubleVector x) {
    return DoubleVectorTrig.tan(x);
  }

  static DoubleVector asin(DoubleVector x) {
    return DoubleVectorInverseTrig.asin(x);
  }

  static DoubleVector acos(DoubleVector x) {
    return DoubleVectorInverseTrig.acos(x);
  }

  static DoubleVector atan(DoubleVector x) {
    return DoubleVectorInverseTrig.atan(x);
  }

  static DoubleVector sinh(DoubleVector x) {
    return DoubleVectorHyperbolic.sinh(x);
  }

  static DoubleVector cosh(DoubleVector x) {
    return DoubleVectorHyperbolic.cosh(x);
  }

  static DoubleVector tanh(DoubleVector x) {
    return DoubleVectorHyperbolic.tanh(x);
  }

  static DoubleVector asinh(DoubleVector x) {
    return DoubleVectorHyperbolic.asinh(x);
  }

  static DoubleVector acosh(DoubleVector x) {
    return DoubleVectorHyperbolic.acosh(x);
  }

  static DoubleVector atanh(DoubleVector x) {
    return DoubleVectorHyperbolic.atanh(x);
  }

  static DoubleVector erf(DoubleVector x) {
    return DoubleVectorErf.erf(x);
  }

  static DoubleVector erfc(DoubleVector x) {
    return DoubleVectorErf.erfc(x);
  }

  static DoubleVector add(DoubleVector a, DoubleVector b) {
    return a.add(b);
  }

  static DoubleVector sub(DoubleVector a, DoubleVector b) {
    return a.sub(b);
  }

  static DoubleVector mul(DoubleVector a, DoubleVector b) {
    return a.mul(b);
  }

  static DoubleVector div(DoubleVector a, DoubleVector b) {
    return a.div(b);
  }

  static DoubleVector rem(DoubleVector a, DoubleVector b) {
    double[] v = a.toArray();
    double[] w = b.toArray();
    for (int i = 0; i < v.length; i++) {
      v[i] %= w[i];
    }
    return DoubleVector.fromArray(a.species(), v, 0);
  }

  static DoubleVector pow(DoubleVector a, DoubleVector b) {
    return DoubleVectorPow.pow(a, b);
  }

  static DoubleVector atan2(DoubleVector a, DoubleVector b) {
    return DoubleVectorInverseTrig.atan2(a, b);
  }

  static DoubleVector min(DoubleVector a, DoubleVector b) {
    return a.min(b);
  }

  static DoubleVector max(DoubleVector a, DoubleVector b) {
    return a.max(b);
  }

  static DoubleVector fma(DoubleVector a, DoubleVector b, DoubleVector c) {
    return a.fma(b, c);
  }

  static VectorMask<Double> lt(DoubleVector a, DoubleVector b) {
    return a.compare(VectorOperators.LT, b);
  }

  static VectorMask<Double> le(DoubleVector a, DoubleVector b) {
    return a.compare(VectorOperators.LE, b);
  }

  static VectorMask<Double> gt(DoubleVector a, DoubleVector b) {
    return a.compare(VectorOperators.GT, b);
  }

  static VectorMask<Double> ge(DoubleVector a, DoubleVector b) {
    return a.compare(VectorOperators.GE, b);
  }

  static VectorMask<Double> eq(DoubleVector a, DoubleVector b) {
    return a.compare(VectorOperators.EQ, b);
  }

  static VectorMask<Double> ne(DoubleVector a, DoubleVector b) {
    return a.compare(VectorOperators.NE, b);
  }

  static VectorMask<Double> isNan(DoubleVector x) {
    return x.compare(VectorOperators.NE, x);
  }

  static VectorMask<Double> not(VectorMask<Double> a) {
    return a.not();
  }

  static VectorMask<Double> and(VectorMask<Double> a, VectorMask<Double> b) {
    return a.and(b);
  }

  static VectorMask<Double> or(VectorMask<Double> a, VectorMask<Double> b) {
    return a.or(b);
  }

  static DoubleVector select(VectorMask<Double> c, DoubleVector a, DoubleVector b) {
    return b.blend(a, c);
  }

  /// Reads truth values that were widened to 0 and 1.
  static VectorMask<Double> toMask(DoubleVector x) {
    return x.compare(VectorOperators.NE, 0.0);
  }

  /// Widens truth values to 0 and 1.
  static DoubleVector fromMask(VectorMask<Double> a) {
    return DoubleVector.zero(a.vectorSpecies()).blend(1.0, a);
  }

  /// Gives `x`, whose sign bit is clear or already right, the sign of `sign`.
  private static DoubleVector withSign(DoubleVector x, DoubleVector sign) {
    LongVector bit = sign.reinterpretAsLongs().and(Long.MIN_VALUE);
    return x.reinterpretAsLongs().lanewise(OR, bit).reinterpretAsDoubles();
  }
}
