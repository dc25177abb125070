package dev.autograd.ops.activation;

import static dev.autograd.kernel.expr.Formulas.max;
import static dev.autograd.kernel.expr.Formulas.min;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.ExprOnnx;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.spi.OnnxGraph;
import java.util.Map;

/// Piecewise linear logistic function.
///
/// - **Formula** `y = min(max(x + 3, 0), 6) / 6`, `dx = g / 6` where `−3 < x < 3`, `0` elsewhere
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** away from ±3, where the gradient is 0
/// - **ONNX** HardSigmoid (6)
/// - **Source** Howard et al., https://arxiv.org/abs/1905.02244, §5.2
public record Hardsigmoid() implements Pointwise.Unary {
  private static final Hardsigmoid HARDSIGMOID = new Hardsigmoid();

  /// Returns `min(max(x + 3, 0), 6) / 6`.
  public static Tensor hardsigmoid(Tensor x) {
    return HARDSIGMOID.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return min(max(x.add(3), Expr.ZERO), Expr.constant(6)).div(6);
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    Expr inside = Expr.select(x.lt(3), Expr.constant(1.0 / 6), Expr.ZERO);
    return Expr.select(x.gt(-3), inside, Expr.ZERO);
  }

  @Override
  public Domain domain(int input) {
    return Domain.of(-5, 5).avoiding(-3, 3);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... inputs) {
    Map<String, Float> line = Map.of("alpha", 1f / 6, "beta", 0.5f);
    return ExprOnnx.operator(graph, this, "HardSigmoid", line, inputs);
  }
}
