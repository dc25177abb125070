// Twin: DoubleVectorOps.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.expr;

import static dev.autograd.kernel.expr.VectorSign.withSign;

import dev.autograd.kernel.math.vector.FloatVectorErf;
import dev.autograd.kernel.math.vector.FloatVectorExp;
import dev.autograd.kernel.math.vector.FloatVectorHyperbolic;
import dev.autograd.kernel.math.vector.FloatVectorInverseTrig;
import dev.autograd.kernel.math.vector.FloatVectorLog;
import dev.autograd.kernel.math.vector.FloatVectorPow;
import dev.autograd.kernel.math.vector.FloatVectorTrig;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;

/// The operations of a vector loop over floats: generated code calls them by name.
final class FloatVectorOps {

  /// From here on every number is whole.
  private static final float WHOLE = 1L << (Float.PRECISION - 1);

  private FloatVectorOps() {}

  static FloatVector neg(FloatVector x) {
    return x.neg();
  }

  static FloatVector abs(FloatVector x) {
    return x.abs();
  }

  static FloatVector sign(FloatVector x) {
    FloatVector one = withSign(FloatVector.broadcast(x.species(), 1f), x);
    return x.blend(one, x.abs().compare(VectorOperators.GT, 0f));
  }

  static FloatVector floor(FloatVector x) {
    FloatVector r = round(x);
    return withSign(r.blend(r.sub(1f), r.compare(VectorOperators.GT, x)), x);
  }

  static FloatVector ceil(FloatVector x) {
    FloatVector r = round(x);
    return withSign(r.blend(r.add(1f), r.compare(VectorOperators.LT, x)), x);
  }

  /// Adding and taking away [#WHOLE] rounds what is below it.
  static FloatVector round(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector r = a.add(WHOLE).sub(WHOLE);
    return withSign(a.blend(r, a.compare(VectorOperators.LT, WHOLE)), x);
  }

  static FloatVector trunc(FloatVector x) {
    return withSign(floor(x.abs()), x);
  }

  static FloatVector sqrt(FloatVector x) {
    return x.sqrt();
  }

  static FloatVector rsqrt(FloatVector x) {
    return FloatVector.broadcast(x.species(), 1f).div(x.sqrt());
  }

  static FloatVector exp(FloatVector x) {
    return FloatVectorExp.exp(x);
  }

  static FloatVector exp2(FloatVector x) {
    return FloatVectorExp.exp2(x);
  }

  static FloatVector expm1(FloatVector x) {
    return FloatVectorExp.expm1(x);
  }

  static FloatVector sigmoid(FloatVector x) {
    return FloatVectorExp.sigmoid(x);
  }

  static FloatVector log(FloatVector x) {
    return FloatVectorLog.log(x);
  }

  static FloatVector log1p(FloatVector x) {
    return FloatVectorLog.log1p(x);
  }

  static FloatVector log2(FloatVector x) {
    return FloatVectorLog.log2(x);
  }

  static FloatVector log10(FloatVector x) {
    return FloatVectorLog.log10(x);
  }

  static FloatVector sin(FloatVector x) {
    return FloatVectorTrig.sin(x);
  }

  static FloatVector cos(FloatVector x) {
    return FloatVectorTrig.cos(x);
  }

  static FloatVector tan(FloatVector x) {
    return FloatVectorTrig.tan(x);
  }

  static FloatVector asin(FloatVector x) {
    return FloatVectorInverseTrig.asin(x);
  }

  static FloatVector acos(FloatVector x) {
    return FloatVectorInverseTrig.acos(x);
  }

  static FloatVector atan(FloatVector x) {
    return FloatVectorInverseTrig.atan(x);
  }

  static FloatVector sinh(FloatVector x) {
    return FloatVectorHyperbolic.sinh(x);
  }

  static FloatVector cosh(FloatVector x) {
    return FloatVectorHyperbolic.cosh(x);
  }

  static FloatVector tanh(FloatVector x) {
    return FloatVectorHyperbolic.tanh(x);
  }

  static FloatVector asinh(FloatVector x) {
    return FloatVectorHyperbolic.asinh(x);
  }

  static FloatVector acosh(FloatVector x) {
    return FloatVectorHyperbolic.acosh(x);
  }

  static FloatVector atanh(FloatVector x) {
    return FloatVectorHyperbolic.atanh(x);
  }

  static FloatVector erf(FloatVector x) {
    return FloatVectorErf.erf(x);
  }

  static FloatVector erfc(FloatVector x) {
    return FloatVectorErf.erfc(x);
  }

  static FloatVector add(FloatVector a, FloatVector b) {
    return a.add(b);
  }

  static FloatVector sub(FloatVector a, FloatVector b) {
    return a.sub(b);
  }

  static FloatVector mul(FloatVector a, FloatVector b) {
    return a.mul(b);
  }

  static FloatVector div(FloatVector a, FloatVector b) {
    return a.div(b);
  }

  static FloatVector rem(FloatVector a, FloatVector b) {
    float[] v = a.toArray();
    float[] w = b.toArray();
    for (int i = 0; i < v.length; i++) {
      v[i] %= w[i];
    }
    return FloatVector.fromArray(a.species(), v, 0);
  }

  static FloatVector pow(FloatVector a, FloatVector b) {
    return FloatVectorPow.pow(a, b);
  }

  static FloatVector atan2(FloatVector a, FloatVector b) {
    return FloatVectorInverseTrig.atan2(a, b);
  }

  static FloatVector min(FloatVector a, FloatVector b) {
    return a.min(b);
  }

  static FloatVector max(FloatVector a, FloatVector b) {
    return a.max(b);
  }

  static FloatVector fma(FloatVector a, FloatVector b, FloatVector c) {
    return a.fma(b, c);
  }

  static VectorMask<Float> lt(FloatVector a, FloatVector b) {
    return a.compare(VectorOperators.LT, b);
  }

  static VectorMask<Float> le(FloatVector a, FloatVector b) {
    return a.compare(VectorOperators.LE, b);
  }

  static VectorMask<Float> gt(FloatVector a, FloatVector b) {
    return a.compare(VectorOperators.GT, b);
  }

  static VectorMask<Float> ge(FloatVector a, FloatVector b) {
    return a.compare(VectorOperators.GE, b);
  }

  static VectorMask<Float> eq(FloatVector a, FloatVector b) {
    return a.compare(VectorOperators.EQ, b);
  }

  static VectorMask<Float> ne(FloatVector a, FloatVector b) {
    return a.compare(VectorOperators.NE, b);
  }

  static VectorMask<Float> isNan(FloatVector x) {
    return x.compare(VectorOperators.NE, x);
  }

  static VectorMask<Float> not(VectorMask<Float> a) {
    return a.not();
  }

  static VectorMask<Float> and(VectorMask<Float> a, VectorMask<Float> b) {
    return a.and(b);
  }

  static VectorMask<Float> or(VectorMask<Float> a, VectorMask<Float> b) {
    return a.or(b);
  }

  static FloatVector select(VectorMask<Float> c, FloatVector a, FloatVector b) {
    return b.blend(a, c);
  }

  /// Reads truth values that were widened to 0 and 1.
  static VectorMask<Float> toMask(FloatVector x) {
    return x.compare(VectorOperators.NE, 0f);
  }

  /// Widens truth values to 0 and 1.
  static FloatVector fromMask(VectorMask<Float> a) {
    return FloatVector.zero(a.vectorSpecies()).blend(1f, a);
  }
}
