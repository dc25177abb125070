package dev.autograd.ops.activation;

import static dev.autograd.kernel.expr.Formulas.exp;
import static dev.autograd.kernel.expr.Formulas.expm1;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.ExprOnnx;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.spi.OnnxGraph;
import java.util.Map;

/// Scaled exponential linear unit.
///
/// - **Formula** `y = λx` where `x ≥ 0`, `λα · (eˣ − 1)` elsewhere; `dx = g · λ` where `x ≥ 0`, `g
///   · λα · eˣ` elsewhere
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** where `x ≠ 0`; λ at 0, from the right
/// - **ONNX** Selu (6)
/// - **Source** Klambauer et al., https://arxiv.org/abs/1706.02515, appendix 1 (the constants)
///
/// `λ = 1.0507…`, `α = 1.6732…`
public record Selu() implements Pointwise.Unary {
  private static final double ALPHA = 1.6732632423543772;
  private static final double LAMBDA = 1.0507009873554805;

  private static final Selu SELU = new Selu();

  /// Returns the scaled exponential linear unit.
  public static Tensor selu(Tensor x) {
    return SELU.apply(x);
  }

  @Override
  public Expr formula(Expr x) {
    return Expr.select(x.lt(0), expm1(x).mul(LAMBDA * ALPHA), x.mul(LAMBDA));
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    return Expr.select(x.lt(0), exp(x).mul(LAMBDA * ALPHA), Expr.constant(LAMBDA));
  }

  @Override
  public Domain domain(int input) {
    return Domain.NONZERO;
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... inputs) {
    Map<String, Float> constants = Map.of("alpha", (float) ALPHA, "gamma", (float) LAMBDA);
    return ExprOnnx.operator(graph, this, "Selu", constants, inputs);
  }
}
