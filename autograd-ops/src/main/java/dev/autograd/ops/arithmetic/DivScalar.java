package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.PointwiseSamples;
import dev.autograd.spi.Samples;
import java.util.List;

/// Quotient of a tensor and a number.
///
/// - **Formula** `y = x / value`, `dx = g / value`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Div (7)
/// - **Source** IEEE 754-2019 §5
///
/// Saves nothing.
public record DivScalar(double value) implements Pointwise.Unary {
  /// Makes the prototype.
  public DivScalar() {
    this(2.5);
  }

  /// Returns `x / value`; integers are divided as `f32`.
  public static Tensor div(Tensor x, double value) {
    return new DivScalar(value).apply(x);
  }

  @Override
  public double[] params() {
    return new double[] {value};
  }

  @Override
  public Expr formula(Expr x) {
    return x.div(Expr.param(0));
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    return Expr.ONE.div(Expr.param(0));
  }

  @Override
  public void samples(Samples samples) {
    for (DivScalar each : List.of(new DivScalar(), new DivScalar(-3))) {
      PointwiseSamples.add(samples, each);
    }
  }
}
