package dev.autograd.kernel.math;

/// Sine, cosine and tangent of a double, within 4 ulp for every argument.
///
/// Up to [#REDUCIBLE] the argument is brought to `[-π/4, π/4]` by three fused steps (Cody and
/// Waite; the first is exact); beyond, by [HugeAngle].
public final class DoubleTrig {

  public static final double REDUCIBLE = 1e6;
  public static final double TWO_OVER_PI = 0.6366197723675814;
  public static final double HALF_PI_1 = 1.5707963267948966;
  public static final double HALF_PI_2 = 6.123233995736765e-17;
  public static final double HALF_PI_3 = 1.082856673921914e-32;

  private DoubleTrig() {}

  /// Returns the sine of `x` radians.
  public static double sin(double x) {
    double a = Math.abs(x);
    return a <= REDUCIBLE ? Math.copySign(1.0, x) * turn(a, 0) : Math.copySign(1.0, x) * huge(a, 0);
  }

  /// Returns the cosine of `x` radians.
  public static double cos(double x) {
    double a = Math.abs(x);
    return a <= REDUCIBLE ? turn(a, 1) : huge(a, 1);
  }

  /// Returns the tangent of `x` radians.
  public static double tan(double x) {
    return sin(x) / cos(x);
  }

  /// Returns `sin(a + quarters · π/2)`.
  private static double turn(double a, int quarters) {
    double z = Math.fma(a, TWO_OVER_PI, DoubleExp.ROUNDER);
    double n = z - DoubleExp.ROUNDER;
    double r = Math.fma(n, -HALF_PI_2, Math.fma(n, -HALF_PI_1, a));
    r = Math.fma(n, -HALF_PI_3, r);
    return wave(r, Double.doubleToRawLongBits(z) + quarters);
  }

  private static double huge(double a, int quarters) {
    if (!(a < Double.POSITIVE_INFINITY)) {
      return Double.NaN;
    }
    HugeAngle angle = HugeAngle.of(a);
    return wave(angle.rest(), angle.quarters() + quarters);
  }

  /// Returns `sin(r + q · π/2)`.
  private static double wave(double r, long q) {
    double s = r * r;
    double sine = Math.fma(1.59153232122714e-10, s, -2.5051092507061385e-08);
    sine = Math.fma(sine, s, 2.755731591191116e-06);
    sine = Math.fma(sine, s, -0.00019841269836387345);
    sine = Math.fma(sine, s, 0.0083333333333307);
    sine = Math.fma(sine, s, -0.16666666666666666);
    sine = Math.fma(r * s, sine, r);
    double cosine = Math.fma(-1.1380876948169717e-11, s, 2.087612165887116e-09);
    cosine = Math.fma(cosine, s, -2.755731715246704e-07);
    cosine = Math.fma(cosine, s, 2.4801587298533456e-05);
    cosine = Math.fma(cosine, s, -0.0013888888888887241);
    cosine = Math.fma(cosine, s, 0.041666666666666664);
    cosine = Math.fma(cosine, s, -0.5);
    cosine = Math.fma(cosine, s, 1.0);
    double y = (q & 1) == 0 ? sine : cosine;
    return (q & 2) == 0 ? y : -y;
  }
}
