package dev.autograd.ops.elementary;

import static dev.autograd.kernel.expr.Formulas.log;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.PointwiseSamples;
import dev.autograd.spi.Samples;

/// Power of a fixed base.
///
/// - **Formula** `y = base^x`, `dx = g · y · ln base`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere if `base > 0`
/// - **ONNX** Pow (15)
/// - **Source** IEEE 754-2019 §9.2; DLMF §4.2, https://dlmf.nist.gov/4.2
///
/// For `base = 0` the gradient is 0 where `x ≥ 0`. Saves the result (and `x` for that one case).
public record ScalarPow(double base) implements Pointwise.Unary {
  /// Makes the prototype.
  public ScalarPow() {
    this(2);
  }

  /// Returns `base^x`.
  public static Tensor pow(double base, Tensor x) {
    return new ScalarPow(base).apply(x);
  }

  @Override
  public double[] params() {
    return new double[] {base};
  }

  @Override
  public Object form() {
    return base == 0;
  }

  @Override
  public Expr formula(Expr x) {
    return Expr.param(0).pow(x);
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    Expr slope = y.mul(log(Expr.param(0)));
    return base == 0 ? Expr.select(x.ge(0), Expr.ZERO, slope) : slope;
  }

  @Override
  public void samples(Samples samples) {
    PointwiseSamples.add(samples, new ScalarPow(2));
    PointwiseSamples.add(samples, new ScalarPow(0.5));
  }
}
