package dev.autograd.ops.activation;

import static dev.autograd.kernel.expr.Formulas.max;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;

/// Rectified linear unit.
///
/// - **Formula** `y = max(x, 0)`, `dx = g` where `y > 0`, `0` elsewhere
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** any numeric
/// - **Smooth** where `x ≠ 0`; 0 at 0
/// - **ONNX** Relu (14)
/// - **Source** Nair, Hinton: Rectified linear units improve restricted Boltzmann machines, ICML
///   2010
///
/// Saves the result only, so that its input may be written in place.
public record Relu() implements Pointwise.Unary {
  private static final Relu RELU = new Relu();

  /// Returns `max(x, 0)`; NaN stays.
  public static Tensor relu(Tensor x) {
    return RELU.apply(x);
  }

  @Override
  public Typing typing() {
    return Typing.ARITHMETIC;
  }

  @Override
  public Expr formula(Expr x) {
    return max(x, Expr.ZERO);
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    return Expr.select(y.le(0), Expr.ZERO, Expr.ONE);
  }

  @Override
  public Domain domain(int input) {
    return Domain.NONZERO;
  }

  @Override
  public String operator() {
    return "Relu";
  }
}
