package dev.autograd.kernel.expr;

import dev.autograd.kernel.math.DoubleErf;
import dev.autograd.kernel.math.DoubleExp;
import dev.autograd.kernel.math.DoubleHyperbolic;
import dev.autograd.kernel.math.DoubleInverseTrig;
import dev.autograd.kernel.math.DoubleLog;
import dev.autograd.kernel.math.DoublePow;
import dev.autograd.kernel.math.DoubleTrig;

/// The operations of a scalar loop over doubles: generated code calls them by name.
@SuppressWarnings("ShortCircuitBoolean") // a loop without branches can become vectors
final class DoubleOps {

  private DoubleOps() {}

  static double neg(double x) {
    return -x;
  }

  static double abs(double x) {
    return Math.abs(x);
  }

  static double sign(double x) {
    return Math.signum(x);
  }

  static double floor(double x) {
    return Math.floor(x);
  }

  static double ceil(double x) {
    return Math.ceil(x);
  }

  static double round(double x) {
    return Math.rint(x);
  }

  static double trunc(double x) {
    return Math.copySign(Math.floor(Math.abs(x)), x);
  }

  static double sqrt(double x) {
    return Math.sqrt(x);
  }

  static double rsqrt(double x) {
    return 1.0 / Math.sqrt(x);
  }

  static double exp(double x) {
    return DoubleExp.exp(x);
  }

  static double exp2(double x) {
    return DoubleExp.exp2(x);
  }

  static double expm1(double x) {
    return DoubleExp.expm1(x);
  }

  static double sigmoid(double x) {
    return DoubleExp.sigmoid(x);
  }

  static double log(double x) {
    return DoubleLog.log(x);
  }

  static double log1p(double x) {
    return DoubleLog.log1p(x);
  }

  static double log2(double x) {
    return DoubleLog.log2(x);
  }

  static double log10(double x) {
    return DoubleLog.log10(x);
  }

  static double sin(double x) {
    return DoubleTrig.sin(x);
  }

  static double cos(double x) {
    return DoubleTrig.cos(x);
  }

  static double tan(double x) {
    return DoubleTrig.tan(x);
  }

  static double asin(double x) {
    return DoubleInverseTrig.asin(x);
  }

  static double acos(double x) {
    return DoubleInverseTrig.acos(x);
  }

  static double atan(double x) {
    return DoubleInverseTrig.atan(x);
  }

  static double sinh(double x) {
    return DoubleHyperbolic.sinh(x);
  }

  static double cosh(double x) {
    return DoubleHyperbolic.cosh(x);
  }

  static double tanh(double x) {
    return DoubleHyperbolic.tanh(x);
  }

  static double asinh(double x) {
    return DoubleHyperbolic.asinh(x);
  }

  static double acosh(double x) {
    return DoubleHyperbolic.acosh(x);
  }

  static double atanh(double x) {
    return DoubleHyperbolic.atanh(x);
  }

  static double erf(double x) {
    return DoubleErf.erf(x);
  }

  static double erfc(double x) {
    return DoubleErf.erfc(x);
  }

  static double add(double a, double b) {
    return a + b;
  }

  static double sub(double a, double b) {
    return a - b;
  }

  static double mul(double a, double b) {
    return a * b;
  }

  static double div(double a, double b) {
    return a / b;
  }

  static double rem(double a, double b) {
    return a % b;
  }

  static double pow(double a, double b) {
    return DoublePow.pow(a, b);
  }

  static double atan2(double a, double b) {
    return DoubleInverseTrig.atan2(a, b);
  }

  static double min(double a, double b) {
    return Math.min(a, b);
  }

  static double max(double a, double b) {
    return Math.max(a, b);
  }

  static double fma(double a, double b, double c) {
    return Math.fma(a, b, c);
  }

  static boolean lt(double a, double b) {
    return a < b;
  }

  static boolean le(double a, double b) {
    return a <= b;
  }

  static boolean gt(double a, double b) {
    return a > b;
  }

  static boolean ge(double a, double b) {
    return a >= b;
  }

  static boolean eq(double a, double b) {
    return a == b;
  }

  static boolean ne(double a, double b) {
    return a != b;
  }

  static boolean isNan(double x) {
    return Double.isNaN(x);
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

  static double select(boolean c, double a, double b) {
    return c ? a : b;
  }
}
