package dev.autograd.ops.activation;

import static dev.autograd.kernel.expr.Formulas.max;
import static dev.autograd.kernel.expr.Formulas.min;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Domain;
import dev.autograd.ops.pointwise.ExprOnnx;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;
import dev.autograd.spi.OnnxGraph;

/// Rectified linear unit limited to 6.
///
/// - **Formula** `y = min(max(x, 0), 6)`, `dx = g` where `0 < x < 6`, `0` elsewhere
/// - **Shapes** `x: [*] → y: [*]`
/// - **DType** any numeric
/// - **Smooth** away from 0 and 6, where the gradient is 0
/// - **ONNX** Clip (13)
/// - **Source** Krizhevsky: Convolutional deep belief networks on CIFAR-10, 2010
public record Relu6() implements Pointwise.Unary {
  private static final Relu6 RELU6 = new Relu6();

  /// Returns `min(max(x, 0), 6)`.
  public static Tensor relu6(Tensor x) {
    return RELU6.apply(x);
  }

  @Override
  public Typing typing() {
    return Typing.ARITHMETIC;
  }

  @Override
  public Expr formula(Expr x) {
    return min(max(x, Expr.ZERO), Expr.constant(6));
  }

  @Override
  public Expr derivative(Expr x, Expr y) {
    Expr inside = Expr.select(x.lt(6), Expr.ONE, Expr.ZERO);
    return Expr.select(x.gt(0), inside, Expr.ZERO);
  }

  @Override
  public Domain domain(int input) {
    return Domain.of(-2, 8).avoiding(0, 6);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... inputs) {
    return ExprOnnx.clip(graph, this, inputs[0], 0, 6);
  }
}
