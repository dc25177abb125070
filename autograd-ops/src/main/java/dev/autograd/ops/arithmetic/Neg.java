package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;

/// Negation.
///
/// - **Formula** `y = −x`, `dx = −g`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** any numeric
/// - **Smooth** everywhere
/// - **ONNX** Neg (13)
/// - **Source** IEEE 754-2019 §5
///
/// Saves nothing.
public record Neg() implements Pointwise.Unary {
  private static final Neg NEG = new Neg();

  /// Returns `−x`.
  public static Tensor neg(Tensor x) {
    return NEG.apply(x);
  }

  @Override
  public Typing typing() {
    return Typing.NUMERIC;
  }

  @Override
  public Expr formula(Expr x) {
    return x.neg();
  }

  @Override
  public String operator() {
    return "Neg";
  }
}
