package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.PointwiseSamples;
import dev.autograd.ops.pointwise.ScalarOperand;
import dev.autograd.ops.pointwise.Typing;
import dev.autograd.spi.Samples;
import java.util.List;

/// Adds a scaled product.
///
/// - **Formula** `y = x + value · a · b`, `dx = g`, `da = g · value · b`, `db = g · value · a`
/// - **Shapes** `x: [*], a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** any numeric
/// - **Smooth** everywhere
/// - **ONNX** Mul, Add
/// - **Source** IEEE 754-2019 §5
///
/// Saves a factor only if the gradient of another input needs it.
public record Addcmul(double value) implements Pointwise.Ternary, ScalarOperand {
  /// Makes the prototype.
  public Addcmul() {
    this(0.5);
  }

  /// Returns `x + value · a · b`, broadcast.
  public static Tensor addcmul(Tensor x, Tensor a, Tensor b, double value) {
    return new Addcmul(value).apply(x, a, b);
  }

  @Override
  public Typing typing() {
    return Typing.NUMERIC;
  }

  @Override
  public Expr formula(Expr x, Expr a, Expr b) {
    return x.add(Expr.param(0).mul(a).mul(b));
  }

  @Override
  public void samples(Samples samples) {
    for (Addcmul each : List.of(new Addcmul(), new Addcmul(-2))) {
      PointwiseSamples.add(samples, each);
    }
  }
}
