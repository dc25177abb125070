package dev.autograd.ops.elementary;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;

/// Logarithm to base 2.
///
/// - **Formula** `y = log₂ x`, `dx = g / (x ln 2)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** where `x > 0`
/// - **ONNX** Log (13), Div (14)
/// - **Source** DLMF §4.2, https://dlmf.nist.gov/4.2
public record Log2() implements Pointwise.Unary {
  private static final Log2 LOG2 = new Log2();

  /// Returns the logarithm to base 2.
  public static Tensor log2(Tensor x) {
    return LOG2.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.log2(x);
  }

  @Override
  public Domain domain(int input) {
    return Domain.POSITIVE;
  }
}
