package dev.autograd.kernel.math;

/// Hyperbolic functions of a double and their inverses, within 4 ulp.
public final class DoubleHyperbolic {

  private static final double LN2 = 0.6931471805599453;

  private DoubleHyperbolic() {}

  /// Returns the hyperbolic tangent, `-t / (t + 2)` with `t = e^-2|x| - 1`.
  public static double tanh(double x) {
    double a = Math.abs(x);
    double t = DoubleExp.expm1(-2.0 * a);
    return Math.copySign(-t / (t + 2.0), x);
  }

  /// Returns the hyperbolic sine.
  public static double sinh(double x) {
    double a = Math.abs(x);
    if (a < 1.0) {
      double z = a * a;
      double p = Math.fma(7.746178593018827e-13, z, 1.6057679623801638e-10);
      p = Math.fma(p, z, 2.5052117695907823e-08);
      p = Math.fma(p, z, 2.7557319191381816e-06);
      p = Math.fma(p, z, 0.00019841269841324198);
      p = Math.fma(p, z, 0.008333333333333299);
      p = Math.fma(p, z, 0.16666666666666666);
      return Math.copySign(Math.fma(a * z, p, a), x);
    }
    double half = DoubleExp.expOfSum(a, 0.0, 1.0);
    return Math.copySign(half - 0.25 / half, x);
  }

  /// Returns the hyperbolic cosine.
  public static double cosh(double x) {
    double half = DoubleExp.expOfSum(Math.abs(x), 0.0, 1.0);
    return half + 0.25 / half;
  }

  /// Returns the inverse hyperbolic sine.
  public static double asinh(double x) {
    double a = Math.abs(x);
    double y;
    if (a < 0x1p28) {
      double z = a * a;
      y = DoubleLog.log1p(a + z / (1.0 + Math.sqrt(z + 1.0)));
    } else {
      y = DoubleLog.log(a) + LN2;
    }
    return Math.copySign(y, x);
  }

  /// Returns the inverse hyperbolic cosine: NaN below 1.
  public static double acosh(double x) {
    if (x < 0x1p28) {
      double t = x - 1.0;
      return DoubleLog.log1p(t + Math.sqrt(Math.fma(t, t, 2.0 * t)));
    }
    return DoubleLog.log(x) + LN2;
  }

  /// Returns the inverse hyperbolic tangent: infinite at ±1, NaN beyond.
  public static double atanh(double x) {
    double a = Math.abs(x);
    return Math.copySign(0.5 * DoubleLog.log1p((a + a) / (1.0 - a)), x);
  }
}
