package dev.autograd.ops.trigonometry;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Pointwise;

/// Arc tangent.
///
/// - **Formula** `y = atan x`, `dx = g / (1 + x²)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Atan (7)
/// - **Source** DLMF §4.23, https://dlmf.nist.gov/4.23
public record Atan() implements Pointwise.Unary {
  private static final Atan ATAN = new Atan();

  /// Returns the angle in `(−π/2, π/2)`.
  public static Tensor atan(Tensor x) {
    return ATAN.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.atan(x);
  }

  @Override
  public String operator() {
    return "Atan";
  }
}
