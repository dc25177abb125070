package dev.autograd.kernel.math;

/// Logarithms of a double, within 4 ulp (measured: near 1).
///
/// `x = 2^k · (1 + f)` with `1 + f` in `[√½, √2)`; with `s = f / (2 + f)`, `log(1 + f) = 2 atanh(s)
/// = f - f²/2 + s · (f²/2 + R(s²))` (DLMF §4.6.4), R a polynomial.
public final class DoubleLog {

  /// What is added to the bits so that the exponent of `[√½, √2)` becomes 1023.
  public static final long SQRT_HALF_SHIFT = 0x3FF0000000000000L - 0x3FE6A09E667F3BCDL;

  /// The bits of 2^52; a small integer below them makes the double `2^52 + integer`.
  public static final long TWO_52_BITS = 0x4330000000000000L;

  public static final double TWO_52_AND_BIAS = 0x1p52 + 1023.0;
  public static final double LN2_HIGH = 0.6931471805598903;
  public static final double LN2_LOW = 5.497923018708371e-14;
  public static final double LOG2_E_LOW = 2.0355273740931033e-17;
  public static final double LOG10_E = 0.4342944819032518;
  public static final double LOG10_E_LOW = 1.098319650216765e-17;
  public static final double LOG10_2_HIGH = 0.30102999566383914;
  public static final double LOG10_2_LOW = 1.42050232272661e-13;

  private DoubleLog() {}

  /// Returns the natural logarithm: -inf at 0, NaN below.
  public static double log(double x) {
    boolean tiny = x < Double.MIN_NORMAL;
    long bits = Double.doubleToRawLongBits(tiny ? x * 0x1p54 : x);
    long e = (bits + SQRT_HALF_SHIFT) >>> 52;
    double f = Double.longBitsToDouble(bits - ((e - 1023) << 52)) - 1.0;
    double k = Double.longBitsToDouble(e + TWO_52_BITS) - TWO_52_AND_BIAS;
    k = tiny ? k - 54.0 : k;
    return specials(x, join(k, f));
  }

  /// Returns `log(1 + x)` without cancellation near 0.
  public static double log1p(double x) {
    long e = (Double.doubleToRawLongBits(1.0 + x) + SQRT_HALF_SHIFT) >>> 52;
    // 1 + f = (1 + x) / 2^k, where 2^-k is taken in two factors: 2^-1024 is no normal double.
    long half = e >>> 1;
    double s1 = Double.longBitsToDouble((1534 - half) << 52);
    double s2 = Double.longBitsToDouble((1535 + half - e) << 52);
    double f = Math.fma(x * s1, s2, Math.fma(s1, s2, -1.0));
    double k = Double.longBitsToDouble(e + TWO_52_BITS) - TWO_52_AND_BIAS;
    double y = join(k, f);
    y = x < Double.POSITIVE_INFINITY ? y : x;
    y = x == -1.0 ? Double.NEGATIVE_INFINITY : y;
    y = x < -1.0 ? Double.NaN : y;
    return Math.abs(x) < 0x1p-54 ? x : y;
  }

  /// Returns the logarithm to base 2.
  public static double log2(double x) {
    boolean tiny = x < Double.MIN_NORMAL;
    long bits = Double.doubleToRawLongBits(tiny ? x * 0x1p54 : x);
    long e = (bits + SQRT_HALF_SHIFT) >>> 52;
    double f = Double.longBitsToDouble(bits - ((e - 1023) << 52)) - 1.0;
    double k = Double.longBitsToDouble(e + TWO_52_BITS) - TWO_52_AND_BIAS;
    k = tiny ? k - 54.0 : k;
    double y = join(0.0, f);
    double high = y * DoubleExp.LOG2_E;
    double low = Math.fma(y, DoubleExp.LOG2_E, -high) + y * LOG2_E_LOW;
    return specials(x, k + (high + low));
  }

  /// Returns the logarithm to base 10.
  public static double log10(double x) {
    boolean tiny = x < Double.MIN_NORMAL;
    long bits = Double.doubleToRawLongBits(tiny ? x * 0x1p54 : x);
    long e = (bits + SQRT_HALF_SHIFT) >>> 52;
    double f = Double.longBitsToDouble(bits - ((e - 1023) << 52)) - 1.0;
    double k = Double.longBitsToDouble(e + TWO_52_BITS) - TWO_52_AND_BIAS;
    k = tiny ? k - 54.0 : k;
    double y = join(0.0, f);
    double high = y * LOG10_E;
    double low = Math.fma(y, LOG10_E, -high) + Math.fma(y, LOG10_E_LOW, k * LOG10_2_LOW);
    return specials(x, Math.fma(k, LOG10_2_HIGH, high + low));
  }

  private static double specials(double x, double y) {
    double v = x < Double.POSITIVE_INFINITY ? y : x;
    v = x == 0.0 ? Double.NEGATIVE_INFINITY : v;
    return x < 0.0 ? Double.NaN : v;
  }

  /// Returns `k · ln 2 + log(1 + f)`.
  private static double join(double k, double f) {
    double s = f / (2.0 + f);
    double z = s * s;
    double p = Math.fma(0.14617807153417325, z, 0.15331611722055008);
    p = Math.fma(p, z, 0.1818289243253687);
    p = Math.fma(p, z, 0.22222211089379496);
    p = Math.fma(p, z, 0.28571428626253836);
    p = Math.fma(p, z, 0.3999999999989889);
    p = Math.fma(p, z, 0.666666666666667);
    double h = 0.5 * f * f;
    double t = Math.fma(s, Math.fma(z, p, h), k * LN2_LOW);
    return Math.fma(k, LN2_HIGH, f - (h - t));
  }
}
