package dev.autograd.ops.pointwise;

import dev.autograd.Operation;
import java.util.List;

/// The operations of element-by-element arithmetic.
public final class PointwiseOps {
  private PointwiseOps() {}

  /// Returns a prototype of each.
  public static List<Operation> all() {
    return List.of(
        new Add(),
        new AddScalar(),
        new Sub(),
        new SubScalar(),
        new RsubScalar(),
        new Mul(),
        new MulScalar(),
        new Div(),
        new DivScalar(),
        new Remainder(),
        new Neg(),
        new Pow(),
        new PowScalar(),
        new PowBase(),
        new Square(),
        new Reciprocal(),
        new Sqrt(),
        new Rsqrt(),
        new Exp(),
        new Expm1(),
        new Log(),
        new Log1p(),
        new Sin(),
        new Cos(),
        new Tan(),
        new Erf(),
        new Abs(),
        new Sign(),
        new Floor(),
        new Ceil(),
        new Round(),
        new Trunc(),
        new Maximum(),
        new Minimum(),
        new Clamp(),
        new Lerp(),
        new Addcmul(),
        new Addcdiv());
  }
}
