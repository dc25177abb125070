package dev.autograd.ops.comparison;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;

/// Negation: where elements are zero.
///
/// - **Formula** `y = (x = 0)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** any numeric → bool
/// - **Smooth** not differentiable
/// - **ONNX** Cast, Not (1)
/// - **Source** truth tables
public record LogicalNot() implements Pointwise.Unary {
  private static final LogicalNot LOGICAL_NOT = new LogicalNot();

  /// Tells where elements are zero.
  public static Tensor logicalNot(Tensor x) {
    return LOGICAL_NOT.apply(x);
  }

  @Override
  public Typing typing() {
    return Typing.COMPARISON;
  }

  @Override
  public Expr formula(Expr x) {
    return x.eq(0);
  }
}
