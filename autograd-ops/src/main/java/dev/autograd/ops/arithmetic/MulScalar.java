package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.PointwiseSamples;
import dev.autograd.ops.pointwise.ScalarOperand;
import dev.autograd.ops.pointwise.Typing;
import dev.autograd.spi.Samples;
import java.util.List;

/// Product of a tensor and a number.
///
/// - **Formula** `y = x · value`, `dx = g · value`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** any numeric
/// - **Smooth** everywhere
/// - **ONNX** Mul (7)
/// - **Source** IEEE 754-2019 §5
///
/// Saves nothing.
///
/// A fractional `value` takes an integer tensor to `f32`.
public record MulScalar(double value) implements Pointwise.Unary, ScalarOperand {
  /// Makes the prototype.
  public MulScalar() {
    this(2.5);
  }

  /// Returns `x · value`.
  public static Tensor mul(Tensor x, double value) {
    return new MulScalar(value).apply(x);
  }

  @Override
  public Typing typing() {
    return Typing.ARITHMETIC;
  }

  @Override
  public Expr formula(Expr x) {
    return x.mul(Expr.param(0));
  }

  @Override
  public void samples(Samples samples) {
    for (MulScalar each : List.of(new MulScalar(), new MulScalar(0))) {
      PointwiseSamples.add(samples, each);
    }
  }
}
