package dev.autograd.ops.activation;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Pointwise;

/// Hyperbolic tangent.
///
/// - **Formula** `y = tanh x`, `dx = g · (1 − y²)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Tanh (13)
/// - **Source** DLMF §4.37, https://dlmf.nist.gov/4.37
///
/// Saves the result only.
public record Tanh() implements Pointwise.Unary {
  private static final Tanh TANH = new Tanh();

  /// Returns the hyperbolic tangent.
  public static Tensor tanh(Tensor x) {
    return TANH.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.tanh(x);
  }

  @Override
  public String operator() {
    return "Tanh";
  }
}
