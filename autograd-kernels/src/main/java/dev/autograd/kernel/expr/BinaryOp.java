package dev.autograd.kernel.expr;

import java.util.Locale;

/// An operation on two values.
@SuppressWarnings("ImmutableEnumChecker") // the lambdas capture nothing
public enum BinaryOp {
  /// Sum.
  ADD("+", DoubleOps::add, FloatOps::add, LongOps::add),
  /// Difference.
  SUB("−", DoubleOps::sub, FloatOps::sub, LongOps::sub),
  /// Product.
  MUL("·", DoubleOps::mul, FloatOps::mul, LongOps::mul),
  /// Quotient; of integers, rounded towards zero.
  DIV("/", DoubleOps::div, FloatOps::div, LongOps::div),
  /// Remainder of the quotient rounded towards zero (C's fmod).
  REM("%", DoubleOps::rem, FloatOps::rem, LongOps::rem),
  /// Power.
  POW("^", DoubleOps::pow, FloatOps::pow),
  /// Angle of the point `(b, a)`.
  ATAN2("", DoubleOps::atan2, FloatOps::atan2),
  /// Smaller value; NaN if either is, and -0 before 0.
  MIN("", DoubleOps::min, FloatOps::min, LongOps::min),
  /// Larger value; NaN if either is, and 0 before -0.
  MAX("", DoubleOps::max, FloatOps::max, LongOps::max),
  /// Less than; logical.
  LT("<", (a, b) -> a < b ? 1 : 0, (a, b) -> a < b ? 1 : 0, (a, b) -> a < b ? 1 : 0),
  /// At most; logical.
  LE("≤", (a, b) -> a <= b ? 1 : 0, (a, b) -> a <= b ? 1 : 0, (a, b) -> a <= b ? 1 : 0),
  /// Greater than; logical.
  GT(">", (a, b) -> a > b ? 1 : 0, (a, b) -> a > b ? 1 : 0, (a, b) -> a > b ? 1 : 0),
  /// At least; logical.
  GE("≥", (a, b) -> a >= b ? 1 : 0, (a, b) -> a >= b ? 1 : 0, (a, b) -> a >= b ? 1 : 0),
  /// Equal; logical.
  EQ("=", (a, b) -> a == b ? 1 : 0, (a, b) -> a == b ? 1 : 0, (a, b) -> a == b ? 1 : 0),
  /// Not equal; logical.
  NE("≠", (a, b) -> a != b ? 1 : 0, (a, b) -> a != b ? 1 : 0, (a, b) -> a != b ? 1 : 0),
  /// Logical and of truth values.
  AND("and", BinaryOp::bothOf, (a, b) -> a != 0 && b != 0 ? 1 : 0, (a, b) -> a & b),
  /// Logical or of truth values.
  OR("or", BinaryOp::anyOf, (a, b) -> a != 0 || b != 0 ? 1 : 0, (a, b) -> a | b);

  @FunctionalInterface
  interface OnDouble {
    double apply(double a, double b);
  }

  @FunctionalInterface
  interface OnFloat {
    float apply(float a, float b);
  }

  @FunctionalInterface
  interface OnLong {
    long apply(long a, long b);
  }

  private final String symbol;
  private final OnDouble onDouble;
  private final OnFloat onFloat;
  private final OnLong onLong;
  private final boolean integral;

  BinaryOp(String symbol, OnDouble onDouble, OnFloat onFloat) {
    this.symbol = symbol;
    this.onDouble = onDouble;
    this.onFloat = onFloat;
    this.onLong =
        (a, b) -> {
          throw new UnsupportedOperationException(name() + " of integers");
        };
    this.integral = false;
  }

  BinaryOp(String symbol, OnDouble onDouble, OnFloat onFloat, OnLong onLong) {
    this.symbol = symbol;
    this.onDouble = onDouble;
    this.onFloat = onFloat;
    this.onLong = onLong;
    this.integral = true;
  }

  private static double bothOf(double a, double b) {
    return a != 0 && b != 0 ? 1 : 0;
  }

  private static double anyOf(double a, double b) {
    return a != 0 || b != 0 ? 1 : 0;
  }

  /// Returns the value at `a, b`; a logical result is 0 or 1.
  public double apply(double a, double b) {
    return onDouble.apply(a, b);
  }

  /// Returns the value at `a, b`; a logical result is 0 or 1.
  public float apply(float a, float b) {
    return onFloat.apply(a, b);
  }

  /// Returns the value at `a, b`; a logical result is 0 or 1.
  ///
  /// @throws UnsupportedOperationException if integers have no such operation
  /// @throws ArithmeticException if an integer is divided by zero
  public long apply(long a, long b) {
    return onLong.apply(a, b);
  }

  /// Returns whether the operation exists for integers.
  public boolean integral() {
    return integral;
  }

  /// Returns whether the result is a truth value.
  public boolean logical() {
    return switch (this) {
      case LT, LE, GT, GE, EQ, NE, AND, OR -> true;
      case ADD, SUB, MUL, DIV, REM, POW, ATAN2, MIN, MAX -> false;
    };
  }

  /// Returns whether the operands are truth values.
  public boolean takesLogical() {
    return this == AND || this == OR;
  }

  /// Returns the sign that stands between the operands in a formula, or nothing.
  String symbol() {
    return symbol;
  }

  /// Returns the name of the static method that computes it in the loop's table of operations.
  String method() {
    return name().toLowerCase(Locale.ROOT);
  }
}
