package dev.autograd.ops.activation;

import static dev.autograd.kernel.expr.Formulas.exp;
import static dev.autograd.kernel.expr.Formulas.expm1;

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

/// Exponential linear unit.
///
/// - **Formula** `y = x` where `x ≥ 0`, `alpha · (eˣ − 1)` elsewhere; `dx = g` where `x ≥ 0`, `g ·
///   alpha · eˣ` elsewhere
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** where `x ≠ 0`; 1 at 0, from the right
/// - **ONNX** Elu (6)
/// - **Source** Clevert, Unterthiner, Hochreiter, https://arxiv.org/abs/1511.07289
public record Elu(double alpha) implements Pointwise.Unary {
  /// Makes the prototype.
  public Elu() {
    this(1);
  }

  /// Returns `x` where it is not negative, `alpha · (eˣ − 1)` elsewhere.
  public static Tensor elu(Tensor x, double alpha) {
    return new Elu(alpha).apply(x);
  }

  @Override
  public double[] params() {
    return new double[] {alpha};
  }

  @Override
  public Expr formula(Expr x) {
    return Expr.select(x.lt(0), Expr.param(0).mul(expm1(x)), x);
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    return Expr.select(x.lt(0), Expr.param(0).mul(exp(x)), Expr.ONE);
  }

  @Override
  public Domain domain(int input) {
    return Domain.NONZERO;
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... inputs) {
    return ExprOnnx.operator(graph, this, "Elu", Map.of("alpha", (float) alpha), inputs);
  }

  @Override
  public void samples(Samples samples) {
    for (Elu each : List.of(new Elu(), new Elu(0.5))) {
      PointwiseSamples.add(samples, each);
    }
  }
}
