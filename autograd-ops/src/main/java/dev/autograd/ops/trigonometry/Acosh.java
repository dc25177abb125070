package dev.autograd.ops.trigonometry;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;

/// Inverse hyperbolic cosine.
///
/// - **Formula** `y = acosh x`, `dx = g / √(x² − 1)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** where `x > 1`; inf at 1
/// - **ONNX** Acosh (9)
/// - **Source** DLMF §4.37, https://dlmf.nist.gov/4.37
public record Acosh() implements Pointwise.Unary {
  private static final Acosh ACOSH = new Acosh();

  /// Returns the inverse hyperbolic cosine; NaN below 1.
  public static Tensor acosh(Tensor x) {
    return ACOSH.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.acosh(x);
  }

  @Override
  public Domain domain(int input) {
    return Domain.of(1.3, 4);
  }

  @Override
  public String operator() {
    return "Acosh";
  }
}
