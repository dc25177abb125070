package dev.autograd.ops.pointwise;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;

/// Which element types a formula takes, computes in and returns.
///
/// `f16` and `bf16` are storage only and refused by all of them.
public enum Typing {
  /// Computes in `f32` or `f64`; integers and truth values are taken as `f32`: division, `exp`.
  FLOATING,
  /// Computes in any numeric type and keeps it; `u8` and `bool` are computed as `i32` and cast
  /// back, so that `u8` wraps and a product of truth values is their conjunction.
  ARITHMETIC,
  /// As [#ARITHMETIC], but truth values are refused: negation, subtraction, rounding.
  NUMERIC,
  /// Takes every type that [#ARITHMETIC] takes and returns `bool`, which is not differentiable.
  COMPARISON;

  /// Returns the type in which to compute for inputs whose common type is `promoted`.
  ///
  /// @param op who asks, for the message
  /// @throws AutogradException (`DTYPE`) if the operation does not take that type
  DType compute(String op, DType promoted) {
    if (promoted == DType.F16 || promoted == DType.BF16) {
      throw new AutogradException(
          ErrorKind.DTYPE,
          op
              + ": "
              + promoted
              + " is for storage only, operations compute in f32 and f64. Cast first:"
              + " x.to(DType.F32)");
    }
    if (this == NUMERIC && promoted == DType.BOOL) {
      throw new AutogradException(
          ErrorKind.DTYPE,
          op + ": does not take bool. Use logicalNot or ne, or cast first: x.to(DType.I32)");
    }
    if (promoted.isFloating()) {
      return promoted;
    }
    return switch (this) {
      case FLOATING -> DType.F32;
      case ARITHMETIC, NUMERIC, COMPARISON -> promoted == DType.I64 ? DType.I64 : DType.I32;
    };
  }

  /// Returns the type of the result, computed in `compute` for inputs of common type `promoted`.
  DType result(DType compute, DType promoted) {
    return switch (this) {
      case FLOATING -> compute;
      case ARITHMETIC, NUMERIC -> promoted;
      case COMPARISON -> DType.BOOL;
    };
  }
}
