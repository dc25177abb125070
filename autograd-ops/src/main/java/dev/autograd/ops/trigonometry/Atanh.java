package dev.autograd.ops.trigonometry;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;

/// Inverse hyperbolic tangent.
///
/// - **Formula** `y = atanh x`, `dx = g / (1 − x²)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** where `|x| < 1`; inf at ±1
/// - **ONNX** Atanh (9)
/// - **Source** DLMF §4.37, https://dlmf.nist.gov/4.37
public record Atanh() implements Pointwise.Unary {
  private static final Atanh ATANH = new Atanh();

  /// Returns the inverse hyperbolic tangent; NaN outside `[−1, 1]`.
  public static Tensor atanh(Tensor x) {
    return ATANH.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.atanh(x);
  }

  @Override
  public Domain domain(int input) {
    return Domain.of(-0.85, 0.85);
  }

  @Override
  public String operator() {
    return "Atanh";
  }
}
