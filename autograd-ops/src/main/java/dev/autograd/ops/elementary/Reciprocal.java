package dev.autograd.ops.elementary;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;

/// Reciprocal.
///
/// - **Formula** `y = 1 / x`, `dx = −g · y²`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** where `x ≠ 0`; −inf at 0
/// - **ONNX** Reciprocal (13)
/// - **Source** IEEE 754-2019 §5
///
/// Saves the result only.
public record Reciprocal() implements Pointwise.Unary {
  private static final Reciprocal RECIPROCAL = new Reciprocal();

  /// Returns `1 / x`; of integers in `f32`.
  public static Tensor reciprocal(Tensor x) {
    return RECIPROCAL.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Expr.ONE.div(x);
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    return y.mul(y).neg();
  }

  @Override
  public Domain domain(int input) {
    return Domain.POSITIVE;
  }

  @Override
  public String operator() {
    return "Reciprocal";
  }
}
