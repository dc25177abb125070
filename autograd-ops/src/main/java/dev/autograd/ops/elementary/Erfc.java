package dev.autograd.ops.elementary;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Pointwise;

/// Complement of the error function.
///
/// - **Formula** `y = erfc x = 1 − erf x`, `dx = −g · 2/√π · e^−x²`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Erf (13), Sub (14)
/// - **Source** DLMF §7.2, https://dlmf.nist.gov/7.2
public record Erfc() implements Pointwise.Unary {
  private static final Erfc ERFC = new Erfc();

  /// Returns `1 − erf x` without cancellation.
  public static Tensor erfc(Tensor x) {
    return ERFC.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.erfc(x);
  }
}
