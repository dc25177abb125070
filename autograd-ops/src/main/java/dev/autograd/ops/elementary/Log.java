package dev.autograd.ops.elementary;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;

/// Natural logarithm.
///
/// - **Formula** `y = ln x`, `dx = g / x`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** where `x > 0`; the gradient is `g / x` everywhere, inf at 0
/// - **ONNX** Log (13)
/// - **Source** DLMF §4.2, https://dlmf.nist.gov/4.2
public record Log() implements Pointwise.Unary {
  private static final Log LOG = new Log();

  /// Returns the natural logarithm; −inf at 0, NaN of negative numbers.
  public static Tensor log(Tensor x) {
    return LOG.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.log(x);
  }

  @Override
  public Domain domain(int input) {
    return Domain.POSITIVE;
  }

  @Override
  public String operator() {
    return "Log";
  }
}
