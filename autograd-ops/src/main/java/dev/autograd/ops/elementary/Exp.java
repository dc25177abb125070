package dev.autograd.ops.elementary;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Pointwise;

/// Exponential function.
///
/// - **Formula** `y = eˣ`, `dx = g · y`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Exp (13)
/// - **Source** DLMF §4.2, https://dlmf.nist.gov/4.2
///
/// Saves the result only.
public record Exp() implements Pointwise.Unary {
  private static final Exp EXP = new Exp();

  /// Returns `eˣ`.
  public static Tensor exp(Tensor x) {
    return EXP.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.exp(x);
  }

  @Override
  public String operator() {
    return "Exp";
  }
}
