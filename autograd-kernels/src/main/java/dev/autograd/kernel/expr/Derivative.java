package dev.autograd.kernel.expr;

import static dev.autograd.kernel.expr.Expr.ONE;
import static dev.autograd.kernel.expr.Expr.ZERO;
import static dev.autograd.kernel.expr.Expr.constant;
import static dev.autograd.kernel.expr.Expr.select;
import static dev.autograd.kernel.expr.Formulas.cos;
import static dev.autograd.kernel.expr.Formulas.cosh;
import static dev.autograd.kernel.expr.Formulas.exp;
import static dev.autograd.kernel.expr.Formulas.log;
import static dev.autograd.kernel.expr.Formulas.rsqrt;
import static dev.autograd.kernel.expr.Formulas.sign;
import static dev.autograd.kernel.expr.Formulas.sin;
import static dev.autograd.kernel.expr.Formulas.sinh;
import static dev.autograd.kernel.expr.Formulas.sqrt;
import static dev.autograd.kernel.expr.Formulas.trunc;

import dev.autograd.kernel.expr.Expr.Binary;
import dev.autograd.kernel.expr.Expr.Constant;
import dev.autograd.kernel.expr.Expr.Fma;
import dev.autograd.kernel.expr.Expr.Input;
import dev.autograd.kernel.expr.Expr.Param;
import dev.autograd.kernel.expr.Expr.Select;
import dev.autograd.kernel.expr.Expr.Unary;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Symbolic derivatives of formulas, to any order.
///
/// A derivative refers to the nodes of the formula it comes from (`tanh' = 1 − y²` to `y` itself),
/// so a kernel that computes both computes what they share once.
///
/// At singular points: `abs'(0) = 0`; `sign`, `floor`, `ceil`, `round`, `trunc` have derivative 0;
/// `min` and `max` give half to each operand at a tie; `select` differentiates the branches and
/// picks with the same condition, so what is not picked cannot leak a NaN; `x^0` has derivative 0
/// even at 0, and `0^y` has derivative 0 in `y ≥ 0`; `sqrt'(0) = inf`; `atan2` has derivative 0 at
/// the origin.
public final class Derivative {

  private static final double TWO_OVER_SQRT_PI = 1.1283791670955126;
  private static final double LN_2 = 0.6931471805599453;
  private static final double LN_10 = 2.302585092994046;

  private Derivative() {}

  /// Returns the partial derivative of `e` with respect to input `index`.
  ///
  /// @throws IllegalArgumentException if `e` is a truth value
  public static Expr of(Expr e, int index) {
    if (e.logical()) {
      throw new IllegalArgumentException(
          "derivative: a truth value has none, got " + e + ". Differentiate a number.");
    }
    // Absent means zero: it is never multiplied, so an infinite factor makes no NaN of it.
    Map<Expr, Expr> derivatives = new HashMap<>();
    for (Expr node : Program.topological(List.of(e))) {
      Expr d =
          switch (node) {
            case Input i -> i.index() == index ? ONE : null;
            case Param p -> null;
            case Constant c -> null;
            case Unary u -> unary(u, derivatives.get(u.x()));
            case Binary b -> binary(b, derivatives.get(b.a()), derivatives.get(b.b()));
            case Select s -> selection(s, derivatives.get(s.a()), derivatives.get(s.b()));
            case Fma f ->
                sum(
                    sum(times(derivatives.get(f.a()), f.b()), times(derivatives.get(f.b()), f.a())),
                    derivatives.get(f.c()));
          };
      if (d != null) {
        derivatives.put(node, d);
      }
    }
    return derivatives.getOrDefault(e, ZERO);
  }

