package dev.autograd.ops.comparison;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;

/// Tells where elements are NaN.
///
/// - **Formula** `y = (x ≠ x)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** any numeric → bool
/// - **Smooth** not differentiable
/// - **ONNX** IsNaN (13); a false for integers
/// - **Source** IEEE 754-2019 §5.7
public record IsNan() implements Pointwise.Unary {
  private static final IsNan IS_NAN = new IsNan();

  /// Tells where elements are NaN.
  public static Tensor isNan(Tensor x) {
    return IS_NAN.apply(x);
  }

  @Override
  public Typing typing() {
    return Typing.COMPARISON;
  }

  @Override
  public Expr formula(Expr x) {
    return x.isNan();
  }
}
