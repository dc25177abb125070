package dev.autograd.ops.trigonometry;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Pointwise;

/// Hyperbolic sine.
///
/// - **Formula** `y = sinh x`, `dx = g · cosh x`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Sinh (9)
/// - **Source** DLMF §4.28, https://dlmf.nist.gov/4.28
public record Sinh() implements Pointwise.Unary {
  private static final Sinh SINH = new Sinh();

  /// Returns the hyperbolic sine.
  public static Tensor sinh(Tensor x) {
    return SINH.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.sinh(x);
  }

  @Override
  public String operator() {
    return "Sinh";
  }
}
