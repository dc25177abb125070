package dev.autograd.ops.elementary;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Pointwise;

/// Power of 2.
///
/// - **Formula** `y = 2ˣ`, `dx = g · y · ln 2`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Pow (15)
/// - **Source** DLMF §4.2, https://dlmf.nist.gov/4.2
public record Exp2() implements Pointwise.Unary {
  private static final Exp2 EXP2 = new Exp2();

  /// Returns `2ˣ`.
  public static Tensor exp2(Tensor x) {
    return EXP2.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.exp2(x);
  }
}
