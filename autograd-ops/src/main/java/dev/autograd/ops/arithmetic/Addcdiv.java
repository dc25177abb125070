package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.PointwiseSamples;
import dev.autograd.spi.Samples;
import java.util.List;

/// Adds a scaled quotient.
///
/// - **Formula** `y = x + value · a / b`, `dx = g`, `da = g · value / b`, `db = −g · value · a /
///   b²`
/// - **Shapes** `x: [*], a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** where `b ≠ 0`
/// - **ONNX** Mul, Div, Add
/// - **Source** IEEE 754-2019 §5
///
/// Saves a factor only if the gradient of another input needs it.
public record Addcdiv(double value) implements Pointwise.Ternary {
  /// Makes the prototype.
  public Addcdiv() {
    this(0.5);
  }

  /// Returns `x + value · a / b`, broadcast; integers in `f32`.
  public static Tensor addcdiv(Tensor x, Tensor a, Tensor b, double value) {
    return new Addcdiv(value).apply(x, a, b);
  }

  @Override
  public double[] params() {
    return new double[] {value};
  }

  @Override
  public Expr formula(Expr x, Expr a, Expr b) {
    return x.add(Expr.param(0).mul(a).div(b));
  }

  @Override
  public Domain domain(int input) {
    return input == 2 ? Domain.POSITIVE : Domain.REAL;
  }

  @Override
  public void samples(Samples samples) {
    for (Addcdiv each : List.of(new Addcdiv(), new Addcdiv(-2))) {
      PointwiseSamples.add(samples, each);
    }
  }
}
