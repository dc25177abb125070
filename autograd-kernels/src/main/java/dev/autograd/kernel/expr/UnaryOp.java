package dev.autograd.kernel.expr;

import java.util.Locale;

/// An operation on one value.
@SuppressWarnings("ImmutableEnumChecker") // the lambdas capture nothing
public enum UnaryOp {
  /// Sign flip.
  NEG(DoubleOps::neg, FloatOps::neg, LongOps::neg),
  /// Absolute value.
  ABS(DoubleOps::abs, FloatOps::abs, LongOps::abs),
  /// -1, 0 or 1; a zero keeps its sign, NaN stays.
  SIGN(DoubleOps::sign, FloatOps::sign, LongOps::sign),
  /// Rounding towards negative infinity.
  FLOOR(DoubleOps::floor, FloatOps::floor, LongOps::floor),
  /// Rounding towards positive infinity.
  CEIL(DoubleOps::ceil, FloatOps::ceil, LongOps::ceil),
  /// Rounding to the nearest integer, halves to the even one.
  ROUND(DoubleOps::round, FloatOps::round, LongOps::round),
  /// Rounding towards zero.
  TRUNC(DoubleOps::trunc, FloatOps::trunc, LongOps::trunc),
  /// Square root, correctly rounded.
  SQRT(DoubleOps::sqrt, FloatOps::sqrt),
  /// `1 / √x`.
  RSQRT(DoubleOps::rsqrt, FloatOps::rsqrt),
  /// `e^x`.
  EXP(DoubleOps::exp, FloatOps::exp),
  /// `2^x`.
  EXP2(DoubleOps::exp2, FloatOps::exp2),
  /// `e^x - 1`.
  EXPM1(DoubleOps::expm1, FloatOps::expm1),
  /// Natural logarithm.
  LOG(DoubleOps::log, FloatOps::log),
  /// `log(1 + x)`.
  LOG1P(DoubleOps::log1p, FloatOps::log1p),
  /// Logarithm to base 2.
  LOG2(DoubleOps::log2, FloatOps::log2),
  /// Logarithm to base 10.
  LOG10(DoubleOps::log10, FloatOps::log10),
  /// Sine.
  SIN(DoubleOps::sin, FloatOps::sin),
  /// Cosine.
  COS(DoubleOps::cos, FloatOps::cos),
  /// Tangent.
  TAN(DoubleOps::tan, FloatOps::tan),
  /// Arc sine.
  ASIN(DoubleOps::asin, FloatOps::asin),
  /// Arc cosine.
  ACOS(DoubleOps::acos, FloatOps::acos),
  /// Arc tangent.
  ATAN(DoubleOps::atan, FloatOps::atan),
  /// Hyperbolic sine.
  SINH(DoubleOps::sinh, FloatOps::sinh),
  /// Hyperbolic cosine.
  COSH(DoubleOps::cosh, FloatOps::cosh),
  /// Hyperbolic tangent.
  TANH(DoubleOps::tanh, FloatOps::tanh),
  /// Inverse hyperbolic sine.
  ASINH(DoubleOps::asinh, FloatOps::asinh),
  /// Inverse hyperbolic cosine.
  ACOSH(DoubleOps::acosh, FloatOps::acosh),
  /// Inverse hyperbolic tangent.
  ATANH(DoubleOps::atanh, FloatOps::atanh),
  /// Error function.
  ERF(DoubleOps::erf, FloatOps::erf),
  /// Complement of the error function.
  ERFC(DoubleOps::erfc, FloatOps::erfc),
  /// Logistic function `1 / (1 + e^-x)`.
  SIGMOID(DoubleOps::sigmoid, FloatOps::sigmoid),
  /// Whether the value is NaN; logical.
  IS_NAN(x -> DoubleOps.isNan(x) ? 1 : 0, x -> FloatOps.isNan(x) ? 1 : 0, x -> 0),
  /// Logical negation; logical.
  NOT(x -> x == 0 ? 1 : 0, x -> x == 0 ? 1 : 0, x -> x == 0 ? 1 : 0);

  @FunctionalInterface
  interface OnDouble {
    double apply(double x);
  }

  @FunctionalInterface
  interface OnFloat {
    float apply(float x);
  }

  @FunctionalInterface
  interface OnLong {
    long apply(long x);
  }

  private final OnDouble onDouble;
  private final OnFloat onFloat;
  private final OnLong onLong;
  private final boolean integral;

  UnaryOp(OnDouble onDouble, OnFloat onFloat) {
    this.onDouble = onDouble;
    this.onFloat = onFloat;
    this.onLong =
        x -> {
          throw new UnsupportedOperationException(name() + " of an integer");
        };
    this.integral = false;
  }

  UnaryOp(OnDouble onDouble, OnFloat onFloat, OnLong onLong) {
    this.onDouble = onDouble;
    this.onFloat = onFloat;
    this.onLong = onLong;
    this.integral = true;
  }

  /// Returns the value at `x`; a logical result is 0 or 1.
  public double apply(double x) {
    return onDouble.apply(x);
  }

  /// Returns the value at `x`; a logical result is 0 or 1.
  public float apply(float x) {
    return onFloat.apply(x);
  }

  /// Returns the value at `x`; a logical result is 0 or 1.
  ///
  /// @throws UnsupportedOperationException if integers have no such operation
  public long apply(long x) {
    return onLong.apply(x);
  }

  /// Returns whether the operation exists for integers.
  public boolean integral() {
    return integral;
  }

  /// Returns whether the result is a truth value.
  public boolean logical() {
    return this == IS_NAN || this == NOT;
  }

  /// Returns whether the operand is a truth value.
  public boolean takesLogical() {
    return this == NOT;
  }

  /// Returns the name of the static method that computes it in the loop's table of operations.
  String method() {
    return switch (this) {
      case IS_NAN -> "isNan";
      default -> name().toLowerCase(Locale.ROOT);
    };
  }
}
