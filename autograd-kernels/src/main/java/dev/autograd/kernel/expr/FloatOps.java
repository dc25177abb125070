// Twin: DoubleOps.java, f32 as f64, by tools/TwinSources.java.
package dev.autograd.kernel.expr;

import dev.autograd.kernel.math.FloatErf;
import dev.autograd.kernel.math.FloatExp;
import dev.autograd.kernel.math.FloatHyperbolic;
import dev.autograd.kernel.math.FloatInverseTrig;
import dev.autograd.kernel.math.FloatLog;
import dev.autograd.kernel.math.FloatPow;
import dev.autograd.kernel.math.FloatTrig;

/// The operations of a scalar loop over floats: generated code calls them by name.
// A loop without branches can become vectors; what narrows to float does nothing in f64.
@SuppressWarnings({"ShortCircuitBoolean", "cast"})
final class FloatOps {

  private FloatOps() {}

  static float neg(float x) {
    return -x;
  }

  static float abs(float x) {
    return Math.abs(x);
  }

  static float sign(float x) {
    return Math.signum(x);
  }

  static float floor(float x) {
    return (float) Math.floor(x);
  }

  static float ceil(float x) {
    return (float) Math.ceil(x);
  }

  static float round(float x) {
    return (float) Math.rint(x);
  }

  static float trunc(float x) {
    return Math.copySign((float) Math.floor(Math.abs(x)), x);
  }

  static float sqrt(float x) {
    return (float) Math.sqrt(x);
  }

  static float rsqrt(float x) {
    return 1f / (float) Math.sqrt(x);
  }

  static float exp(float x) {
    return FloatExp.exp(x);
  }

  static float exp2(float x) {
    return FloatExp.exp2(x);
  }

  static float expm1(float x) {
    return FloatExp.expm1(x);
  }

  static float sigmoid(float x) {
    return FloatExp.sigmoid(x);
  }

  static float log(float x) {
    return FloatLog.log(x);
  }

  static float log1p(float x) {
    return FloatLog.log1p(x);
  }

  static float log2(float x) {
    return FloatLog.log2(x);
  }

  static float log10(float x) {
    return FloatLog.log10(x);
  }

  static float sin(float x) {
    return FloatTrig.sin(x);
  }

  static float cos(float x) {
    return FloatTrig.cos(x);
  }

  static float tan(float x) {
    return FloatTrig.tan(x);
  }

  static float asin(float x) {
    return FloatInverseTrig.asin(x);
  }

  static float acos(float x) {
    return FloatInverseTrig.acos(x);
  }

  static float atan(float x) {
    return FloatInverseTrig.atan(x);
  }

  static float sinh(float x) {
    return FloatHyperbolic.sinh(x);
  }

  static float cosh(float x) {
    return FloatHyperbolic.cosh(x);
  }

  static float tanh(float x) {
    return FloatHyperbolic.tanh(x);
  }

  static float asinh(float x) {
    return FloatHyperbolic.asinh(x);
  }

  static float acosh(float x) {
    return FloatHyperbolic.acosh(x);
  }

  static float atanh(float x) {
    return FloatHyperbolic.atanh(x);
  }

  static float erf(float x) {
    return FloatErf.erf(x);
  }

  static float erfc(float x) {
    return FloatErf.erfc(x);
  }

  static float add(float a, float b) {
    return a + b;
  }

  static float sub(float a, float b) {
    return a - b;
  }

  static float mul(float a, float b) {
    return a * b;
  }

  static float div(float a, float b) {
    return a / b;
  }

  static float rem(float a, float b) {
    return a % b;
  }

  static float pow(float a, float b) {
    return FloatPow.pow(a, b);
  }

  static float atan2(float a, float b) {
    return FloatInverseTrig.atan2(a, b);
  }

  static float min(float a, float b) {
    return Math.min(a, b);
  }

  static float max(float a, float b) {
    return Math.max(a, b);
  }

  static float fma(float a, float b, float c) {
    return Math.fma(a, b, c);
  }

  static boolean lt(float a, float b) {
    return a < b;
  }

  static boolean le(float a, float b) {
    return a <= b;
  }

  static boolean gt(float a, float b) {
    return a > b;
  }

  static boolean ge(float a, float b) {
    return a >= b;
  }

  static boolean eq(float a, float b) {
    return a == b;
  }

  static boolean ne(float a, float b) {
    return a != b;
  }

  static boolean isNan(float x) {
    return Float.isNaN(x);
  }

  static boolean not(boolean a) {
    return !a;
  }

  static boolean and(boolean a, boolean b) {
    return a & b;
  }

  static boolean or(boolean a, boolean b) {
    return a | b;
  }

  static float select(boolean c, float a, float b) {
    return c ? a : b;
  }
}
