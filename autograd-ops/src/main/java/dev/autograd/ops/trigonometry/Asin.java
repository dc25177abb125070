package dev.autograd.ops.trigonometry;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.Formulas;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;

/// Arc sine.
///
/// - **Formula** `y = asin x`, `dx = g / √(1 − x²)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** where `|x| < 1`; inf at ±1
/// - **ONNX** Asin (7)
/// - **Source** DLMF §4.23, https://dlmf.nist.gov/4.23
public record Asin() implements Pointwise.Unary {
  private static final Asin ASIN = new Asin();

  /// Returns the angle in `[−π/2, π/2]`; NaN outside `[−1, 1]`.
  public static Tensor asin(Tensor x) {
    return ASIN.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Formulas.asin(x);
  }

  @Override
  public Domain domain(int input) {
    return Domain.of(-0.9, 0.9);
  }

  @Override
  public String operator() {
    return "Asin";
  }
}
