package dev.autograd.kernel.expr;

import dev.autograd.kernel.expr.Expr.Binary;
import dev.autograd.kernel.expr.Expr.Constant;
import dev.autograd.kernel.expr.Expr.Fma;
import dev.autograd.kernel.expr.Expr.Select;
import dev.autograd.kernel.expr.Expr.Unary;
import org.jspecify.annotations.Nullable;

/// Builds nodes, with rewrites that keep every bit of every value but the sign of a NaN.
///
/// Not done, since IEEE says otherwise: `x + 0` (of -0), `x · 0` (of NaN and inf), `x − x`, `x /
/// x`, and any change of order.
final class Simplifier {

  private Simplifier() {}

  static Expr unary(UnaryOp op, Expr x) {
    if (x instanceof Constant c && !op.logical()) {
      return Expr.constant(op.apply(c.value()));
    }
    Expr y =
        switch (op) {
          case NEG -> x instanceof Unary(UnaryOp o, Expr z) && o == UnaryOp.NEG ? z : null;
          case ABS -> unaryOfAbs(x);
          case NOT -> x instanceof Unary(UnaryOp o, Expr z) && o == UnaryOp.NOT ? z : null;
          default -> null;
        };
    return y != null ? y : Interner.shared(new Unary(op, x));
  }

  private static @Nullable Expr unaryOfAbs(Expr x) {
    if (x instanceof Unary(UnaryOp o, Expr z)) {
      if (o == UnaryOp.ABS) {
        return x;
      }
      if (o == UnaryOp.NEG) {
        return unary(UnaryOp.ABS, z);
      }
    }
    return null;
  }

  static Expr binary(BinaryOp op, Expr a, Expr b) {
    if (a instanceof Constant c && b instanceof Constant d && !op.logical()) {
      return Expr.constant(op.apply(c.value(), d.value()));
    }
    Expr y =
        switch (op) {
          case ADD -> sum(a, b);
          case SUB -> difference(a, b);
          case MUL -> product(a, b);
          case DIV -> quotient(a, b);
          case POW -> power(a, b);
          case MIN, MAX -> a == b ? a : null;
          default -> null;
        };
    return y != null ? y : Interner.shared(new Binary(op, a, b));
  }

  private static @Nullable Expr sum(Expr a, Expr b) {
    if (isConstant(b, -0.0)) {
      return a;
    }
    if (isConstant(a, -0.0)) {
      return b;
    }
    Expr minusB = negated(b);
    if (minusB != null) {
      return binary(BinaryOp.SUB, a, minusB);
    }
    Expr minusA = negated(a);
    if (minusA != null) {
      return binary(BinaryOp.SUB, b, minusA);
    }
    return null;
  }

  private static @Nullable Expr difference(Expr a, Expr b) {
    if (isConstant(b, 0.0)) {
      return a;
    }
    if (isConstant(a, -0.0)) {
      return unary(UnaryOp.NEG, b);
    }
    Expr minusB = negated(b);
    return minusB != null ? binary(BinaryOp.ADD, a, minusB) : null;
  }

  private static @Nullable Expr product(Expr a, Expr b) {
    if (isConstant(b, 1.0)) {
      return a;
    }
    if (isConstant(a, 1.0)) {
      return b;
    }
    if (isConstant(b, -1.0)) {
      return unary(UnaryOp.NEG, a);
    }
    if (isConstant(a, -1.0)) {
      return unary(UnaryOp.NEG, b);
    }
    Expr minusA = negated(a);
    if (minusA != null) {
      return unary(UnaryOp.NEG, binary(BinaryOp.MUL, minusA, b));
    }
    Expr minusB = negated(b);
    if (minusB != null) {
      return unary(UnaryOp.NEG, binary(BinaryOp.MUL, a, minusB));
    }
    return null;
  }

  private static @Nullable Expr quotient(Expr a, Expr b) {
    if (isConstant(b, 1.0)) {
      return a;
    }
    if (isConstant(b, -1.0)) {
      return unary(UnaryOp.NEG, a);
    }
    Expr minusA = negated(a);
    return minusA != null ? unary(UnaryOp.NEG, binary(BinaryOp.DIV, minusA, b)) : null;
  }

  /// Small whole exponents become products, which are at least as near to the exact power.
  private static @Nullable Expr power(Expr a, Expr b) {
    if (!(b instanceof Constant c)) {
      return null;
    }
    if (c.value() == 0.0) {
      return Expr.ONE;
    }
    if (c.value() == 1.0) {
      return a;
    }
    if (c.value() == 2.0) {
      return binary(BinaryOp.MUL, a, a);
    }
    if (c.value() == 3.0) {
      return binary(BinaryOp.MUL, binary(BinaryOp.MUL, a, a), a);
    }
    return c.value() == -1.0 ? binary(BinaryOp.DIV, Expr.ONE, a) : null;
  }

  static Expr select(Expr c, Expr a, Expr b) {
    if (a == b) {
      return a;
    }
    if (c instanceof Unary(UnaryOp o, Expr z) && o == UnaryOp.NOT) {
      return select(z, b, a);
    }
    return Interner.shared(new Select(c, a, b));
  }

  static Expr fma(Expr a, Expr b, Expr c) {
    if (isConstant(a, 1.0)) {
      return binary(BinaryOp.ADD, b, c);
    }
    if (isConstant(b, 1.0)) {
      return binary(BinaryOp.ADD, a, c);
    }
    return Interner.shared(new Fma(a, b, c));
  }

  private static boolean isConstant(Expr e, double value) {
    return e instanceof Constant c && Double.compare(c.value(), value) == 0;
  }

  private static @Nullable Expr negated(Expr e) {
    return e instanceof Unary(UnaryOp op, Expr x) && op == UnaryOp.NEG ? x : null;
  }
}
