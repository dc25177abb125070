package dev.autograd.ops.activation;

import static dev.autograd.kernel.expr.Formulas.abs;
import static dev.autograd.kernel.expr.Formulas.exp;
import static dev.autograd.kernel.expr.Formulas.log1p;
import static dev.autograd.kernel.expr.Formulas.max;
import static dev.autograd.kernel.expr.Formulas.sigmoid;
import static dev.autograd.kernel.expr.Formulas.tanh;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;

/// Mish.
///
/// - **Formula** `y = x · tanh(softplus(x))`, `dx = g · (t + x · (1 − t²) · σ(x))`, `t =
///   tanh(softplus(x))`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Softplus, Tanh, Mul; Mish from opset 18 on
/// - **Source** Misra, https://arxiv.org/abs/1908.08681
public record Mish() implements Pointwise.Unary {
  private static final Mish MISH = new Mish();

  /// Returns `x · tanh(ln(1 + eˣ))`.
  public static Tensor mish(Tensor x) {
    return MISH.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return x.mul(tanh(softplus(x)));
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    Expr t = tanh(softplus(x));
    Expr one = Expr.ONE;
    return t.add(x.mul(one.sub(t.mul(t))).mul(sigmoid(x)));
  }

  /// Never exponentiates a positive number, so that nothing overflows.
  private static Expr softplus(Expr x) {
    return max(x, Expr.ZERO).add(log1p(exp(abs(x).neg())));
  }
}
