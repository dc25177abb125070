package dev.autograd.ops.comparison;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;

/// Conjunction: where both elements are nonzero.
///
/// - **Formula** `y = (a ≠ 0) ∧ (b ≠ 0)`
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** any numeric → bool
/// - **Smooth** not differentiable
/// - **ONNX** Cast, And (7)
/// - **Source** truth tables
public record LogicalAnd() implements Pointwise.Binary {
  private static final LogicalAnd LOGICAL_AND = new LogicalAnd();

  /// Tells where both elements are nonzero; NaN counts as nonzero.
  public static Tensor logicalAnd(Tensor a, Tensor b) {
    return LOGICAL_AND.apply(a, b);
  }

  @Override
  public Typing typing() {
    return Typing.COMPARISON;
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    return a.ne(0).and(b.ne(0));
  }
}
