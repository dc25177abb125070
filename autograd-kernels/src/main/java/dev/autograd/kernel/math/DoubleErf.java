package dev.autograd.kernel.math;

/// Error function of a double and its complement, within 4 ulp.
///
/// Up to 1, `erf` is `x` times a polynomial in `x²`. The complement is `e^-x² · q((x - 3) / (x +
/// 3)) / (1 + 2x)`, with the form of M. Shepherd, J. Laframboise, "Chebyshev Approximation of (1 +
/// 2x) exp(x²) erfc x in 0 ≤ x < ∞", Math. Comp. 36 (1981).
public final class DoubleErf {

  public static final double LAST = 28.0;

  private DoubleErf() {}

  /// Returns `2/√π · ∫₀ˣ e^-t² dt`.
  public static double erf(double x) {
    double a = Math.abs(x);
    double y = a < 1.0 ? small(a) : 1.0 - tail(a > 6.0 ? 6.0 : a);
    return Math.copySign(y, x);
  }

  /// Returns `1 - erf(x)` without cancellation for large `x`.
  public static double erfc(double x) {
    double a = Math.abs(x);
    if (a < 0.5) {
      double y = small(a);
      return x < 0.0 ? 1.0 + y : 1.0 - y;
    }
    double t = tail(a > LAST ? LAST : a);
    return x < 0.0 ? 2.0 - t : t;
  }

  private static double small(double a) {
    double z = a * a;
    double p = Math.fma(-7.795898827002142e-10, z, 1.3720064546777686e-08);
    p = Math.fma(p, z, -1.6208483801871705e-07);
    p = Math.fma(p, z, 1.6447424703317362e-06);
    p = Math.fma(p, z, -1.492473690741966e-05);
    p = Math.fma(p, z, 0.00012055294904839707);
    p = Math.fma(p, z, -0.0008548325975389692);
    p = Math.fma(p, z, 0.0052239776071164225);
    p = Math.fma(p, z, -0.02686617064323777);
    p = Math.fma(p, z, 0.11283791670945006);
    p = Math.fma(p, z, -0.37612638903183543);
    p = Math.fma(p, z, 0.12837916709551256);
    return Math.fma(a, p, a);
  }

  private static double tail(double a) {
    double h = a * a;
    double low = Math.fma(a, a, -h);
    double e = DoubleExp.expOfSum(-h, -low, 0.0);
    double t = (a - 3.0) / (a + 3.0);
    double p = Math.fma(2.0831228822549553e-09, t, -6.210868633662631e-09);
    p = Math.fma(p, t, -1.6819731918205831e-08);
    p = Math.fma(p, t, 3.973583043632011e-08);
    p = Math.fma(p, t, 1.0674287896396542e-07);
    p = Math.fma(p, t, -1.4127153358945157e-07);
    p = Math.fma(p, t, -6.205573308130838e-07);
    p = Math.fma(p, t, 3.57660047540196e-07);
    p = Math.fma(p, t, 3.4744092692505953e-06);
    p = Math.fma(p, t, -7.322629219128442e-07);
    p = Math.fma(p, t, -2.0101245642508615e-05);
    p = Math.fma(p, t, 4.949802634685202e-06);
    p = Math.fma(p, t, 0.0001250995078172924);
    p = Math.fma(p, t, -0.00010515987605723725);
    p = Math.fma(p, t, -0.0007798322959175384);
    p = Math.fma(p, t, 0.0018886903696849339);
    p = Math.fma(p, t, 0.0025293918183984967);
    p = Math.fma(p, t, -0.023770514919423617);
    p = Math.fma(p, t, 0.0683080273438454);
    p = Math.fma(p, t, -0.11927366341528145);
    p = Math.fma(p, t, 0.12964515870276427);
    p = Math.fma(p, t, -0.0475622943534511);
    p = Math.fma(p, t, -0.1356211061245812);
    p = Math.fma(p, t, 1.2530080582697296);
    return e * p / Math.fma(2.0, a, 1.0);
  }
}
