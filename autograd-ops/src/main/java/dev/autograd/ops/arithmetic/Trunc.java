package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;

/// Rounding toward zero.
///
/// - **Formula** `y = trunc x`, `dx = 0`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** any numeric
/// - **Smooth** between the jumps
/// - **ONNX** Sign, Floor, Abs, Mul
/// - **Source** IEEE 754-2019 §5
///
/// The gradient is zeros, not absent. Saves nothing.
public record Trunc() implements Pointwise.Unary {
  private static final Trunc TRUNC = new Trunc();

  /// Returns the integer part.
  public static Tensor trunc(Tensor x) {
    return TRUNC.apply(x);
  }

  @Override
  public Typing typing() {
    return Typing.NUMERIC;
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.trunc(x);
  }

  @Override
  public Domain domain(int input) {
    return Domain.REAL.avoidingMultiplesOf(1);
  }
}
