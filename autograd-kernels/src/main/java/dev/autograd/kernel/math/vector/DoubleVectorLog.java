package dev.autograd.kernel.math.vector;

import static dev.autograd.kernel.math.vector.Lanes.fma;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LSHR;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.autograd.kernel.math.DoubleLog;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorMask;

/// The functions of [DoubleLog] on every lane.
public final class DoubleVectorLog {

  private DoubleVectorLog() {}

  /// Returns the natural logarithm.
  public static DoubleVector log(DoubleVector x) {
    VectorMask<Double> tiny = x.compare(LT, Double.MIN_NORMAL);
    LongVector bits = x.blend(x.mul(0x1p54), tiny).reinterpretAsLongs();
    LongVector e = bits.add(DoubleLog.SQRT_HALF_SHIFT).lanewise(LSHR, 52);
    DoubleVector f = bits.sub(e.sub(1023).lanewise(LSHL, 52)).reinterpretAsDoubles().sub(1.0);
    DoubleVector k = exponent(e);
    k = k.blend(k.sub(54.0), tiny);
    DoubleVector y = x.blend(join(k, f), x.compare(LT, Double.POSITIVE_INFINITY));
    y = y.blend(Double.NEGATIVE_INFINITY, x.compare(EQ, 0.0));
    return y.blend(Double.NaN, x.compare(LT, 0.0));
  }

  /// Returns `log(1 + x)`.
  public static DoubleVector log1p(DoubleVector x) {
    LongVector e =
        x.add(1.0).reinterpretAsLongs().add(DoubleLog.SQRT_HALF_SHIFT).lanewise(LSHR, 52);
    LongVector half = e.lanewise(LSHR, 1);
    DoubleVector s1 = half.neg().add(1534).lanewise(LSHL, 52).reinterpretAsDoubles();
    DoubleVector s2 = half.sub(e).add(1535).lanewise(LSHL, 52).reinterpretAsDoubles();
    DoubleVector f = x.mul(s1).fma(s2, fma(s1, s2, -1.0));
    DoubleVector y = x.blend(join(exponent(e), f), x.compare(LT, Double.POSITIVE_INFINITY));
    y = y.blend(Double.NEGATIVE_INFINITY, x.compare(EQ, -1.0));
    y = y.blend(Double.NaN, x.compare(LT, -1.0));
    return y.blend(x, x.abs().compare(LT, 0x1p-54));
  }

  /// Returns the logarithm to base 2.
  public static DoubleVector log2(DoubleVector x) {
    return Lanes.each(x, DoubleLog::log2);
  }

  /// Returns the logarithm to base 10.
  public static DoubleVector log10(DoubleVector x) {
    return Lanes.each(x, DoubleLog::log10);
  }

  private static DoubleVector exponent(LongVector e) {
    return e.add(DoubleLog.TWO_52_BITS).reinterpretAsDoubles().sub(DoubleLog.TWO_52_AND_BIAS);
  }

  private static DoubleVector join(DoubleVector k, DoubleVector f) {
    DoubleVector s = f.div(f.add(2.0));
    DoubleVector z = s.mul(s);
    DoubleVector p = fma(z, 0.14617807153417325, 0.15331611722055008);
    p = fma(p, z, 0.1818289243253687);
    p = fma(p, z, 0.22222211089379496);
    p = fma(p, z, 0.28571428626253836);
    p = fma(p, z, 0.3999999999989889);
    p = fma(p, z, 0.666666666666667);
    DoubleVector h = f.mul(0.5).mul(f);
    DoubleVector t = s.fma(z.fma(p, h), k.mul(DoubleLog.LN2_LOW));
    return fma(k, DoubleLog.LN2_HIGH, f.sub(h.sub(t)));
  }
}
