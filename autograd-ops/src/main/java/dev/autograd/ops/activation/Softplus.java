package dev.autograd.ops.activation;

import static dev.autograd.kernel.expr.Formulas.exp;
import static dev.autograd.kernel.expr.Formulas.log1p;
import static dev.autograd.kernel.expr.Formulas.sigmoid;

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

/// Softplus, a smooth rectifier.
///
/// - **Formula** `y = ln(1 + e^βx) / β`, `dx = g · σ(βx)` up to the threshold, `g` beyond
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** f32, f64 (integers as f32)
/// - **Smooth** everywhere but at the threshold, where the jump is below rounding
/// - **ONNX** Softplus (1), Where
/// - **Source** Dugas et al.: Incorporating second-order functional knowledge for better option
///   pricing, 2000
public record Softplus(double beta, double threshold) implements Pointwise.Unary {
  /// Makes the prototype.
  public Softplus() {
    this(1, 20);
  }

  /// Returns `ln(1 + eˣ)`; `x` itself where it is above 20.
  public static Tensor softplus(Tensor x) {
    return new Softplus().apply(x);
  }

  /// Returns `ln(1 + e^(beta · x)) / beta`, and `x` itself where `beta · x > threshold`.
  public static Tensor softplus(Tensor x, double beta, double threshold) {
    return new Softplus(beta, threshold).apply(x);
  }

  @Override
  public double[] params() {
    return new double[] {beta, threshold};
  }

  @Override
  public Expr formula(Expr x) {
    Expr beta = Expr.param(0);
    Expr bx = x.mul(beta);
    return Expr.select(bx.gt(Expr.param(1)), x, log1p(exp(bx)).div(beta));
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    Expr bx = x.mul(Expr.param(0));
    return Expr.select(bx.gt(Expr.param(1)), Expr.ONE, sigmoid(bx));
  }

  @Override
  public Domain domain(int input) {
    return Domain.REAL.avoiding(threshold / beta);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... inputs) {
    if (beta != 1 || threshold < 20) {
      return ExprOnnx.expand(graph, this, inputs);
    }
    return ExprOnnx.operator(graph, this, "Softplus", Map.of(), inputs);
  }

  @Override
  public void samples(Samples samples) {
    for (Softplus each : List.of(new Softplus(), new Softplus(2.5, 20), new Softplus(0.5, 1))) {
      PointwiseSamples.add(samples, each);
    }
  }
}
