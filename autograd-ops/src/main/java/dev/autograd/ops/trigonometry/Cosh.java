package dev.autograd.ops.trigonometry;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Pointwise;

/// Hyperbolic cosine.
///
/// - **Formula** `y = cosh x`, `dx = g · sinh x`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Cosh (9)
/// - **Source** DLMF §4.28, https://dlmf.nist.gov/4.28
public record Cosh() implements Pointwise.Unary {
  private static final Cosh COSH = new Cosh();

  /// Returns the hyperbolic cosine.
  public static Tensor cosh(Tensor x) {
    return COSH.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.cosh(x);
  }

  @Override
  public String operator() {
    return "Cosh";
  }
}
