package dev.autograd.ops.pointwise;

import dev.autograd.DType;

/// An element-by-element operation of tensors and one number, `Expr.param(0)` in its formula.
///
/// A fractional number takes integer tensors to `f32`, as PyTorch's type promotion does; a whole
/// one leaves their type.
public interface ScalarOperand extends Pointwise {
  /// Returns the number.
  double value();

  @Override
  default double[] params() {
    return new double[] {value()};
  }

  @Override
  default DType promote(DType inputs) {
    return DType.promoteScalar(inputs, value());
  }
}
