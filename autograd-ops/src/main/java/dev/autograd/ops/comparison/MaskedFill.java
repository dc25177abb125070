package dev.autograd.ops.comparison;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.pointwise.Pointwise;
import dev.autograd.ops.pointwise.Typing;
import dev.autograd.spi.Samples;

/// Writes a number wherever a mask is true.
///
/// - **Formula** `y = value` where `mask`, `x` elsewhere; `dx = 0` where `mask`, `g` elsewhere
/// - **Shapes** `x: [*], mask: [*] → y: [*]`, broadcast
/// - **DType** any numeric; `mask` is bool
/// - **Smooth** everywhere
/// - **ONNX** Where (16)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.where.html
///
/// Saves the mask only.
public record MaskedFill(double value) implements Pointwise.Binary {
  /// Makes the prototype.
  public MaskedFill() {
    this(0);
  }

  /// Returns `x` with `value` wherever `mask` is true.
  ///
  /// @throws AutogradException (`DTYPE`) if `mask` is not `bool`, or if the elements are integers
  ///   and `value` is not
  public static Tensor maskedFill(Tensor x, Tensor mask, double value) {
    return new MaskedFill(value).apply(x, mask);
  }

  @Override
  public double[] params() {
    return new double[] {value};
  }

  @Override
  public Typing typing() {
    return Typing.ARITHMETIC;
  }

  @Override
  public DType promote(DType inputs) {
    if (!inputs.isFloating() && DType.promoteScalar(inputs, value).isFloating()) {
      throw new AutogradException(
          ErrorKind.DTYPE,
          "masked_fill: a tensor of " + inputs + " cannot hold " + value + ". Cast it first");
    }
    return inputs;
  }

  @Override
  public Expr formula(Expr x, Expr mask) {
    return Expr.select(mask, Expr.param(0), x);
  }

  @Override
  public void samples(Samples samples) {
    samples.add(this, samples.randn(2, 3), samples.bools(2, 3));
    samples.add(new MaskedFill(-1.5), samples.randn(2, 3), samples.bools(3));
    samples.add(this, samples.randn(3), samples.bools(2, 1));
    samples.add(this, samples.randn(), samples.bools());
    samples.add(this, samples.randn(3, 2).transpose(0, 1), samples.bools(2, 3));
    samples.add(this, samples.randn(0), samples.bools(1));
    samples.reject(this, "bool", samples.randn(2), samples.randn(2));
  }
}
