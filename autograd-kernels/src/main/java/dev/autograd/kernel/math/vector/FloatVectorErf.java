package dev.autograd.kernel.math.vector;

import static dev.autograd.kernel.math.vector.Lanes.fma;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LT;
import static jdk.incubator.vector.VectorOperators.OR;

import dev.autograd.kernel.math.FloatErf;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// The functions of [FloatErf] on every lane.
public final class FloatVectorErf {

  private FloatVectorErf() {}

  /// Returns `2/√π · ∫₀ˣ e^-t² dt`.
  public static FloatVector erf(FloatVector x) {
    FloatVector a = x.abs();
    FloatVector large = FloatVectorExp.exp(logErfc(a.blend(4f, a.compare(GT, 4f)))).neg().add(1f);
    IntVector sign = x.reinterpretAsInts().and(0x80000000);
    return large
        .blend(small(a), a.compare(LT, FloatErf.SMALL))
        .reinterpretAsInts()
        .lanewise(OR, sign)
        .reinterpretAsFloats();
  }

  /// Returns `1 - erf(x)`.
  public static FloatVector erfc(FloatVector x) {
    return Lanes.each(x, FloatErf::erfc);
  }

  private static FloatVector small(FloatVector a) {
    FloatVector z = a.mul(a);
    FloatVector p = fma(z, 8.285826e-05f, -0.0008122961f);
    p = fma(p, z, 0.0051993183f);
    p = fma(p, z, -0.026858723f);
    p = fma(p, z, 0.11283684f);
    p = fma(p, z, -0.37612632f);
    p = fma(p, z, 0.12837917f);
    return a.fma(p, a);
  }

  private static FloatVector logErfc(FloatVector b) {
    FloatVector q = fma(b, 1.6435697e-06f, -4.6177913e-05f);
    q = fma(q, b, 0.0005977435f);
    q = fma(q, b, -0.0047635753f);
    q = fma(q, b, 0.026431018f);
    q = fma(q, b, -0.11009448f);
    q = fma(q, b, -0.63181454f);
    q = fma(q, b, -1.1302376f);
    return fma(q, b, 0.00032044153f);
  }
}
