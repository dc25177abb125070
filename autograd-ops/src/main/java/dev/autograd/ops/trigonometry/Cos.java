package dev.autograd.ops.trigonometry;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Pointwise;

/// Cosine.
///
/// - **Formula** `y = cos x`, `dx = −g · sin x`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Cos (7)
/// - **Source** DLMF §4.14, https://dlmf.nist.gov/4.14
public record Cos() implements Pointwise.Unary {
  private static final Cos COS = new Cos();

  /// Returns the cosine of angles in radians.
  public static Tensor cos(Tensor x) {
    return COS.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.cos(x);
  }

  @Override
  public String operator() {
    return "Cos";
  }
}
