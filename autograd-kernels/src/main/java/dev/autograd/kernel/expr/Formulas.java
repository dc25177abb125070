package dev.autograd.kernel.expr;

/// The functions of formulas, made for static import: `g.mul(ONE.sub(tanh(x).square()))`.
public final class Formulas {

  private Formulas() {}

  /// Returns the absolute value of `x`.
  public static Expr abs(Expr x) {
    return Expr.of(UnaryOp.ABS, x);
  }

  /// Returns -1, 0 or 1.
  public static Expr sign(Expr x) {
    return Expr.of(UnaryOp.SIGN, x);
  }

  /// Returns `x` rounded towards negative infinity.
  public static Expr floor(Expr x) {
    return Expr.of(UnaryOp.FLOOR, x);
  }

  /// Returns `x` rounded towards positive infinity.
  public static Expr ceil(Expr x) {
    return Expr.of(UnaryOp.CEIL, x);
  }

  /// Returns `x` rounded to the nearest integer, halves to the even one.
  public static Expr round(Expr x) {
    return Expr.of(UnaryOp.ROUND, x);
  }

  /// Returns `x` rounded towards zero.
  public static Expr trunc(Expr x) {
    return Expr.of(UnaryOp.TRUNC, x);
  }

  /// Returns the square root.
  public static Expr sqrt(Expr x) {
    return Expr.of(UnaryOp.SQRT, x);
  }

  /// Returns `1 / √x`.
  public static Expr rsqrt(Expr x) {
    return Expr.of(UnaryOp.RSQRT, x);
  }

  /// Returns `e^x`.
  public static Expr exp(Expr x) {
    return Expr.of(UnaryOp.EXP, x);
  }

  /// Returns `2^x`.
  public static Expr exp2(Expr x) {
    return Expr.of(UnaryOp.EXP2, x);
  }

  /// Returns `e^x − 1`.
  public static Expr expm1(Expr x) {
    return Expr.of(UnaryOp.EXPM1, x);
  }

  /// Returns the natural logarithm.
  public static Expr log(Expr x) {
    return Expr.of(UnaryOp.LOG, x);
  }

  /// Returns `log(1 + x)`.
  public static Expr log1p(Expr x) {
    return Expr.of(UnaryOp.LOG1P, x);
  }

  /// Returns the logarithm to base 2.
  public static Expr log2(Expr x) {
    return Expr.of(UnaryOp.LOG2, x);
  }

  /// Returns the logarithm to base 10.
  public static Expr log10(Expr x) {
    return Expr.of(UnaryOp.LOG10, x);
  }

  /// Returns the sine.
  public static Expr sin(Expr x) {
    return Expr.of(UnaryOp.SIN, x);
  }

  /// Returns the cosine.
  public static Expr cos(Expr x) {
    return Expr.of(UnaryOp.COS, x);
  }

  /// Returns the tangent.
  public static Expr tan(Expr x) {
    return Expr.of(UnaryOp.TAN, x);
  }

  /// Returns the arc sine.
  public static Expr asin(Expr x) {
    return Expr.of(UnaryOp.ASIN, x);
  }

  /// Returns the arc cosine.
  public static Expr acos(Expr x) {
    return Expr.of(UnaryOp.ACOS, x);
  }

  /// Returns the arc tangent.
  public static Expr atan(Expr x) {
    return Expr.of(UnaryOp.ATAN, x);
  }

  /// Returns the hyperbolic sine.
  public static Expr sinh(Expr x) {
    return Expr.of(UnaryOp.SINH, x);
  }

  /// Returns the hyperbolic cosine.
  public static Expr cosh(Expr x) {
    return Expr.of(UnaryOp.COSH, x);
  }

  /// Returns the hyperbolic tangent.
  public static Expr tanh(Expr x) {
    return Expr.of(UnaryOp.TANH, x);
  }

  /// Returns the inverse hyperbolic sine.
  public static Expr asinh(Expr x) {
    return Expr.of(UnaryOp.ASINH, x);
  }

  /// Returns the inverse hyperbolic cosine.
  public static Expr acosh(Expr x) {
    return Expr.of(UnaryOp.ACOSH, x);
  }

  /// Returns the inverse hyperbolic tangent.
  public static Expr atanh(Expr x) {
    return Expr.of(UnaryOp.ATANH, x);
  }

  /// Returns the error function.
  public static Expr erf(Expr x) {
    return Expr.of(UnaryOp.ERF, x);
  }

  /// Returns the complement of the error function.
  public static Expr erfc(Expr x) {
    return Expr.of(UnaryOp.ERFC, x);
  }

  /// Returns the logistic function.
  public static Expr sigmoid(Expr x) {
    return Expr.of(UnaryOp.SIGMOID, x);
  }

  /// Returns the smaller value; NaN if either is.
  public static Expr min(Expr a, Expr b) {
    return Expr.of(BinaryOp.MIN, a, b);
  }

  /// Returns the larger value; NaN if either is.
  public static Expr max(Expr a, Expr b) {
    return Expr.of(BinaryOp.MAX, a, b);
  }

  /// Returns the angle of the point `(x, y)` in `[−π, π]`.
  public static Expr atan2(Expr y, Expr x) {
    return Expr.of(BinaryOp.ATAN2, y, x);
  }
}
