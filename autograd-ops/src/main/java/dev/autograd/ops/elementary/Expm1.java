package dev.autograd.ops.elementary;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Pointwise;

/// Exponential function less one, exact for tiny arguments.
///
/// - **Formula** `y = eˣ − 1`, `dx = g · (y + 1)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Where over Sinh and Exp
/// - **Source** DLMF §4.2, https://dlmf.nist.gov/4.2
///
/// Saves the result only.
public record Expm1() implements Pointwise.Unary {
  private static final Expm1 EXPM1 = new Expm1();

  /// Returns `eˣ − 1` without cancellation.
  public static Tensor expm1(Tensor x) {
    return EXPM1.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.expm1(x);
  }
}
