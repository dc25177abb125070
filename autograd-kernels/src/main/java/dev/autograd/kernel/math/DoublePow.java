package dev.autograd.kernel.math;

/// The power of a double, within 4 ulp (measured: near 1).
///
/// `x^y = e^(y · log x)`; the logarithm is kept as a sum of two doubles, since its error is
/// multiplied by up to 745.
public final class DoublePow {

  private static final double LN2_HIGH = 0.6931471805598903;
  private static final double LN2_LOW = 5.497923018708371e-14;
  private static final double TWO_THIRDS_HIGH = 0.6666666666666666;
  private static final double TWO_THIRDS_LOW = 3.700743415417188e-17;

  private DoublePow() {}

  /// Returns `x^y` with the special cases of C99: `x^0` and `1^y` are 1 even for NaN.
  public static double pow(double x, double y) {
    if (y == 0.0 || x == 1.0) {
      return 1.0;
    }
    if (Double.isNaN(x) || Double.isNaN(y)) {
      return Double.NaN;
    }
    double a = Math.abs(x);
    if (Double.isInfinite(y)) {
      return a == 1.0 ? 1.0 : a > 1.0 == y > 0.0 ? Double.POSITIVE_INFINITY : 0.0;
    }
    boolean whole = Math.rint(y) == y;
    boolean odd = whole && Math.rint(0.5 * y) != 0.5 * y;
    boolean negative = Double.doubleToRawLongBits(x) < 0;
    if (a == 0.0 || a == Double.POSITIVE_INFINITY) {
      double end = a == 0.0 == y > 0.0 ? 0.0 : Double.POSITIVE_INFINITY;
      return odd && negative ? -end : end;
    }
    if (negative && !whole) {
      return Double.NaN;
    }
    double p = positive(a, y);
    return odd && negative ? -p : p;
  }

  private static double positive(double a, double y) {
    boolean tiny = a < Double.MIN_NORMAL;
    long bits = Double.doubleToRawLongBits(tiny ? a * 0x1p54 : a);
    long e = (bits + DoubleLog.SQRT_HALF_SHIFT) >>> 52;
    double f = Double.longBitsToDouble(bits - ((e - 1023) << 52)) - 1.0;
    double k = (double) (e - (tiny ? 1077 : 1023));
    // s = f / (2 + f), s^2 and s^3 as sums of two doubles each.
    double u = 2.0 + f;
    double s = f / u;
    double sLow = Math.fma(-s, f - (u - 2.0), Math.fma(-s, u, f)) / u;
    double z = s * s;
    double zLow = Math.fma(2.0 * s, sLow, Math.fma(s, s, -z));
    double c = z * s;
    double cLow = Math.fma(z, sLow, Math.fma(zLow, s, Math.fma(z, s, -c)));
    double p = Math.fma(0.11724327060846747, z, 0.11706126464563398);
    p = Math.fma(p, z, 0.1333480879881234);
    p = Math.fma(p, z, 0.1538459488700718);
    p = Math.fma(p, z, 0.18181818336099848);
    p = Math.fma(p, z, 0.22222222221652765);
    p = Math.fma(p, z, 0.2857142857142937);
    p = Math.fma(p, z, 0.4);
    double t = TWO_THIRDS_HIGH * c;
    double tLow = Math.fma(TWO_THIRDS_HIGH, c, -t);
    tLow = Math.fma(TWO_THIRDS_HIGH, cLow, Math.fma(TWO_THIRDS_LOW, c, tLow));
    tLow = Math.fma(c * z, p, tLow);
    // log(1 + f) = 2s + 2/3 s^3 + …, then k · ln 2 on top.
    double sum = 2.0 * s + t;
    double rest = (2.0 * s - sum + t) + Math.fma(2.0, sLow, tLow);
    double m = sum + rest;
    double mLow = sum - m + rest;
    double base = k * LN2_HIGH;
    double h = base + m;
    double hLow = (base - h + m) + Math.fma(k, LN2_LOW, mLow);
    if (k == 0.0) {
      h = m;
      hLow = mLow;
    }
    double high = y * h;
    if (!(Math.abs(high) < 800.0)) {
      return DoubleExp.expOfSum(high, 0.0, 0.0);
    }
    return DoubleExp.expOfSum(high, Math.fma(y, hLow, Math.fma(y, h, -high)), 0.0);
  }
}
