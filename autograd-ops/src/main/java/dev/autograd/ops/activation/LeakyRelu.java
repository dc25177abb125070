package dev.autograd.ops.activation;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.ExprOnnx;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.PointwiseSamples;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.List;
import java.util.Map;

/// Leaky rectified linear unit.
///
/// - **Formula** `y = x` where `x > 0`, `slope · x` elsewhere; `dx = g` where `x > 0`, `g · slope`
///   elsewhere
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** where `x ≠ 0`; `slope` at 0
/// - **ONNX** LeakyRelu (16)
/// - **Source** Maas, Hannun, Ng: Rectifier nonlinearities improve neural network acoustic models,
///   2013
public record LeakyRelu(double slope) implements Pointwise.Unary {
  /// Makes the prototype.
  public LeakyRelu() {
    this(0.01);
  }

  /// Returns `x` where it is positive, `slope · x` elsewhere.
  public static Tensor leakyRelu(Tensor x, double slope) {
    return new LeakyRelu(slope).apply(x);
  }

  @Override
  public double[] params() {
    return new double[] {slope};
  }

  @Override
  public Expr formula(Expr x) {
    return Expr.select(x.gt(0), x, x.mul(Expr.param(0)));
  }

  @Override
  public Domain domain(int input) {
    return Domain.NONZERO;
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... inputs) {
    return ExprOnnx.operator(graph, this, "LeakyRelu", Map.of("alpha", (float) slope), inputs);
  }

  @Override
  public void samples(Samples samples) {
    for (LeakyRelu each : List.of(new LeakyRelu(), new LeakyRelu(0.3))) {
      PointwiseSamples.add(samples, each);
    }
  }
}
