package dev.autograd.ops.comparison;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;

/// Tells where elements of two tensors are equal.
///
/// - **Formula** `y = (a = b)`
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** any numeric → bool
/// - **Smooth** not differentiable
/// - **ONNX** Equal (13)
/// - **Source** IEEE 754-2019 §5.11
public record Eq() implements Pointwise.Binary {
  private static final Eq EQ = new Eq();

  /// Tells where `a = b`; false where either is NaN.
  public static Tensor eq(Tensor a, Tensor b) {
    return EQ.apply(a, b);
  }

  @Override
  public Typing typing() {
    return Typing.COMPARISON;
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    return a.eq(b);
  }

  @Override
  public String operator() {
    return "Equal";
  }
}
