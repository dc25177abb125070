package dev.autograd.kernel.math.vector;

import static dev.autograd.kernel.math.vector.Lanes.fma;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.OR;

import dev.autograd.kernel.math.DoubleErf;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;

/// The functions of [DoubleErf] on every lane.
public final class DoubleVectorErf {

  private DoubleVectorErf() {}

  /// Returns `2/√π · ∫₀ˣ e^-t² dt`.
  public static DoubleVector erf(DoubleVector x) {
    DoubleVector a = x.abs();
    DoubleVector t = tail(a.blend(6.0, a.compare(GT, 6.0)));
    DoubleVector y = t.neg().add(1.0).blend(small(a), a.compare(LT, 1.0));
    LongVector sign = x.reinterpretAsLongs().and(Long.MIN_VALUE);
    return y.reinterpretAsLongs().lanewise(OR, sign).reinterpretAsDoubles();
  }

  /// Returns `1 - erf(x)`.
  public static DoubleVector erfc(DoubleVector x) {
    return Lanes.each(x, DoubleErf::erfc);
  }

  private static DoubleVector small(DoubleVector a) {
    DoubleVector z = a.mul(a);
    DoubleVector p = fma(z, -7.795898827002142e-10, 1.3720064546777686e-08);
    p = fma(p, z, -1.6208483801871705e-07);
    p = fma(p, z, 1.6447424703317362e-06);
    p = fma(p, z, -1.492473690741966e-05);
    p = fma(p, z, 0.00012055294904839707);
    p = fma(p, z, -0.0008548325975389692);
    p = fma(p, z, 0.0052239776071164225);
    p = fma(p, z, -0.02686617064323777);
    p = fma(p, z, 0.11283791670945006);
    p = fma(p, z, -0.37612638903183543);
    p = fma(p, z, 0.12837916709551256);
    return a.fma(p, a);
  }

  private static DoubleVector tail(DoubleVector a) {
    DoubleVector h = a.mul(a).neg();
    DoubleVector low = a.fma(a, h).neg();
    DoubleVector e = DoubleVectorExp.expOfSum(h, low, 0.0);
    DoubleVector t = a.sub(3.0).div(a.add(3.0));
    return e.mul(curve(t)).div(fma(a, 2.0, 1.0));
  }

  private static DoubleVector curve(DoubleVector t) {
    DoubleVector p = fma(t, 2.0831228822549553e-09, -6.210868633662631e-09);
    p = fma(p, t, -1.6819731918205831e-08);
    p = fma(p, t, 3.973583043632011e-08);
    p = fma(p, t, 1.0674287896396542e-07);
    p = fma(p, t, -1.4127153358945157e-07);
    p = fma(p, t, -6.205573308130838e-07);
    p = fma(p, t, 3.57660047540196e-07);
    p = fma(p, t, 3.4744092692505953e-06);
    p = fma(p, t, -7.322629219128442e-07);
    p = fma(p, t, -2.0101245642508615e-05);
    p = fma(p, t, 4.949802634685202e-06);
    p = fma(p, t, 0.0001250995078172924);
    p = fma(p, t, -0.00010515987605723725);
    p = fma(p, t, -0.0007798322959175384);
    p = fma(p, t, 0.0018886903696849339);
    p = fma(p, t, 0.0025293918183984967);
    p = fma(p, t, -0.023770514919423617);
    p = fma(p, t, 0.0683080273438454);
    p = fma(p, t, -0.11927366341528145);
    p = fma(p, t, 0.12964515870276427);
    p = fma(p, t, -0.0475622943534511);
    p = fma(p, t, -0.1356211061245812);
    return fma(p, t, 1.2530080582697296);
  }
}
