package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.PointwiseSamples;
import dev.autograd.ops.pointwise.ScalarOperand;
import dev.autograd.ops.pointwise.Typing;
import dev.autograd.spi.Samples;
import java.util.List;

/// Difference of a number and a tensor.
///
/// - **Formula** `y = value − x`, `dx = −g`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** any numeric
/// - **Smooth** everywhere
/// - **ONNX** Sub (7)
/// - **Source** IEEE 754-2019 §5
///
/// Saves nothing.
///
/// A fractional `value` takes an integer tensor to `f32`.
public record RsubScalar(double value) implements Pointwise.Unary, ScalarOperand {
  /// Makes the prototype.
  public RsubScalar() {
    this(2);
  }

  /// Returns `value − x`.
  public static Tensor rsub(Tensor x, double value) {
    return new RsubScalar(value).apply(x);
  }

  @Override
  public Typing typing() {
    return Typing.ARITHMETIC;
  }

  @Override
  public Expr formula(Expr x) {
    return Expr.param(0).sub(x);
  }

  @Override
  public void samples(Samples samples) {
    for (RsubScalar each : List.of(new RsubScalar(), new RsubScalar(-1.5))) {
      PointwiseSamples.add(samples, each);
    }
  }
}
