package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;

/// Product of two tensors, element by element.
///
/// - **Formula** `y = a · b`, `da = g · b`, `db = g · a`
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** any numeric
/// - **Smooth** everywhere
/// - **ONNX** Mul (7)
/// - **Source** IEEE 754-2019 §5
///
/// Saves each factor only if the gradient of the other one is wanted.
public record Mul() implements Pointwise.Binary {
  private static final Mul MUL = new Mul();

  /// Returns `a · b`, broadcast and promoted to one type.
  public static Tensor mul(Tensor a, Tensor b) {
    return MUL.apply(a, b);
  }

  @Override
  public Typing typing() {
    return Typing.ARITHMETIC;
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    return a.mul(b);
  }

  @Override
  public String operator() {
    return "Mul";
  }
}
