package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;

/// Sign: −1, 0 or 1.
///
/// - **Formula** `y = sign x`, `dx = 0`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** any numeric
/// - **Smooth** between the jumps
/// - **ONNX** Sign (13)
/// - **Source** IEEE 754-2019 §5
///
/// The gradient is zeros, not absent. Saves nothing.
public record Sign() implements Pointwise.Unary {
  private static final Sign SIGN = new Sign();

  /// Returns −1, 0 or 1; NaN of NaN.
  public static Tensor sign(Tensor x) {
    return SIGN.apply(x);
  }

  @Override
  public Typing typing() {
    return Typing.NUMERIC;
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.sign(x);
  }

  @Override
  public Domain domain(int input) {
    return Domain.NONZERO;
  }

  @Override
  public String operator() {
    return "Sign";
  }
}
