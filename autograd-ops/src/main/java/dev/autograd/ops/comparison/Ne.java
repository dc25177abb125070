package dev.autograd.ops.comparison;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;

/// Tells where elements of two tensors are different.
///
/// - **Formula** `y = (a ≠ b)`
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** any numeric → bool
/// - **Smooth** not differentiable
/// - **ONNX** Equal (13), Not (1)
/// - **Source** IEEE 754-2019 §5.11
public record Ne() implements Pointwise.Binary {
  private static final Ne NE = new Ne();

  /// Tells where `a ≠ b`; true where either is NaN.
  public static Tensor ne(Tensor a, Tensor b) {
    return NE.apply(a, b);
  }

  @Override
  public Typing typing() {
    return Typing.COMPARISON;
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    return a.ne(b);
  }
}
