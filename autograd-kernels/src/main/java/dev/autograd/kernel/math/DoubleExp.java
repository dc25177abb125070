package dev.autograd.kernel.math;

/// Exponential functions of a double, within 4 ulp (measured: near 1).
///
/// The method of [FloatExp] with a longer polynomial.
public final class DoubleExp {

  /// Adding `1.5 · 2^52` rounds to an integer and leaves it in the low bits.
  public static final double ROUNDER = 0x1.8p52;

  public static final long ROUNDER_BITS = 0x4338000000000000L;
  public static final double LOG2_E = 1.4426950408889634;
  public static final double LN2_HIGH = 0.6931471805599453;
  public static final double LN2_LOW = 2.3190468138462996e-17;
  public static final double OVERFLOW = 710.0;
  public static final double UNDERFLOW = -746.0;

  /// Below this argument `e^x - 1` rounds to -1.
  public static final double MINUS_ONE_BELOW = -40.0;

  private DoubleExp() {}

  /// Returns `e^x`.
  public static double exp(double x) {
    double a = x > OVERFLOW ? OVERFLOW : x;
    a = a < UNDERFLOW ? UNDERFLOW : a;
    double n = Math.fma(a, LOG2_E, ROUNDER) - ROUNDER;
    double r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, a));
    return scale(Math.fma(Math.fma(curve(r), r, 1.0), r, 1.0), n);
  }

  /// Returns `2^x`.
  public static double exp2(double x) {
    double a = x > 1025.0 ? 1025.0 : x;
    a = a < -1076.0 ? -1076.0 : a;
    double n = (a + ROUNDER) - ROUNDER;
    double f = a - n;
    // f · ln 2 as a sum of two doubles.
    double r = f * LN2_HIGH;
    double low = Math.fma(f, LN2_HIGH, -r) + f * LN2_LOW;
    double p = Math.fma(r * r, curve(r), low) + r;
    return scale(1.0 + p, n);
  }

  /// Returns `e^x - 1` without cancellation near 0.
  public static double expm1(double x) {
    double a = x > OVERFLOW ? OVERFLOW : x;
    a = a < UNDERFLOW ? UNDERFLOW : a;
    double z = Math.fma(a, LOG2_E, ROUNDER);
    double n = z - ROUNDER;
    double r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, a));
    double q = Math.fma(r * r, curve(r), r);
    long k = Double.doubleToRawLongBits(z) - ROUNDER_BITS;
    // 2^1024 is no double: half of it is, and the result is doubled at the end.
    double s = Double.longBitsToDouble((k + 1022) << 52);
    double y = Math.fma(q, s, s - 0.5) * 2.0;
    y = a <= MINUS_ONE_BELOW ? -1.0 : y;
    y = n == 0.0 ? q : y;
    return Math.abs(x) < 0x1p-54 ? x : y;
  }

  /// Returns the logistic function `1 / (1 + e^-x)`.
  public static double sigmoid(double x) {
    double e = exp(-Math.abs(x));
    return (x < 0.0 ? e : 1.0) / (1.0 + e);
  }

  /// Returns `e^(high + low) / 2^halvings` for a small `low`.
  static double expOfSum(double high, double low, double halvings) {
    double a = high > 800.0 ? 800.0 : high;
    a = a < -800.0 ? -800.0 : a;
    double n = Math.fma(a, LOG2_E, ROUNDER) - ROUNDER;
    double r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, a)) + low;
    return scale(Math.fma(Math.fma(curve(r), r, 1.0), r, 1.0), n - halvings);
  }

  /// Returns `p · 2^n` in two factors, since `2^n` alone may not be a normal double.
  private static double scale(double p, double n) {
    long half = Double.doubleToRawLongBits(Math.fma(n, 0.5, ROUNDER)) - ROUNDER_BITS;
    long k = Double.doubleToRawLongBits(n + ROUNDER) - ROUNDER_BITS;
    return p
        * Double.longBitsToDouble((half + 1023) << 52)
        * Double.longBitsToDouble((k - half + 1023) << 52);
  }

  /// Returns `(e^r - 1 - r) / r^2`.
  private static double curve(double r) {
    double p = Math.fma(2.09147553258932e-09, r, 2.5105312729622103e-08);
    p = Math.fma(p, r, 2.755727347871858e-07);
    p = Math.fma(p, r, 2.755725517000089e-06);
    p = Math.fma(p, r, 2.480158732567746e-05);
    p = Math.fma(p, r, 0.0001984126987500228);
    p = Math.fma(p, r, 0.0013888888888883711);
    p = Math.fma(p, r, 0.008333333333326084);
    p = Math.fma(p, r, 0.04166666666666667);
    p = Math.fma(p, r, 0.1666666666666667);
    return Math.fma(p, r, 0.5);
  }
}
