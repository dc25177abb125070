package dev.autograd.ops.special;

import static dev.autograd.kernel.expr.Formulas.log;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;

/// The summand of an entropy.
///
/// - **Formula** `y = −x ln x`, 0 at 0, −∞ below; `dx = −g · (1 + ln x)`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** where `x > 0`; at 0 the gradient is ∞, below it NaN
/// - **ONNX** Log, Mul, Where
/// - **Source** C. Shannon, A mathematical theory of communication (1948) §6
public record Entr() implements Pointwise.Unary {
  private static final Entr ENTR = new Entr();

  /// Returns `−x ln x`, 0 at 0 and −∞ below.
  public static Tensor entr(Tensor x) {
    return ENTR.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    Expr inside = Expr.select(x.eq(0), Expr.ZERO, Expr.ZERO.sub(x.mul(log(x))));
    return Expr.select(x.lt(0), Double.NEGATIVE_INFINITY, inside);
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    return log(x).add(1).neg();
  }

  @Override
  public Domain domain(int input) {
    return Domain.POSITIVE;
  }
}
