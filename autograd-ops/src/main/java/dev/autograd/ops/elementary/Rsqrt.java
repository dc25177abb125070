package dev.autograd.ops.elementary;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;

/// Reciprocal of the square root.
///
/// - **Formula** `y = 1 / √x`, `dx = −g · y³ / 2`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** where `x > 0`
/// - **ONNX** Sqrt (13), Reciprocal (13)
/// - **Source** IEEE 754-2019 §5
///
/// Saves the result only.
public record Rsqrt() implements Pointwise.Unary {
  private static final Rsqrt RSQRT = new Rsqrt();

  /// Returns `1 / √x`; NaN of negative numbers.
  public static Tensor rsqrt(Tensor x) {
    return RSQRT.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.rsqrt(x);
  }

  @Override
  public Domain domain(int input) {
    return Domain.POSITIVE;
  }
}
