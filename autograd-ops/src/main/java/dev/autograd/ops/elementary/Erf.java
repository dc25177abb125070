package dev.autograd.ops.elementary;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Pointwise;

/// Error function.
///
/// - **Formula** `y = erf x = 2/√π ∫₀ˣ e^−t² dt`, `dx = g · 2/√π · e^−x²`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Erf (13)
/// - **Source** DLMF §7.2, https://dlmf.nist.gov/7.2
public record Erf() implements Pointwise.Unary {
  private static final Erf ERF = new Erf();

  /// Returns the error function.
  public static Tensor erf(Tensor x) {
    return ERF.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.erf(x);
  }

  @Override
  public String operator() {
    return "Erf";
  }
}
