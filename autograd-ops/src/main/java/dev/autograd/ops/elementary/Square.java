package dev.autograd.ops.elementary;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;

/// Square.
///
/// - **Formula** `y = x²`, `dx = g · 2x`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** any numeric
/// - **Smooth** everywhere
/// - **ONNX** Mul (7)
/// - **Source** IEEE 754-2019 §5
public record Square() implements Pointwise.Unary {
  private static final Square SQUARE = new Square();

  /// Returns `x²`.
  public static Tensor square(Tensor x) {
    return SQUARE.apply(x);
  }

  @Override
  public Typing typing() {
    return Typing.ARITHMETIC;
  }

  @Override
  public Expr formula(Expr x) {
    return x.mul(x);
  }
}
