package dev.autograd.ops.activation;

import static dev.autograd.kernel.expr.Formulas.sigmoid;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;

/// Sigmoid linear unit, also called swish.
///
/// - **Formula** `y = x · σ(x)`, `dx = g · σ(x) · (1 + x · (1 − σ(x)))`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Sigmoid (13), Mul (14)
/// - **Source** Elfwing, Uchibe, Doya, https://arxiv.org/abs/1702.03118
public record Silu() implements Pointwise.Unary {
  private static final Silu SILU = new Silu();

  /// Returns `x · sigmoid(x)`.
  public static Tensor silu(Tensor x) {
    return SILU.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return x.mul(sigmoid(x));
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    Expr s = sigmoid(x);
    return s.mul(Expr.ONE.add(x.mul(Expr.ONE.sub(s))));
  }
}
