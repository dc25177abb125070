package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;

/// Rounding up.
///
/// - **Formula** `y = ⌈x⌉`, `dx = 0`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** any numeric
/// - **Smooth** between the jumps
/// - **ONNX** Ceil (13)
/// - **Source** IEEE 754-2019 §5
///
/// The gradient is zeros, not absent. Saves nothing.
public record Ceil() implements Pointwise.Unary {
  private static final Ceil CEIL = new Ceil();

  /// Returns the least integer not below `x`.
  public static Tensor ceil(Tensor x) {
    return CEIL.apply(x);
  }

  @Override
  public Typing typing() {
    return Typing.NUMERIC;
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.ceil(x);
  }

  @Override
  public Domain domain(int input) {
    return Domain.REAL.avoidingMultiplesOf(1);
  }

  @Override
  public String operator() {
    return "Ceil";
  }
}
