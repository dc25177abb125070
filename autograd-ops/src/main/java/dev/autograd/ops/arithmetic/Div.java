package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;

/// Quotient of two tensors, element by element.
///
/// - **Formula** `y = a / b`, `da = g / b`, `db = −g · (a / b) / b`
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** where `b ≠ 0`
/// - **ONNX** Div (7)
/// - **Source** IEEE 754-2019 §5
///
/// At `b = 0` the gradients are infinite or NaN, as the quotients are.
public record Div() implements Pointwise.Binary {
  private static final Div DIV = new Div();

  /// Returns `a / b`, broadcast; integers are divided as `f32`.
  public static Tensor div(Tensor a, Tensor b) {
    return DIV.apply(a, b);
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    return a.div(b);
  }

  @Override
  public Expr[] derivatives(Expr a, Expr b, Expr y) {
    return new Expr[] {Expr.ONE.div(b), a.div(b).div(b).neg()};
  }

  @Override
  public Domain domain(int input) {
    return input == 0 ? Domain.REAL : Domain.POSITIVE;
  }

  @Override
  public String operator() {
    return "Div";
  }
}
