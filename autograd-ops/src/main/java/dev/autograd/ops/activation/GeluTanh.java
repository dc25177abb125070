package dev.autograd.ops.activation;

import static dev.autograd.kernel.expr.Formulas.tanh;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;

/// Gaussian error linear unit, by its approximation with tanh.
///
/// - **Formula** `y = x/2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))`, `dx = g · y′(x)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Mul, Add, Tanh
/// - **Source** Hendrycks, Gimpel, https://arxiv.org/abs/1606.08415, §2
public record GeluTanh() implements Pointwise.Unary {
  private static final double SCALE = Math.sqrt(2 / Math.PI);
  private static final double CUBIC = 0.044715;

  private static final GeluTanh GELU_TANH = new GeluTanh();

  /// Returns `x · Φ(x)`, approximated with a hyperbolic tangent.
  public static Tensor geluTanh(Tensor x) {
    return GELU_TANH.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return x.mul(0.5).mul(tanh(inner(x)).add(1));
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    Expr t = tanh(inner(x));
    Expr slope = x.mul(x).mul(3 * CUBIC).add(1).mul(SCALE);
    Expr left = t.add(1).mul(0.5);
    return left.add(x.mul(0.5).mul(Expr.ONE.sub(t.mul(t))).mul(slope));
  }

  private static Expr inner(Expr x) {
    return x.add(x.mul(x).mul(x).mul(CUBIC)).mul(SCALE);
  }
}
