package dev.autograd.ops.trigonometry;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Pointwise;

/// Sine.
///
/// - **Formula** `y = sin x`, `dx = g · cos x`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Sin (7)
/// - **Source** DLMF §4.14, https://dlmf.nist.gov/4.14
public record Sin() implements Pointwise.Unary {
  private static final Sin SIN = new Sin();

  /// Returns the sine of angles in radians.
  public static Tensor sin(Tensor x) {
    return SIN.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.sin(x);
  }

  @Override
  public String operator() {
    return "Sin";
  }
}
