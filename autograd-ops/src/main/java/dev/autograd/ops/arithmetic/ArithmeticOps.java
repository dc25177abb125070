package dev.autograd.ops.arithmetic;

import dev.autograd.Operation;
import java.util.List;

/// The operations of arithmetic, rounding and limits.
public final class ArithmeticOps {
  private ArithmeticOps() {}

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
        new Fmod(),
        new Neg(),
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
