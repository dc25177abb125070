package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.PointwiseSamples;
import dev.autograd.ops.pointwise.ScalarOperand;
import dev.autograd.ops.pointwise.Typing;
import dev.autograd.spi.Samples;
import java.util.List;

/// Sum of a tensor and a number.
///
/// - **Formula** `y = x + value`, `dx = g`
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** any numeric
/// - **Smooth** everywhere
/// - **ONNX** Add (7)
/// - **Source** IEEE 754-2019 §5
///
/// Saves nothing.
///
/// A fractional `value` takes an integer tensor to `f32`.
public record AddScalar(double value) implements Pointwise.Unary, ScalarOperand {
  /// Makes the prototype.
  public AddScalar() {
    this(2);
  }

  /// Returns `x + value`.
  public static Tensor add(Tensor x, double value) {
    return new AddScalar(value).apply(x);
  }

  @Override
  public Typing typing() {
    return Typing.ARITHMETIC;
  }

  @Override
  public Expr formula(Expr x) {
    return x.add(Expr.param(0));
  }

  @Override
  public void samples(Samples samples) {
    for (AddScalar each : List.of(new AddScalar(), new AddScalar(-1.5))) {
      PointwiseSamples.add(samples, each);
    }
  }
}
