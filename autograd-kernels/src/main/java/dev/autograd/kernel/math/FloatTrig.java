package dev.autograd.kernel.math;

/// Sine, cosine and tangent of a float, within 2 ulp for every argument.
///
/// Up to [#REDUCIBLE] the argument is brought to `[-π/4, π/4]` by three fused steps (Cody and
/// Waite; the first is exact); beyond, the double function takes over.
public final class FloatTrig {

  public static final float REDUCIBLE = 1e5f;
  public static final float TWO_OVER_PI = 0.63661975f;
  public static final float HALF_PI_1 = 1.5707963f;
  public static final float HALF_PI_2 = 7.5497894e-8f;
  public static final float HALF_PI_3 = 5.390303e-15f;

  private FloatTrig() {}

  /// Returns the sine of `x` radians.
  public static float sin(float x) {
    float a = Math.abs(x);
    if (a > REDUCIBLE) {
      return (float) DoubleTrig.sin(x);
    }
    return Float.intBitsToFloat(
        Float.floatToRawIntBits(turn(a, 0)) ^ (Float.floatToRawIntBits(x) & 0x80000000));
  }

  /// Returns the cosine of `x` radians.
  public static float cos(float x) {
    float a = Math.abs(x);
    if (a > REDUCIBLE) {
      return (float) DoubleTrig.cos(x);
    }
    return turn(a, 1);
  }

  /// Returns the tangent of `x` radians.
  public static float tan(float x) {
    return (float) DoubleTrig.tan(x);
  }

  /// Returns `sin(a + quarters · π/2)`.
  private static float turn(float a, int quarters) {
    float z = Math.fma(a, TWO_OVER_PI, FloatExp.ROUNDER);
    float n = z - FloatExp.ROUNDER;
    float r = Math.fma(n, -HALF_PI_2, Math.fma(n, -HALF_PI_1, a));
    r = Math.fma(n, -HALF_PI_3, r);
    int q = Float.floatToRawIntBits(z) + quarters;
    float s = r * r;
    float sine = Math.fma(-0.00019582856f, s, 0.008332725f);
    sine = Math.fma(sine, s, -0.16666664f);
    sine = Math.fma(r * s, sine, r);
    float cosine = Math.fma(2.4542896e-05f, s, -0.0013888279f);
    cosine = Math.fma(cosine, s, 0.041666664f);
    cosine = Math.fma(cosine, s, -0.5f);
    cosine = Math.fma(cosine, s, 1f);
    float y = (q & 1) == 0 ? sine : cosine;
    return Float.intBitsToFloat(Float.floatToRawIntBits(y) ^ ((q & 2) << 30));
  }
}
