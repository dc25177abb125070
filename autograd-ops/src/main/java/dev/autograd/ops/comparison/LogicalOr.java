package dev.autograd.ops.comparison;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;

/// Disjunction: where either element is nonzero.
///
/// - **Formula** `y = (a ≠ 0) ∨ (b ≠ 0)`
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** any numeric → bool
/// - **Smooth** not differentiable
/// - **ONNX** Cast, Or (7)
/// - **Source** truth tables
public record LogicalOr() implements Pointwise.Binary {
  private static final LogicalOr LOGICAL_OR = new LogicalOr();

  /// Tells where either element is nonzero; NaN counts as nonzero.
  public static Tensor logicalOr(Tensor a, Tensor b) {
    return LOGICAL_OR.apply(a, b);
  }

  @Override
  public Typing typing() {
    return Typing.COMPARISON;
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    return a.ne(0).or(b.ne(0));
  }
}
