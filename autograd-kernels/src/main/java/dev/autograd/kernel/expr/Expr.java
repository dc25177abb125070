package dev.autograd.kernel.expr;

import java.util.List;

/// A formula of one element: what a pointwise operation computes.
///
/// Formulas are immutable and shared: two that are built alike are the same object, so `==` and
/// `equals` agree and a subexpression that occurs twice is computed once. Building one applies only
/// rewrites that keep every bit (`x · 1`, `−(−x)`, arithmetic of constants in double).
///
/// A value is a number or a truth value. An [Input] is a truth value where it is used as a
/// condition, and a number elsewhere.
public sealed interface Expr {

  /// The number 0.
  Expr ZERO = constant(0.0);

  /// The number 1.
  Expr ONE = constant(1.0);

  /// The element of an input array.
  ///
  /// @param index which input, from 0
  record Input(int index) implements Expr {
    /// Checks the index.
    public Input {
      if (index < 0) {
        throw new IllegalArgumentException("input: index must not be negative, got " + index);
      }
    }

    @Override
    public String toString() {
      return Formula.of(this);
    }
  }

  /// A number given when the kernel runs, the same for all elements.
  ///
  /// @param index which parameter, from 0
  record Param(int index) implements Expr {
    /// Checks the index.
    public Param {
      if (index < 0) {
        throw new IllegalArgumentException("param: index must not be negative, got " + index);
      }
    }

    @Override
    public String toString() {
      return Formula.of(this);
    }
  }

  /// A number that belongs to the formula.
  ///
  /// @param value the number, rounded to the compute type when the kernel is compiled
  record Constant(double value) implements Expr {
    @Override
    public String toString() {
      return Formula.of(this);
    }
  }

  /// An operation on one value.
  ///
  /// @param op the operation
  /// @param x its operand
  record Unary(UnaryOp op, Expr x) implements Expr {
    /// Takes the shared form of the operand.
    public Unary {
      x = Interner.shared(x);
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Unary u && op == u.op && x == u.x;
    }

    @Override
    public int hashCode() {
      return 31 * op.hashCode() + System.identityHashCode(x);
    }

    @Override
    public String toString() {
      return Formula.of(this);
    }
  }

  /// An operation on two values.
  ///
  /// @param op the operation
  /// @param a its first operand
  /// @param b its second operand
  record Binary(BinaryOp op, Expr a, Expr b) implements Expr {
    /// Takes the shared forms of the operands.
    public Binary {
      a = Interner.shared(a);
      b = Interner.shared(b);
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Binary e && op == e.op && a == e.a && b == e.b;
    }

    @Override
    public int hashCode() {
      return 31 * (31 * op.hashCode() + System.identityHashCode(a)) + System.identityHashCode(b);
    }

    @Override
    public String toString() {
      return Formula.of(this);
    }
  }

  /// A choice between two numbers.
  ///
  /// @param c the condition, a truth value
  /// @param a the value where it holds
  /// @param b the value elsewhere
  record Select(Expr c, Expr a, Expr b) implements Expr {
    /// Takes the shared forms of the operands.
    public Select {
      c = Interner.shared(c);
      a = Interner.shared(a);
      b = Interner.shared(b);
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Select s && c == s.c && a == s.a && b == s.b;
    }

    @Override
    public int hashCode() {
      return 31 * (31 * System.identityHashCode(c) + System.identityHashCode(a))
          + System.identityHashCode(b);
    }

    @Override
    public String toString() {
      return Formula.of(this);
    }
  }

  /// `a · b + c`, rounded once.
  ///
  /// @param a the first factor
  /// @param b the second factor
  /// @param c the summand
  record Fma(Expr a, Expr b, Expr c) implements Expr {
    /// Takes the shared forms of the operands.
    public Fma {
      a = Interner.shared(a);
      b = Interner.shared(b);
      c = Interner.shared(c);
    }

    @Override
    public boolean equals(Object o) {
      return o instanceof Fma f && a == f.a && b == f.b && c == f.c;
    }

    @Override
    public int hashCode() {
      return 37 * (37 * System.identityHashCode(a) + System.identityHashCode(b))
          + System.identityHashCode(c);
    }

    @Override
    public String toString() {
      return Formula.of(this);
    }
  }

  /// Returns the element of input `index`.
  static Expr input(int index) {
    return Interner.shared(new Input(index));
  }

  /// Returns run-time parameter `index`.
  static Expr param(int index) {
    return Interner.shared(new Param(index));
  }

  /// Returns a constant.
  static Expr constant(double value) {
    return Interner.shared(new Constant(value));
  }

  /// Returns `op` applied to `x`, simplified.
  static Expr of(UnaryOp op, Expr x) {
    return Simplifier.unary(op, x);
  }

  /// Returns `op` applied to `a` and `b`, simplified.
  static Expr of(BinaryOp op, Expr a, Expr b) {
    return Simplifier.binary(op, a, b);
  }

  /// Returns `a` where `c` holds and `b` elsewhere.
  static Expr select(Expr c, Expr a, Expr b) {
    return Simplifier.select(c, a, b);
  }

