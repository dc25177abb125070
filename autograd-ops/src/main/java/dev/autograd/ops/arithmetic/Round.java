package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;

/// Rounding to the nearest integer, ties to even.
///
/// - **Formula** `y = round x`, `dx = 0`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** any numeric
/// - **Smooth** between the jumps
/// - **ONNX** Round (11)
/// - **Source** IEEE 754-2019 §5
///
/// The gradient is zeros, not absent. Saves nothing.
public record Round() implements Pointwise.Unary {
  private static final Round ROUND = new Round();

  /// Returns the nearest integer, the even one at ties.
  public static Tensor round(Tensor x) {
    return ROUND.apply(x);
  }

  @Override
  public Typing typing() {
    return Typing.NUMERIC;
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.round(x);
  }

  @Override
  public Domain domain(int input) {
    return Domain.REAL.avoidingMultiplesOf(0.5);
  }

  @Override
  public String operator() {
    return "Round";
  }
}
