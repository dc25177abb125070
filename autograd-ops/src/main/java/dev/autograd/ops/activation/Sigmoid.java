package dev.autograd.ops.activation;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Pointwise;

/// Logistic function.
///
/// - **Formula** `y = 1 / (1 + e^−x)`, `dx = g · y · (1 − y)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Sigmoid (13)
/// - **Source** Cox: The regression analysis of binary sequences, 1958
///
/// Saves the result only.
public record Sigmoid() implements Pointwise.Unary {
  private static final Sigmoid SIGMOID = new Sigmoid();

  /// Returns `1 / (1 + e^−x)`.
  public static Tensor sigmoid(Tensor x) {
    return SIGMOID.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.sigmoid(x);
  }

  @Override
  public String operator() {
    return "Sigmoid";
  }
}
