package dev.autograd.ops.special;

import static dev.autograd.kernel.expr.Formulas.abs;
import static dev.autograd.kernel.expr.Formulas.cos;
import static dev.autograd.kernel.expr.Formulas.sin;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;

/// The normalised cardinal sine.
///
/// - **Formula** `y = sin(πx) / (πx)`, 1 at 0; `dx = g · (cos(πx) − y) / x`, 0 at 0
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Sin, Cos, Div, Where
/// - **Source** the series of the sine, DLMF §4.19, https://dlmf.nist.gov/4.19
///
/// Near 0 the derivative is a sum of its series, as the difference of the formula would lose its
/// digits.
public record Sinc() implements Pointwise.Unary {
  private static final Sinc SINC = new Sinc();

  /// Up to here in `|x|` the derivative is the series, whose terms end below rounding.
  private static final double SERIES = 0.35;

  private static final int TERMS = 11;

  /// Returns `sin(πx) / (πx)`, 1 at 0.
  public static Tensor sinc(Tensor x) {
    return SINC.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    Expr t = x.mul(Math.PI);
    return Expr.select(x.eq(0), Expr.ONE, sin(t).div(t));
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    Expr t = x.mul(Math.PI);
    Expr u = t.mul(t);
    // d/dt sin(t)/t = Σ (−1)ᵏ 2k t^(2k−1) / (2k+1)!, from the last term inwards.
    Expr sum = Expr.constant(coefficient(TERMS));
    for (int k = TERMS - 1; k > 0; k--) {
      sum = sum.mul(u).add(coefficient(k));
    }
    Expr series = t.mul(sum).mul(Math.PI);
    return Expr.select(abs(x).lt(SERIES), series, cos(t).sub(sin(t).div(t)).div(x));
  }

  private static double coefficient(int k) {
    double factorial = 1;
    for (int i = 2; i <= 2 * k + 1; i++) {
      factorial *= i;
    }
    return (k % 2 == 0 ? 2.0 : -2.0) * k / factorial;
  }
}
