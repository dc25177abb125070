package dev.autograd.ops.comparison;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.ScalarOperand;
import dev.autograd.ops.pointwise.Typing;

/// Tells where elements are greater or equal to a number.
///
/// - **Formula** `y = (x ≥ value)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** any numeric → bool
/// - **Smooth** not differentiable
/// - **ONNX** GreaterOrEqual (16)
/// - **Source** IEEE 754-2019 §5.11
public record GeScalar(double value) implements Pointwise.Unary, ScalarOperand {
  /// Makes the prototype.
  public GeScalar() {
    this(0);
  }

  /// Tells where `x ≥ value`; false where `x` is NaN.
  public static Tensor ge(Tensor x, double value) {
    return new GeScalar(value).apply(x);
  }

  @Override
  public Typing typing() {
    return Typing.COMPARISON;
  }

  @Override
  public Expr formula(Expr x) {
    return x.ge(Expr.param(0));
  }
}