  private static @Nullable Expr unary(Unary y, @Nullable Expr dx) {
    if (dx == null) {
      return null;
    }
    Expr x = y.x();
    return switch (y.op()) {
      case SIGN, FLOOR, CEIL, ROUND, TRUNC, IS_NAN, NOT -> null;
      case NEG -> dx.neg();
      case ABS -> dx.mul(sign(x));
      case SQRT -> dx.mul(constant(0.5).div(y));
      case RSQRT -> dx.mul(y.mul(y).mul(y).mul(-0.5));
      case EXP -> dx.mul(y);
      case EXP2 -> dx.mul(y.mul(LN_2));
      case EXPM1 -> dx.mul(y.add(1));
      case LOG -> dx.div(x);
      case LOG1P -> dx.div(x.add(1));
      case LOG2 -> dx.div(x.mul(LN_2));
      case LOG10 -> dx.div(x.mul(LN_10));
      case SIN -> dx.mul(cos(x));
      case COS -> dx.mul(sin(x).neg());
      case TAN -> dx.mul(y.mul(y).add(1));
      case ASIN -> dx.mul(rsqrt(ONE.sub(x).mul(x.add(1))));
      case ACOS -> dx.mul(rsqrt(ONE.sub(x).mul(x.add(1))).neg());
      case ATAN -> dx.div(x.mul(x).add(1));
      case SINH -> dx.mul(cosh(x));
      case COSH -> dx.mul(sinh(x));
      case TANH -> dx.mul(ONE.sub(y.mul(y)));
      case ASINH -> dx.mul(rsqrt(x.mul(x).add(1)));
      case ACOSH -> dx.div(sqrt(x.sub(1)).mul(sqrt(x.add(1))));
      case ATANH -> dx.div(ONE.sub(x).mul(x.add(1)));
      case ERF -> dx.mul(exp(x.mul(x).neg()).mul(TWO_OVER_SQRT_PI));
      case ERFC -> dx.mul(exp(x.mul(x).neg()).mul(-TWO_OVER_SQRT_PI));
      case SIGMOID -> dx.mul(y.mul(ONE.sub(y)));
    };
  }

  private static @Nullable Expr binary(Binary y, @Nullable Expr da, @Nullable Expr db) {
    if (da == null && db == null) {
      return null;
    }
    Expr a = y.a();
    Expr b = y.b();
    return switch (y.op()) {
      case ADD -> sum(da, db);
      case SUB -> difference(da, db);
      case MUL -> sum(times(da, b), times(db, a));
      case DIV -> difference(over(da, b), db == null ? null : db.mul(y).div(b));
      case REM -> difference(da, times(db, trunc(a.div(b))));
      case POW -> sum(da == null ? null : powerInBase(a, b, da), powerInExponent(y, db));
      case ATAN2 -> {
        Expr norm = a.mul(a).add(b.mul(b));
        Expr top = difference(times(da, b), times(db, a));
        yield top == null ? null : select(norm.eq(0), ZERO, top.div(norm));
      }
      case MIN -> extremum(a.lt(b), a.gt(b), a.eq(b), da, db);
      case MAX -> extremum(a.gt(b), a.lt(b), a.eq(b), da, db);
      case LT, LE, GT, GE, EQ, NE, AND, OR -> null;
    };
  }

  private static Expr powerInBase(Expr a, Expr b, Expr da) {
    if (b instanceof Constant) {
      return da.mul(a.pow(b.sub(1)).mul(b));
    }
    return select(b.eq(0), ZERO, da.mul(b.mul(a.pow(b.sub(1)))));
  }

  private static @Nullable Expr powerInExponent(Binary y, @Nullable Expr db) {
    if (db == null) {
      return null;
    }
    return select(y.a().eq(0).and(y.b().ge(0)), ZERO, db.mul(y.mul(log(y.a()))));
  }

  /// NaN is neither above, below nor tied: both operands get their share in full.
  private static Expr extremum(
      Expr first, Expr second, Expr tie, @Nullable Expr da, @Nullable Expr db) {
    if (db == null && da != null) {
      return select(second, ZERO, select(tie, da.mul(0.5), da));
    }
    if (da == null && db != null) {
      return select(first, ZERO, select(tie, db.mul(0.5), db));
    }
    if (da == null || db == null) {
      return ZERO;
    }
    Expr both = da.add(db);
    return select(first, da, select(second, db, select(tie, both.mul(0.5), both)));
  }

  private static @Nullable Expr selection(Select s, @Nullable Expr da, @Nullable Expr db) {
    if (da == null && db == null) {
      return null;
    }
    return select(s.c(), da == null ? ZERO : da, db == null ? ZERO : db);
  }

  private static @Nullable Expr times(@Nullable Expr d, Expr factor) {
    return d == null ? null : d.mul(factor);
  }

  private static @Nullable Expr over(@Nullable Expr d, Expr divisor) {
    return d == null ? null : d.div(divisor);
  }

  private static @Nullable Expr sum(@Nullable Expr a, @Nullable Expr b) {
    return a == null ? b : b == null ? a : a.add(b);
  }

  private static @Nullable Expr difference(@Nullable Expr a, @Nullable Expr b) {
    return b == null ? a : a == null ? b.neg() : a.sub(b);
  }
}
