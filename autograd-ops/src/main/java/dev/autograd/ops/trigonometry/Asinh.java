package dev.autograd.ops.trigonometry;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Pointwise;

/// Inverse hyperbolic sine.
///
/// - **Formula** `y = asinh x`, `dx = g / √(1 + x²)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Asinh (9)
/// - **Source** DLMF §4.37, https://dlmf.nist.gov/4.37
public record Asinh() implements Pointwise.Unary {
  private static final Asinh ASINH = new Asinh();

  /// Returns the inverse hyperbolic sine.
  public static Tensor asinh(Tensor x) {
    return ASINH.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.asinh(x);
  }

  @Override
  public String operator() {
    return "Asinh";
  }
}
