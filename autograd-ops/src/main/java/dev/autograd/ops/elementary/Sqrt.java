package dev.autograd.ops.elementary;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;

/// Square root.
///
/// - **Formula** `y = √x`, `dx = g / 2y`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** where `x > 0`; inf at 0, NaN below
/// - **ONNX** Sqrt (13)
/// - **Source** IEEE 754-2019 §5
///
/// Saves the result only.
public record Sqrt() implements Pointwise.Unary {
  private static final Sqrt SQRT = new Sqrt();

  /// Returns the square root; NaN of negative numbers.
  public static Tensor sqrt(Tensor x) {
    return SQRT.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.sqrt(x);
  }

  @Override
  public Domain domain(int input) {
    return Domain.POSITIVE;
  }

  @Override
  public String operator() {
    return "Sqrt";
  }
}
