package dev.autograd.ops.arithmetic;

import static dev.autograd.kernel.expr.Formulas.max;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.PointwiseSamples;
import dev.autograd.ops.pointwise.Typing;
import dev.autograd.spi.Samples;

/// The greater of two elements.
///
/// - **Formula** `y = max(a, b)`, `da = g` where `a > b`, `g / 2` where equal, 0 where `a < b`;
///   `db` likewise
/// - **Shapes** `a: [*], b: [*] → y: [*]`, broadcast
/// - **DType** any numeric
/// - **Smooth** where `a ≠ b`; ties share evenly, the subgradient of least norm
/// - **ONNX** Max (13)
/// - **Source** IEEE 754-2019 §9.6 (maximum)
public record Maximum() implements Pointwise.Binary {
  private static final Maximum MAXIMUM = new Maximum();

  /// Returns the greater element of each pair; NaN wins.
  public static Tensor maximum(Tensor a, Tensor b) {
    return MAXIMUM.apply(a, b);
  }

  @Override
  public Typing typing() {
    return Typing.ARITHMETIC;
  }

  @Override
  public Expr formula(Expr a, Expr b) {
    return max(a, b);
  }

  @Override
  public String operator() {
    return "Max";
  }

  @Override
  public void samples(Samples samples) {
    PointwiseSamples.addDistinct(samples, this);
  }
}
