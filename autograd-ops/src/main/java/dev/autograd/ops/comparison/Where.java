package dev.autograd.ops.comparison;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;
import dev.autograd.spi.Samples;

/// Takes each element from one of two tensors.
///
/// - **Formula** `y = a` where `condition`, `b` elsewhere; `da = g` where `condition`, 0 elsewhere;
///   `db` the reverse
/// - **Shapes** `condition: [*], a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** any numeric; `condition` is bool
/// - **Smooth** everywhere
/// - **ONNX** Where (16)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.where.html
///
/// Saves the condition only. The gradients are selected, not multiplied: an infinite or NaN `g` at
/// an element does not reach the branch that was not taken there.
public record Where() implements Pointwise.Ternary {
  private static final Where WHERE = new Where();

  /// Returns `a` where `condition` is true, `b` elsewhere.
  ///
  /// @throws dev.autograd.AutogradException (`DTYPE`) if `condition` is not `bool`
  public static Tensor where(Tensor condition, Tensor a, Tensor b) {
    return WHERE.apply(condition, a, b);
  }

  @Override
  public Typing typing() {
    return Typing.ARITHMETIC;
  }

  @Override
  public Expr formula(Expr condition, Expr a, Expr b) {
    return Expr.select(condition, a, b);
  }

  @Override
  public String operator() {
    return "Where";
  }

  @Override
  public void samples(Samples samples) {
    samples.add(this, samples.bools(2, 3), samples.randn(2, 3), samples.randn(2, 3));
    samples.add(this, samples.bools(2, 1), samples.randn(3), samples.randn());
    samples.add(this, samples.bools(), samples.randn(2), samples.randn(2));
    samples.add(this, samples.bools(3, 2).transpose(0, 1), samples.randn(2, 3), samples.randn(3));
    samples.add(this, samples.bools(0), samples.randn(0), samples.randn(1));
    samples.reject(this, "bool", samples.randn(2), samples.randn(2), samples.randn(2));
    samples.reject(this, "broadcast", samples.bools(2), samples.randn(2), samples.randn(3));
  }
}
