package dev.autograd.ops.elementary;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;

/// Natural logarithm of one more, exact for tiny arguments.
///
/// - **Formula** `y = ln(1 + x)`, `dx = g / (1 + x)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** where `x > −1`
/// - **ONNX** Where over Log
/// - **Source** DLMF §4.2, https://dlmf.nist.gov/4.2
public record Log1p() implements Pointwise.Unary {
  private static final Log1p LOG1P = new Log1p();

  /// Returns `ln(1 + x)` without cancellation.
  public static Tensor log1p(Tensor x) {
    return LOG1P.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.log1p(x);
  }

  @Override
  public Domain domain(int input) {
    return Domain.of(-0.8, 3);
  }
}
