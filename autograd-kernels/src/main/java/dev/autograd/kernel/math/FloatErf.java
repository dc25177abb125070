package dev.autograd.kernel.math;

/// Error function of a float and its complement, within 2 ulp.
///
/// Near 0 `x` times a polynomial in `x²`, elsewhere `1 - e^p(|x|)` with `p` a polynomial that
/// follows `log(erfc)` (Chebyshev fits).
public final class FloatErf {

  public static final float SMALL = 0.9375f;

  private FloatErf() {}

  /// Returns `2/√π · ∫₀ˣ e^-t² dt`.
  public static float erf(float x) {
    float a = Math.abs(x);
    float z = a * a;
    float p = Math.fma(8.285826e-05f, z, -0.0008122961f);
    p = Math.fma(p, z, 0.0051993183f);
    p = Math.fma(p, z, -0.026858723f);
    p = Math.fma(p, z, 0.11283684f);
    p = Math.fma(p, z, -0.37612632f);
    p = Math.fma(p, z, 0.12837917f);
    float small = Math.fma(a, p, a);
    float b = a > 4f ? 4f : a;
    float q = Math.fma(1.6435697e-06f, b, -4.6177913e-05f);
    q = Math.fma(q, b, 0.0005977435f);
    q = Math.fma(q, b, -0.0047635753f);
    q = Math.fma(q, b, 0.026431018f);
    q = Math.fma(q, b, -0.11009448f);
    q = Math.fma(q, b, -0.63181454f);
    q = Math.fma(q, b, -1.1302376f);
    q = Math.fma(q, b, 0.00032044153f);
    float large = 1f - FloatExp.exp(q);
    return Math.copySign(a < SMALL ? small : large, x);
  }

  /// Returns `1 - erf(x)` without cancellation for large `x`.
  public static float erfc(float x) {
    return (float) DoubleErf.erfc(x);
  }
}
