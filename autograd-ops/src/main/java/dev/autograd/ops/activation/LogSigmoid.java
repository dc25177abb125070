package dev.autograd.ops.activation;

import static dev.autograd.kernel.expr.Formulas.abs;
import static dev.autograd.kernel.expr.Formulas.exp;
import static dev.autograd.kernel.expr.Formulas.log1p;
import static dev.autograd.kernel.expr.Formulas.min;
import static dev.autograd.kernel.expr.Formulas.sigmoid;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;

/// Logarithm of the logistic function.
///
/// - **Formula** `y = −ln(1 + e^−x)`, `dx = g · σ(−x)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Neg, Softplus (1)
/// - **Source** Mächler: Accurately computing log(1 − exp(−|a|)), 2012
public record LogSigmoid() implements Pointwise.Unary {
  private static final LogSigmoid LOG_SIGMOID = new LogSigmoid();

  /// Returns `ln(sigmoid(x))` without overflow.
  public static Tensor logSigmoid(Tensor x) {
    return LOG_SIGMOID.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return min(x, Expr.ZERO).sub(log1p(exp(abs(x).neg())));
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    return sigmoid(x.neg());
  }
}
