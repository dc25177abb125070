package dev.autograd.ops.arithmetic;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.PointwiseSamples;
import dev.autograd.spi.Samples;
import java.util.List;

/// Linear interpolation between two tensors.
///
/// - **Formula** `y = a + w · (b − a)`, `da = g · (1 − w)`, `db = g · w`
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere
/// - **ONNX** Sub, Mul, Add
/// - **Source** the two-sided form is exact at both ends
///
/// From weight ½ on it is computed as `b − (1 − w) · (b − a)`. Saves nothing.
public record Lerp(double weight) implements Pointwise.Binary {
  /// Makes the prototype.
  public Lerp() {
    this(0.3);
  }

  /// Returns `a + weight · (b − a)`, broadcast.
  public static Tensor lerp(Tensor a, Tensor b, double weight) {
    return new Lerp(weight).apply(a, b);
  }

  @Override
  public double[] params() {
    return new double[] {weight};
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    Expr w = Expr.param(0);
    Expr difference = b.sub(a);
    Expr fromStart = a.add(w.mul(difference));
    Expr fromEnd = b.sub(Expr.ONE.sub(w).mul(difference));
    return Expr.select(w.lt(0.5), fromStart, fromEnd);
  }

  @Override
  public Expr[] derivatives(Expr a, Expr b, Expr y) {
    return new Expr[] {Expr.ONE.sub(Expr.param(0)), Expr.param(0)};
  }

  @Override
  public void samples(Samples samples) {
    for (Lerp each : List.of(new Lerp(), new Lerp(0.8))) {
      PointwiseSamples.add(samples, each);
    }
  }
}
