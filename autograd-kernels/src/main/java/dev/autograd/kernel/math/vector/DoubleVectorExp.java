package dev.autograd.kernel.math.vector;

import static dev.autograd.kernel.math.vector.Lanes.fma;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.autograd.kernel.math.DoubleExp;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;

/// The functions of [DoubleExp] on every lane.
public final class DoubleVectorExp {

  private DoubleVectorExp() {}

  /// Returns `e^x`.
  public static DoubleVector exp(DoubleVector x) {
    DoubleVector a = clamp(x);
    DoubleVector n = fma(a, DoubleExp.LOG2_E, DoubleExp.ROUNDER).sub(DoubleExp.ROUNDER);
    DoubleVector r = fma(n, -DoubleExp.LN2_LOW, fma(n, -DoubleExp.LN2_HIGH, a));
    return scale(fma(fma(curve(r), r, 1.0), r, 1.0), n);
  }

  /// Returns `2^x`.
  public static DoubleVector exp2(DoubleVector x) {
    DoubleVector a = x.blend(1025.0, x.compare(GT, 1025.0));
    a = a.blend(-1076.0, a.compare(LT, -1076.0));
    DoubleVector n = a.add(DoubleExp.ROUNDER).sub(DoubleExp.ROUNDER);
    DoubleVector f = a.sub(n);
    DoubleVector r = f.mul(DoubleExp.LN2_HIGH);
    DoubleVector low = fma(f, DoubleExp.LN2_HIGH, r.neg()).add(f.mul(DoubleExp.LN2_LOW));
    DoubleVector p = r.mul(r).fma(curve(r), low).add(r);
    return scale(p.add(1.0), n);
  }

  /// Returns `e^x - 1`.
  public static DoubleVector expm1(DoubleVector x) {
    DoubleVector a = clamp(x);
    DoubleVector z = fma(a, DoubleExp.LOG2_E, DoubleExp.ROUNDER);
    DoubleVector n = z.sub(DoubleExp.ROUNDER);
    DoubleVector r = fma(n, -DoubleExp.LN2_LOW, fma(n, -DoubleExp.LN2_HIGH, a));
    DoubleVector q = r.mul(r).fma(curve(r), r);
    LongVector k = z.reinterpretAsLongs().sub(DoubleExp.ROUNDER_BITS);
    DoubleVector s = k.add(1022).lanewise(LSHL, 52).reinterpretAsDoubles();
    DoubleVector y = q.fma(s, s.sub(0.5)).mul(2.0);
    y = y.blend(-1.0, a.compare(LE, DoubleExp.MINUS_ONE_BELOW));
    y = y.blend(q, n.compare(EQ, 0.0));
    return y.blend(x, x.abs().compare(LT, 0x1p-54));
  }

  /// Returns the logistic function `1 / (1 + e^-x)`.
  public static DoubleVector sigmoid(DoubleVector x) {
    DoubleVector e = exp(x.abs().neg());
    DoubleVector one = DoubleVector.broadcast(x.species(), 1.0);
    return one.blend(e, x.compare(LT, 0.0)).div(e.add(1.0));
  }

  static DoubleVector expOfSum(DoubleVector high, DoubleVector low, double halvings) {
    DoubleVector a = high.blend(800.0, high.compare(GT, 800.0));
    a = a.blend(-800.0, a.compare(LT, -800.0));
    DoubleVector n = fma(a, DoubleExp.LOG2_E, DoubleExp.ROUNDER).sub(DoubleExp.ROUNDER);
    DoubleVector r = fma(n, -DoubleExp.LN2_LOW, fma(n, -DoubleExp.LN2_HIGH, a)).add(low);
    return scale(fma(fma(curve(r), r, 1.0), r, 1.0), n.sub(halvings));
  }

  private static DoubleVector clamp(DoubleVector x) {
    DoubleVector a = x.blend(DoubleExp.OVERFLOW, x.compare(GT, DoubleExp.OVERFLOW));
    return a.blend(DoubleExp.UNDERFLOW, a.compare(LT, DoubleExp.UNDERFLOW));
  }

  private static DoubleVector scale(DoubleVector p, DoubleVector n) {
    LongVector half =
        fma(n, 0.5, DoubleExp.ROUNDER).reinterpretAsLongs().sub(DoubleExp.ROUNDER_BITS);
    LongVector k = n.add(DoubleExp.ROUNDER).reinterpretAsLongs().sub(DoubleExp.ROUNDER_BITS);
    return p.mul(half.add(1023).lanewise(LSHL, 52).reinterpretAsDoubles())
        .mul(k.sub(half).add(1023).lanewise(LSHL, 52).reinterpretAsDoubles());
  }

  private static DoubleVector curve(DoubleVector r) {
    DoubleVector p = fma(r, 2.09147553258932e-09, 2.5105312729622103e-08);
    p = fma(p, r, 2.755727347871858e-07);
    p = fma(p, r, 2.755725517000089e-06);
    p = fma(p, r, 2.480158732567746e-05);
    p = fma(p, r, 0.0001984126987500228);
    p = fma(p, r, 0.0013888888888883711);
    p = fma(p, r, 0.008333333333326084);
    p = fma(p, r, 0.04166666666666667);
    p = fma(p, r, 0.1666666666666667);
    return fma(p, r, 0.5);
  }
}
