package dev.autograd.ops.pointwise;

import dev.autograd.kernel.expr.Expr;

/// The gradient of a formula with respect to one of its inputs: itself a formula, over the incoming
/// gradient and what was saved, and so differentiable in turn.
///
/// - **Formula** `dx = g · ∂y/∂x`
/// - **Shapes** `g: [*], saved: [*]… → dx: [*]`, broadcast
/// - **DType** f32, f64
/// - **Smooth** as the derivative is
/// - **ONNX** the formula in primitive operators
/// - **Source** the chain rule
///
/// @param of the operation whose gradient this is
/// @param input with respect to which of its inputs
public record PointwiseGradient(Pointwise of, int input) implements Pointwise {

  @Override
  public String name() {
    return of.name() + "_gradient";
  }

  @Override
  public String nodeName() {
    return of.nodeName() + "Backward";
  }

  @Override
  public int arity() {
    return PointwisePlan.of(this).arity();
  }

  @Override
  public Expr formula(Expr... x) {
    return ExprWalk.rewrite(
        PointwisePlan.of(this).formula(), e -> e instanceof Expr.Input i ? x[i.index()] : e);
  }

  @Override
  public double[] params() {
    return of.params();
  }
}
