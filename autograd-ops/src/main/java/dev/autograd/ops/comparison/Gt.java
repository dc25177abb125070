package dev.autograd.ops.comparison;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;

/// Tells where elements of two tensors are greater.
///
/// - **Formula** `y = (a > b)`
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** any numeric → bool
/// - **Smooth** not differentiable
/// - **ONNX** Greater (13)
/// - **Source** IEEE 754-2019 §5.11
public record Gt() implements Pointwise.Binary {
  private static final Gt GT = new Gt();

  /// Tells where `a > b`; false where either is NaN.
  public static Tensor gt(Tensor a, Tensor b) {
    return GT.apply(a, b);
  }

  @Override
  public Typing typing() {
    return Typing.COMPARISON;
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    return a.gt(b);
  }

  @Override
  public String operator() {
    return "Greater";
  }
}
