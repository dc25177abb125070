package dev.autograd.ops.activation;

import static dev.autograd.kernel.expr.Formulas.max;
import static dev.autograd.kernel.expr.Formulas.min;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;

/// Piecewise quadratic swish.
///
/// - **Formula** `y = x · min(max(x + 3, 0), 6) / 6`, `dx = g · (x/3 + ½)` where `−3 < x < 3`, `0`
///   below, `g` above
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** away from ±3; 0 at −3 and 1 at 3, the one-sided values of least norm
/// - **ONNX** HardSwish (14)
/// - **Source** Howard et al., https://arxiv.org/abs/1905.02244, §5.2
public record Hardswish() implements Pointwise.Unary {
  private static final Hardswish HARDSWISH = new Hardswish();

  /// Returns `x · min(max(x + 3, 0), 6) / 6`.
  public static Tensor hardswish(Tensor x) {
    return HARDSWISH.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return x.mul(min(max(x.add(3), Expr.ZERO), Expr.constant(6))).div(6);
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    Expr inside = Expr.select(x.lt(3), x.div(3).add(0.5), Expr.ONE);
    return Expr.select(x.gt(-3), inside, Expr.ZERO);
  }

  @Override
  public Domain domain(int input) {
    return Domain.of(-5, 5).avoiding(-3, 3);
  }

  @Override
  public String operator() {
    return "HardSwish";
  }
}
