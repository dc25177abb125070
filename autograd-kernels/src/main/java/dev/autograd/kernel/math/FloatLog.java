package dev.autograd.kernel.math;

/// Logarithms of a float, within 2 ulp.
///
/// `x = 2^k · (1 + f)` with `1 + f` in `[√½, √2)`, and a polynomial in `f` (Chebyshev fit).
public final class FloatLog {

  public static final int SQRT_HALF_BITS = 0x3F3504F3;
  public static final float TWO_23 = 0x1p23f;
  public static final float LN2_HIGH = 0.69314575f;
  public static final float LN2_LOW = 1.4286068e-6f;

  private FloatLog() {}

  /// Returns the natural logarithm: -inf at 0, NaN below.
  public static float log(float x) {
    boolean tiny = x < Float.MIN_NORMAL;
    int bits = Float.floatToRawIntBits(tiny ? x * TWO_23 : x);
    int e = (bits - SQRT_HALF_BITS) >> 23;
    float m = Float.intBitsToFloat(bits - (e << 23));
    float k = (float) (tiny ? e - 23 : e);
    float y = join(k, m - 1f);
    y = x < Float.POSITIVE_INFINITY ? y : x;
    y = x == 0f ? Float.NEGATIVE_INFINITY : y;
    return x < 0f ? Float.NaN : y;
  }

  /// Returns `log(1 + x)` without cancellation near 0.
  public static float log1p(float x) {
    int e = (Float.floatToRawIntBits(1f + x) - SQRT_HALF_BITS) >> 23;
    // 1 + f = (1 + x) / 2^e, where 2^-e is taken in two factors: 2^-128 is no normal float.
    int half = e >> 1;
    float s1 = Float.intBitsToFloat((127 - half) << 23);
    float s2 = Float.intBitsToFloat((127 + half - e) << 23);
    float f = Math.fma(x * s1, s2, Math.fma(s1, s2, -1f));
    float y = join((float) e, f);
    y = x < Float.POSITIVE_INFINITY ? y : x;
    y = x == -1f ? Float.NEGATIVE_INFINITY : y;
    y = x < -1f ? Float.NaN : y;
    return Math.abs(x) < 0x1p-25f ? x : y;
  }

  /// Returns the logarithm to base 2.
  public static float log2(float x) {
    return (float) DoubleLog.log2(x);
  }

  /// Returns the logarithm to base 10.
  public static float log10(float x) {
    return (float) DoubleLog.log10(x);
  }

  /// Returns `k · ln 2 + log(1 + f)`.
  private static float join(float k, float f) {
    float p = Math.fma(0.06971612f, f, -0.11479734f);
    p = Math.fma(p, f, 0.1168542f);
    p = Math.fma(p, f, -0.12425687f);
    p = Math.fma(p, f, 0.14249058f);
    p = Math.fma(p, f, -0.16667803f);
    p = Math.fma(p, f, 0.20000716f);
    p = Math.fma(p, f, -0.24999997f);
    p = Math.fma(p, f, 0.3333333f);
    p = Math.fma(p, f, -0.5f);
    float r = Math.fma(f * f, p, k * LN2_LOW);
    return Math.fma(k, LN2_HIGH, f + r);
  }
}
