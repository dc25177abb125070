package dev.autograd.kernel.math.vector;

import static dev.autograd.kernel.math.vector.Lanes.fma;
import static jdk.incubator.vector.VectorOperators.ASHR;
import static jdk.incubator.vector.VectorOperators.EQ;
import static jdk.incubator.vector.VectorOperators.GT;
import static jdk.incubator.vector.VectorOperators.LE;
import static jdk.incubator.vector.VectorOperators.LSHL;
import static jdk.incubator.vector.VectorOperators.LT;

import dev.autograd.kernel.math.FloatExp;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;

/// The functions of [FloatExp] on every lane.
public final class FloatVectorExp {

  private FloatVectorExp() {}

  /// Returns `e^x`.
  public static FloatVector exp(FloatVector x) {
    FloatVector a = clamp(x);
    FloatVector z = fma(a, FloatExp.LOG2_E, FloatExp.ROUNDER);
    FloatVector n = z.sub(FloatExp.ROUNDER);
    FloatVector r = fma(n, -FloatExp.LN2_LOW, fma(n, -FloatExp.LN2_HIGH, a));
    FloatVector p = fma(fma(curve(r), r, 1f), r, 1f);
    IntVector k = z.reinterpretAsInts().sub(FloatExp.ROUNDER_BITS);
    IntVector half = k.lanewise(ASHR, 1);
    return p.mul(half.add(127).lanewise(LSHL, 23).reinterpretAsFloats())
        .mul(k.sub(half).add(127).lanewise(LSHL, 23).reinterpretAsFloats());
  }

  /// Returns `2^x`.
  public static FloatVector exp2(FloatVector x) {
    return Lanes.each(x, FloatExp::exp2);
  }

  /// Returns `e^x - 1`.
  public static FloatVector expm1(FloatVector x) {
    FloatVector a = clamp(x);
    FloatVector z = fma(a, FloatExp.LOG2_E, FloatExp.ROUNDER);
    FloatVector n = z.sub(FloatExp.ROUNDER);
    FloatVector r = fma(n, -FloatExp.LN2_LOW, fma(n, -FloatExp.LN2_HIGH, a));
    FloatVector q = r.mul(r).fma(curve(r), r);
    IntVector k = z.reinterpretAsInts().sub(FloatExp.ROUNDER_BITS);
    FloatVector s = k.add(126).lanewise(LSHL, 23).reinterpretAsFloats();
    FloatVector y = q.fma(s, s.sub(0.5f)).mul(2f);
    y = y.blend(-1f, a.compare(LE, FloatExp.MINUS_ONE_BELOW));
    y = y.blend(q, n.compare(EQ, 0f));
    return y.blend(x, x.abs().compare(LT, 0x1p-25f));
  }

  /// Returns the logistic function `1 / (1 + e^-x)`.
  public static FloatVector sigmoid(FloatVector x) {
    FloatVector e = exp(x.abs().neg());
    FloatVector one = FloatVector.broadcast(x.species(), 1f);
    FloatVector d = e.add(1f);
    FloatVector top = one.blend(e, x.compare(LT, 0f));
    FloatVector reciprocal = one.div(d);
    FloatVector q = top.mul(reciprocal);
    FloatVector minus = q.neg();
    FloatVector rest = minus.fma(e.sub(d.sub(1f)), minus.fma(d, top));
    return rest.fma(reciprocal, q);
  }

  private static FloatVector clamp(FloatVector x) {
    FloatVector a = x.blend(FloatExp.OVERFLOW, x.compare(GT, FloatExp.OVERFLOW));
    return a.blend(FloatExp.UNDERFLOW, a.compare(LT, FloatExp.UNDERFLOW));
  }

  private static FloatVector curve(FloatVector r) {
    FloatVector p = fma(r, 0.001392625f, 0.008363233f);
    p = fma(p, r, 0.041666552f);
    p = fma(p, r, 0.16666576f);
    return fma(p, r, 0.5f);
  }
}
