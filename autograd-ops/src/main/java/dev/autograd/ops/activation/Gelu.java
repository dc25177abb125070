package dev.autograd.ops.activation;

import static dev.autograd.kernel.expr.Formulas.erf;
import static dev.autograd.kernel.expr.Formulas.exp;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;

/// Gaussian error linear unit, by the error function.
///
/// - **Formula** `y = x · Φ(x) = x/2 · (1 + erf(x/√2))`, `dx = g · (Φ(x) + x · φ(x))`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Div, Erf, Add, Mul
/// - **Source** Hendrycks, Gimpel, https://arxiv.org/abs/1606.08415
public record Gelu() implements Pointwise.Unary {
  private static final Gelu GELU = new Gelu();

  /// Returns `x · Φ(x)`, `Φ` the standard normal distribution.
  public static Tensor gelu(Tensor x) {
    return GELU.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return x.mul(0.5).mul(erf(x.mul(Math.sqrt(0.5))).add(1));
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    Expr cdf = erf(x.mul(Math.sqrt(0.5))).add(1).mul(0.5);
    Expr pdf = exp(x.mul(x).mul(-0.5)).mul(1 / Math.sqrt(2 * Math.PI));
    return cdf.add(x.mul(pdf));
  }
}