  /// Returns `a` where `c` holds and `b` elsewhere.
  static Expr select(Expr c, double a, Expr b) {
    return select(c, constant(a), b);
  }

  /// Returns `a` where `c` holds and `b` elsewhere.
  static Expr select(Expr c, Expr a, double b) {
    return select(c, a, constant(b));
  }

  /// Returns `a` where `c` holds and `b` elsewhere.
  static Expr select(Expr c, double a, double b) {
    return select(c, constant(a), constant(b));
  }

  /// Returns `a · b + c`, rounded once.
  static Expr fma(Expr a, Expr b, Expr c) {
    return Simplifier.fma(a, b, c);
  }

  /// Returns the operands, in order.
  default List<Expr> operands() {
    return switch (this) {
      case Input i -> List.of();
      case Param p -> List.of();
      case Constant c -> List.of();
      case Unary u -> List.of(u.x);
      case Binary e -> List.of(e.a, e.b);
      case Select s -> List.of(s.c, s.a, s.b);
      case Fma f -> List.of(f.a, f.b, f.c);
    };
  }

  /// Returns whether the value is a truth value by its own form; an input's form does not tell.
  default boolean logical() {
    return switch (this) {
      case Unary u -> u.op.logical();
      case Binary e -> e.op.logical();
      case Input i -> false;
      case Param p -> false;
      case Constant c -> false;
      case Select s -> false;
      case Fma f -> false;
    };
  }

  /// Returns the partial derivative with respect to input `index`; see [Derivative].
  default Expr derivative(int index) {
    return Derivative.of(this, index);
  }

  /// Returns `this + y`.
  default Expr add(Expr y) {
    return of(BinaryOp.ADD, this, y);
  }

  /// Returns `this + y`.
  default Expr add(double y) {
    return add(constant(y));
  }

  /// Returns `this − y`.
  default Expr sub(Expr y) {
    return of(BinaryOp.SUB, this, y);
  }

  /// Returns `this − y`.
  default Expr sub(double y) {
    return sub(constant(y));
  }

  /// Returns `this · y`.
  default Expr mul(Expr y) {
    return of(BinaryOp.MUL, this, y);
  }

  /// Returns `this · y`.
  default Expr mul(double y) {
    return mul(constant(y));
  }

  /// Returns `this / y`.
  default Expr div(Expr y) {
    return of(BinaryOp.DIV, this, y);
  }

  /// Returns `this / y`.
  default Expr div(double y) {
    return div(constant(y));
  }

  /// Returns the remainder of `this / y` rounded towards zero.
  default Expr rem(Expr y) {
    return of(BinaryOp.REM, this, y);
  }

  /// Returns `this` to the power `y`.
  default Expr pow(Expr y) {
    return of(BinaryOp.POW, this, y);
  }

  /// Returns `this` to the power `y`.
  default Expr pow(double y) {
    return pow(constant(y));
  }

  /// Returns `−this`.
  default Expr neg() {
    return of(UnaryOp.NEG, this);
  }

  /// Returns `this · this`.
  default Expr square() {
    return mul(this);
  }

  /// Returns `1 / this`.
  default Expr reciprocal() {
    return ONE.div(this);
  }

  /// Returns whether `this < y`.
  default Expr lt(Expr y) {
    return of(BinaryOp.LT, this, y);
  }

  /// Returns whether `this < y`.
  default Expr lt(double y) {
    return lt(constant(y));
  }

  /// Returns whether `this ≤ y`.
  default Expr le(Expr y) {
    return of(BinaryOp.LE, this, y);
  }

  /// Returns whether `this ≤ y`.
  default Expr le(double y) {
    return le(constant(y));
  }

  /// Returns whether `this > y`.
  default Expr gt(Expr y) {
    return of(BinaryOp.GT, this, y);
  }

  /// Returns whether `this > y`.
  default Expr gt(double y) {
    return gt(constant(y));
  }

  /// Returns whether `this ≥ y`.
  default Expr ge(Expr y) {
    return of(BinaryOp.GE, this, y);
  }

  /// Returns whether `this ≥ y`.
  default Expr ge(double y) {
    return ge(constant(y));
  }

  /// Returns whether `this = y`.
  default Expr eq(Expr y) {
    return of(BinaryOp.EQ, this, y);
  }

  /// Returns whether `this = y`.
  default Expr eq(double y) {
    return eq(constant(y));
  }

  /// Returns whether `this ≠ y`.
  default Expr ne(Expr y) {
    return of(BinaryOp.NE, this, y);
  }

  /// Returns whether `this ≠ y`.
  default Expr ne(double y) {
    return ne(constant(y));
  }

  /// Returns whether both truth values hold.
  default Expr and(Expr y) {
    return of(BinaryOp.AND, this, y);
  }

  /// Returns whether either truth value holds.
  default Expr or(Expr y) {
    return of(BinaryOp.OR, this, y);
  }

  /// Returns whether the truth value does not hold.
  default Expr not() {
    return of(UnaryOp.NOT, this);
  }

  /// Returns whether the number is NaN.
  default Expr isNan() {
    return of(UnaryOp.IS_NAN, this);
  }
}
