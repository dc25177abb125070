package dev.autograd.ops.activation;

import static dev.autograd.kernel.expr.Formulas.max;
import static dev.autograd.kernel.expr.Formulas.min;

import dev.autograd.DType;
import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.ExprOnnx;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.PointwiseSamples;
import dev.autograd.ops.pointwise.Typing;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.List;

/// Piecewise linear tanh: limits every element to a range.
///
/// - **Formula** `y = min(max(x, low), high)`, `dx = g` where `low < x < high`, 0 elsewhere
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** any numeric
/// - **Smooth** away from the bounds, where the gradient is 0
/// - **ONNX** Clip (13)
/// - **Source** subgradient of least norm at the bounds
public record Hardtanh(double low, double high) implements Pointwise.Unary {
  /// Makes the prototype.
  public Hardtanh() {
    this(-1, 1);
  }

  /// Returns `x` limited to `[−1, 1]`.
  public static Tensor hardtanh(Tensor x) {
    return new Hardtanh().apply(x);
  }

  /// Returns `x` limited to `[low, high]`.
  public static Tensor hardtanh(Tensor x, double low, double high) {
    return new Hardtanh(low, high).apply(x);
  }

  @Override
  public double[] params() {
    return new double[] {low, high};
  }

  @Override
  public Typing typing() {
    return Typing.ARITHMETIC;
  }

  @Override
  public DType promote(DType inputs) {
    // An infinite bound limits nothing, so it does not make integers fractional either.
    DType type = Double.isInfinite(low) ? inputs : DType.promoteScalar(inputs, low);
    return Double.isInfinite(high) ? type : DType.promoteScalar(type, high);
  }

  @Override
  public Expr formula(Expr x) {
    return min(max(x, Expr.param(0)), Expr.param(1));
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    Expr inside = Expr.select(x.lt(Expr.param(1)), Expr.ONE, Expr.ZERO);
    return Expr.select(x.gt(Expr.param(0)), inside, Expr.ZERO);
  }

  @Override
  public Domain domain(int input) {
    return Domain.of(-2, 2).avoiding(low, high);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... inputs) {
    return ExprOnnx.clip(graph, this, inputs[0], low, high);
  }

  @Override
  public void samples(Samples samples) {
    for (Hardtanh each : List.of(new Hardtanh(), new Hardtanh(-0.5, 1.5))) {
      PointwiseSamples.add(samples, each);
    }
  }
}
