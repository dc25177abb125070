package dev.autograd.ops.comparison;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.ScalarOperand;
import dev.autograd.ops.pointwise.Typing;

/// Tells where elements are different from a number.
///
/// - **Formula** `y = (x ≠ value)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** any numeric → bool
/// - **Smooth** not differentiable
/// - **ONNX** Equal (13), Not (1)
/// - **Source** IEEE 754-2019 §5.11
public record NeScalar(double value) implements Pointwise.Unary, ScalarOperand {
  /// Makes the prototype.
  public NeScalar() {
    this(0);
  }

  /// Tells where `x ≠ value`; true where `x` is NaN.
  public static Tensor ne(Tensor x, double value) {
    return new NeScalar(value).apply(x);
  }

  @Override
  public Typing typing() {
    return Typing.COMPARISON;
  }

  @Override
  public Expr formula(Expr x) {
    return x.ne(Expr.param(0));
  }
}
