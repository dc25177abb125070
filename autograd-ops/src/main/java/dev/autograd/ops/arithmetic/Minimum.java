package dev.autograd.ops.arithmetic;

import static dev.autograd.kernel.expr.Formulas.min;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.PointwiseSamples;
import dev.autograd.ops.pointwise.Typing;
import dev.autograd.spi.Samples;

/// The smaller of two elements.
///
/// - **Formula** `y = min(a, b)`, `da = g` where `a < b`, `g / 2` where equal, 0 where `a > b`;
///   `db` likewise
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** any numeric
/// - **Smooth** where `a ≠ b`; ties share evenly, the subgradient of least norm
/// - **ONNX** Min (13)
/// - **Source** IEEE 754-2019 §9.6 (minimum)
public record Minimum() implements Pointwise.Binary {
  private static final Minimum MINIMUM = new Minimum();

  /// Returns the smaller element of each pair; NaN wins.
  public static Tensor minimum(Tensor a, Tensor b) {
    return MINIMUM.apply(a, b);
  }

  @Override
  public Typing typing() {
    return Typing.ARITHMETIC;
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    return min(a, b);
  }

  @Override
  public String operator() {
    return "Min";
  }

  @Override
  public void samples(Samples samples) {
    PointwiseSamples.addDistinct(samples, this);
  }
}
