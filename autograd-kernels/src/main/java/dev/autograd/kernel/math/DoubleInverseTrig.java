package dev.autograd.kernel.math;

/// Inverse trigonometric functions of a double, within 4 ulp.
public final class DoubleInverseTrig {

  private static final double PI_HIGH = 3.141592653589793;
  private static final double PI_LOW = 1.2246467991473532e-16;
  private static final double HALF_PI_HIGH = 1.5707963267948966;
  private static final double HALF_PI_LOW = 6.123233995736766e-17;
  private static final double QUARTER_PI_HIGH = 0.7853981633974483;
  private static final double QUARTER_PI_LOW = 3.061616997868383e-17;
  private static final double TAN_PI_8 = 0.41421356237309503;
  private static final double TAN_3_PI_8 = 2.414213562373095;

  private DoubleInverseTrig() {}

  /// Returns the arc sine: NaN outside `[-1, 1]`.
  public static double asin(double x) {
    double a = Math.abs(x);
    double y;
    if (a <= 0.5) {
      double z = a * a;
      y = Math.fma(a * z, curve(z), a);
    } else {
      y = HALF_PI_HIGH - (2.0 * arc(a) - HALF_PI_LOW);
    }
    return Math.copySign(y, x);
  }

  /// Returns the arc cosine: NaN outside `[-1, 1]`.
  public static double acos(double x) {
    double a = Math.abs(x);
    if (a <= 0.5) {
      double z = x * x;
      return HALF_PI_HIGH - (x + (x * z * curve(z) - HALF_PI_LOW));
    }
    double y = 2.0 * arc(a);
    return x > 0.0 ? y : PI_HIGH - (y - PI_LOW);
  }

  /// Returns the arc tangent.
  public static double atan(double x) {
    return Math.copySign(turn(Math.abs(x), 1.0), x);
  }

  /// Returns the angle of the point `(x, y)` in `[-π, π]`, with the special cases of C99.
  public static double atan2(double y, double x) {
    if (Double.isNaN(x) || Double.isNaN(y)) {
      return Double.NaN;
    }
    double a = Math.abs(y);
    double b = Math.abs(x);
    double angle;
    if (a == 0.0) {
      angle = 0.0;
    } else if (a == Double.POSITIVE_INFINITY) {
      angle = b == Double.POSITIVE_INFINITY ? QUARTER_PI_HIGH : HALF_PI_HIGH;
    } else if (b == Double.POSITIVE_INFINITY) {
      angle = 0.0;
    } else {
      // Kept away from both ends of the exponent range, so that no sum or quotient is lost.
      double s = Math.max(a, b) > 0x1p1000 ? 0x1p-60 : Math.max(a, b) < 0x1p-900 ? 0x1p110 : 1.0;
      angle = turn(a * s, b * s);
    }
    boolean left = Double.doubleToRawLongBits(x) < 0;
    return Math.copySign(left ? PI_HIGH - (angle - PI_LOW) : angle, y);
  }

  /// Returns the arc tangent of `a / b` for `a, b ≥ 0`, not both 0.
  private static double turn(double a, double b) {
    double top = a;
    double bottom = b;
    double high = 0.0;
    double low = 0.0;
    if (a > TAN_3_PI_8 * b) {
      top = -b;
      bottom = a;
      high = HALF_PI_HIGH;
      low = HALF_PI_LOW;
    } else if (a > TAN_PI_8 * b) {
      top = a - b;
      bottom = a + b;
      high = QUARTER_PI_HIGH;
      low = QUARTER_PI_LOW;
    }
    double t = top / bottom;
    double z = t * t;
    double p = Math.fma(0.01627194475162406, z, -0.034558092551413795);
    p = Math.fma(p, z, 0.04551108126325172);
    p = Math.fma(p, z, -0.052303478730160745);
    p = Math.fma(p, z, 0.058789145444006215);
    p = Math.fma(p, z, -0.06666423628069258);
    p = Math.fma(p, z, 0.0769229630497447);
    p = Math.fma(p, z, -0.09090908751076636);
    p = Math.fma(p, z, 0.11111111105106705);
    p = Math.fma(p, z, -0.14285714285659326);
    p = Math.fma(p, z, 0.199999999999998);
    p = Math.fma(p, z, -0.3333333333333333);
    return high + (Math.fma(t * z, p, low) + t);
  }

  /// Returns `asin(√((1 - a) / 2))`, half of the arc cosine of `a > 0.5`.
  private static double arc(double a) {
    double z = 0.5 * (1.0 - a);
    double s = Math.sqrt(z);
    // What rounding the root lost; there is no root to mend at 1.
    double lost = s == 0.0 ? 0.0 : Math.fma(-s, s, z) / (s + s);
    return s + Math.fma(s * z, curve(z), lost);
  }

  /// Returns `(asin(s) - s) / s^3` for `s^2 = z`.
  private static double curve(double z) {
    double p = Math.fma(0.02877844261259304, z, -0.014881409392818063);
    p = Math.fma(p, z, 0.017419357964884856);
    p = Math.fma(p, z, 0.005450878187720551);
    p = Math.fma(p, z, 0.010324318288744113);
    p = Math.fma(p, z, 0.011478952690257387);
    p = Math.fma(p, z, 0.013971235301124539);
    p = Math.fma(p, z, 0.017352391265909227);
    p = Math.fma(p, z, 0.022372173002005596);
    p = Math.fma(p, z, 0.030381944137085216);
    p = Math.fma(p, z, 0.04464285714637338);
    p = Math.fma(p, z, 0.07499999999998425);
    return Math.fma(p, z, 0.16666666666666669);
  }
}
