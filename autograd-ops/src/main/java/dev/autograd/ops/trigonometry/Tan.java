package dev.autograd.ops.trigonometry;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;

/// Tangent.
///
/// - **Formula** `y = tan x`, `dx = g · (1 + y²)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** away from the poles
/// - **ONNX** Tan (7)
/// - **Source** DLMF §4.14, https://dlmf.nist.gov/4.14
///
/// Saves the result only.
public record Tan() implements Pointwise.Unary {
  private static final Tan TAN = new Tan();

  /// Returns the tangent of angles in radians.
  public static Tensor tan(Tensor x) {
    return TAN.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.tan(x);
  }

  @Override
  public Domain domain(int input) {
    return Domain.of(-1.2, 1.2);
  }

  @Override
  public String operator() {
    return "Tan";
  }
}
