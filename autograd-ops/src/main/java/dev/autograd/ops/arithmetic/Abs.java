package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;

/// Absolute value.
///
/// - **Formula** `y = |x|`, `dx = g · sign x`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** any numeric
/// - **Smooth** where `x ≠ 0`; 0 at 0, the subgradient of least norm
/// - **ONNX** Abs (13)
/// - **Source** IEEE 754-2019 §5
public record Abs() implements Pointwise.Unary {
  private static final Abs ABS = new Abs();

  /// Returns the absolute value.
  public static Tensor abs(Tensor x) {
    return ABS.apply(x);
  }

  @Override
  public Typing typing() {
    return Typing.ARITHMETIC;
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.abs(x);
  }

  @Override
  public Domain domain(int input) {
    return Domain.NONZERO;
  }

  @Override
  public String operator() {
    return "Abs";
  }
}
