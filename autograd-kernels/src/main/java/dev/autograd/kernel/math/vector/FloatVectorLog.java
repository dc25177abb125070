package dev.autograd.kernel.math.vector;

import static dev.autograd.kernel.math.vector.Lanes.fma;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.I2F;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.autograd.kernel.math.FloatLog;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;

/// The functions of [FloatLog] on every lane.
public final class FloatVectorLog {

  private FloatVectorLog() {}

  /// Returns the natural logarithm.
  public static FloatVector log(FloatVector x) {
    VectorMask<Float> tiny = x.compare(LT, Float.MIN_NORMAL);
    IntVector bits = x.blend(x.mul(FloatLog.TWO_23), tiny).reinterpretAsInts();
    IntVector e = bits.sub(FloatLog.SQRT_HALF_BITS).lanewise(ASHR, 23);
    FloatVector m = bits.sub(e.lanewise(LSHL, 23)).reinterpretAsFloats();
    FloatVector k = (FloatVector) e.convert(I2F, 0);
    k = k.blend(k.sub(23f), tiny);
    FloatVector y = join(k, m.sub(1f));
    y = x.blend(y, x.compare(LT, Float.POSITIVE_INFINITY));
    y = y.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, 0f));
    return y.blend(Float.NaN, x.compare(LT, 0f));
  }

  /// Returns `log(1 + x)`.
  public static FloatVector log1p(FloatVector x) {
    IntVector e = x.add(1f).reinterpretAsInts().sub(FloatLog.SQRT_HALF_BITS).lanewise(ASHR, 23);
    IntVector half = e.lanewise(ASHR, 1);
    FloatVector s1 = half.neg().add(127).lanewise(LSHL, 23).reinterpretAsFloats();
    FloatVector s2 = half.sub(e).add(127).lanewise(LSHL, 23).reinterpretAsFloats();
    FloatVector f = x.mul(s1).fma(s2, fma(s1, s2, -1f));
    FloatVector y = join((FloatVector) e.convert(I2F, 0), f);
    y = x.blend(y, x.compare(LT, Float.POSITIVE_INFINITY));
    y = y.blend(Float.NEGATIVE_INFINITY, x.compare(EQ, -1f));
    y = y.blend(Float.NaN, x.compare(LT, -1f));
    return y.blend(x, x.abs().compare(LT, 0x1p-25f));
  }

  /// Returns the logarithm to base 2.
  public static FloatVector log2(FloatVector x) {
    return Lanes.each(x, FloatLog::log2);
  }

  /// Returns the logarithm to base 10.
  public static FloatVector log10(FloatVector x) {
    return Lanes.each(x, FloatLog::log10);
  }

  private static FloatVector join(FloatVector k, FloatVector f) {
    FloatVector p = fma(f, 0.06971612f, -0.11479734f);
    p = fma(p, f, 0.1168542f);
    p = fma(p, f, -0.12425687f);
    p = fma(p, f, 0.14249058f);
    p = fma(p, f, -0.16667803f);
    p = fma(p, f, 0.20000716f);
    p = fma(p, f, -0.24999997f);
    p = fma(p, f, 0.3333333f);
    p = fma(p, f, -0.5f);
    FloatVector r = f.mul(f).fma(p, k.mul(FloatLog.LN2_LOW));
    return fma(k, FloatLog.LN2_HIGH, f.add(r));
  }
}
