package dev.autograd.ops.elementary;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;

/// Logarithm to base 10.
///
/// - **Formula** `y = log₁₀ x`, `dx = g / (x ln 10)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** where `x > 0`
/// - **ONNX** Log (13), Div (14)
/// - **Source** DLMF §4.2, https://dlmf.nist.gov/4.2
public record Log10() implements Pointwise.Unary {
  private static final Log10 LOG10 = new Log10();

  /// Returns the logarithm to base 10.
  public static Tensor log10(Tensor x) {
    return LOG10.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.log10(x);
  }

  @Override
  public Domain domain(int input) {
    return Domain.POSITIVE;
  }
}
