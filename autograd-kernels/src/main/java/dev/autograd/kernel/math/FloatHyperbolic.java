package dev.autograd.kernel.math;

/// Hyperbolic functions of a float and their inverses, within 2 ulp.
public final class FloatHyperbolic {

  public static final float SMALL = 0.625f;

  private FloatHyperbolic() {}

  /// Returns the hyperbolic tangent: a polynomial near 0, `1 - 2 / (e^2|x| + 1)` elsewhere.
  public static float tanh(float x) {
    float a = Math.abs(x);
    float z = a * a;
    float p = Math.fma(0.0022927448f, z, -0.008343945f);
    p = Math.fma(p, z, 0.021768918f);
    p = Math.fma(p, z, -0.053959258f);
    p = Math.fma(p, z, 0.13333304f);
    p = Math.fma(p, z, -0.33333334f);
    float small = Math.fma(a * z, p, a);
    float large = 1f - 2f / (FloatExp.exp(a + a) + 1f);
    return Math.copySign(a < SMALL ? small : large, x);
  }

  /// Returns the hyperbolic sine.
  public static float sinh(float x) {
    return (float) DoubleHyperbolic.sinh(x);
  }

  /// Returns the hyperbolic cosine.
  public static float cosh(float x) {
    return (float) DoubleHyperbolic.cosh(x);
  }

  /// Returns the inverse hyperbolic sine.
  public static float asinh(float x) {
    return (float) DoubleHyperbolic.asinh(x);
  }

  /// Returns the inverse hyperbolic cosine: NaN below 1.
  public static float acosh(float x) {
    return (float) DoubleHyperbolic.acosh(x);
  }

  /// Returns the inverse hyperbolic tangent: infinite at ±1, NaN beyond.
  public static float atanh(float x) {
    return (float) DoubleHyperbolic.atanh(x);
  }
}
