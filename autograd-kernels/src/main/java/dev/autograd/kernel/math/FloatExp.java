package dev.autograd.kernel.math;

/// Exponential functions of a float, within 2 ulp.
///
/// `e^x = 2^n · e^r` with `n = rint(x / ln 2)` and `|r| ≤ ln 2 / 2`; `e^r` is a near-minimax
/// polynomial (Chebyshev fit). Every step is an IEEE operation or an explicit `fma`, so that the
/// vector form, which takes the same steps, gives the same bits.
public final class FloatExp {

  /// Adding `1.5 · 2^23` rounds to an integer and leaves it in the low bits.
  public static final float ROUNDER = 0x1.8p23f;

  public static final int ROUNDER_BITS = 0x4B400000;
  public static final float LOG2_E = 1.442695f;
  public static final float LN2_HIGH = 0.6931471f;
  public static final float LN2_LOW = 5.769999e-8f;
  public static final float OVERFLOW = 89f;
  public static final float UNDERFLOW = -104f;

  /// Below this argument `e^x - 1` rounds to -1.
  public static final float MINUS_ONE_BELOW = -18f;

  private FloatExp() {}

  /// Returns `e^x`.
  public static float exp(float x) {
    float a = x > OVERFLOW ? OVERFLOW : x;
    a = a < UNDERFLOW ? UNDERFLOW : a;
    float z = Math.fma(a, LOG2_E, ROUNDER);
    float n = z - ROUNDER;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, a));
    float p = Math.fma(Math.fma(curve(r), r, 1f), r, 1f);
    // Two factors, since 2^n alone leaves the range of normal floats at both ends.
    int k = Float.floatToRawIntBits(z) - ROUNDER_BITS;
    int half = k >> 1;
    return p
        * Float.intBitsToFloat((half + 127) << 23)
        * Float.intBitsToFloat((k - half + 127) << 23);
  }

  /// Returns `2^x`.
  public static float exp2(float x) {
    return (float) DoubleExp.exp2(x);
  }

  /// Returns `e^x - 1` without cancellation near 0.
  public static float expm1(float x) {
    float a = x > OVERFLOW ? OVERFLOW : x;
    a = a < UNDERFLOW ? UNDERFLOW : a;
    float z = Math.fma(a, LOG2_E, ROUNDER);
    float n = z - ROUNDER;
    float r = Math.fma(n, -LN2_LOW, Math.fma(n, -LN2_HIGH, a));
    float q = Math.fma(r * r, curve(r), r);
    int k = Float.floatToRawIntBits(z) - ROUNDER_BITS;
    // 2^128 is no float: half of it is, and the result is doubled at the end.
    float s = Float.intBitsToFloat((k + 126) << 23);
    float y = Math.fma(q, s, s - 0.5f) * 2f;
    y = a <= MINUS_ONE_BELOW ? -1f : y;
    y = n == 0f ? q : y;
    return Math.abs(x) < 0x1p-25f ? x : y;
  }

  /// Returns the logistic function `1 / (1 + e^-x)`.
  public static float sigmoid(float x) {
    float e = exp(-Math.abs(x));
    float d = 1f + e;
    float top = x < 0f ? e : 1f;
    float reciprocal = 1f / d;
    float q = top * reciprocal;
    // One Newton step on the quotient, which also puts back what rounding 1 + e lost.
    float rest = Math.fma(-q, e - (d - 1f), Math.fma(-q, d, top));
    return Math.fma(rest, reciprocal, q);
  }

  /// Returns `(e^r - 1 - r) / r^2`.
  private static float curve(float r) {
    float p = Math.fma(0.001392625f, r, 0.008363233f);
    p = Math.fma(p, r, 0.041666552f);
    p = Math.fma(p, r, 0.16666576f);
    return Math.fma(p, r, 0.5f);
  }
}
