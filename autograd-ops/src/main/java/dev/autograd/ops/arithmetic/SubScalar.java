package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.PointwiseSamples;
import dev.autograd.ops.pointwise.ScalarOperand;
import dev.autograd.ops.pointwise.Typing;
import dev.autograd.spi.Samples;
import java.util.List;

/// Difference of a tensor and a number.
///
/// - **Formula** `y = x − value`, `dx = g`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** any numeric
/// - **Smooth** everywhere
/// - **ONNX** Sub (7)
/// - **Source** IEEE 754-2019 §5
///
/// Saves nothing.
///
/// A fractional `value` takes an integer tensor to `f32`.
public record SubScalar(double value) implements Pointwise.Unary, ScalarOperand {
  /// Makes the prototype.
  public SubScalar() {
    this(2);
  }

  /// Returns `x − value`.
  public static Tensor sub(Tensor x, double value) {
    return new SubScalar(value).apply(x);
  }

  @Override
  public Typing typing() {
    return Typing.ARITHMETIC;
  }

  @Override
  public Expr formula(Expr x) {
    return x.sub(Expr.param(0));
  }

  @Override
  public void samples(Samples samples) {
    for (SubScalar each : List.of(new SubScalar(), new SubScalar(-1.5))) {
      PointwiseSamples.add(samples, each);
    }
  }
}
