package dev.autograd.kernel.expr;

import dev.autograd.kernel.expr.Expr.Binary;
import dev.autograd.kernel.expr.Expr.Constant;
import dev.autograd.kernel.expr.Expr.Fma;
import dev.autograd.kernel.expr.Expr.Input;
import dev.autograd.kernel.expr.Expr.Param;
import dev.autograd.kernel.expr.Expr.Select;
import dev.autograd.kernel.expr.Expr.Unary;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Writes formulas for people: `g · (1 − y²)`.
final class Formula {

  /// How tightly a piece of text holds together, loosest first.
  private enum Bond {
    OR,
    AND,
    COMPARISON,
    SUM,
    PRODUCT,
    SIGN,
    POWER,
    ATOM
  }

  private record Text(String text, Bond bond) {
    /// Returns the text, in parentheses if it is looser than its place asks for.
    String within(Bond least) {
      return bond.compareTo(least) >= 0 ? text : "(" + text + ")";
    }

    /// Returns the text for a place that needs it tighter than `loosest`.
    String tighterThan(Bond loosest) {
      return bond.compareTo(loosest) > 0 ? text : "(" + text + ")";
    }
  }

  private Formula() {}

  static String of(Expr e) {
    Map<Expr, Text> texts = new HashMap<>();
    for (Expr node : Program.topological(List.of(e))) {
      texts.put(node, write(node, texts));
    }
    return at(texts, e).text;
  }

  private static Text at(Map<Expr, Text> texts, Expr e) {
    Text t = texts.get(e);
    if (t == null) {
      throw new IllegalStateException("formula: operand after its use");
    }
    return t;
  }

  private static Text write(Expr e, Map<Expr, Text> texts) {
    return switch (e) {
      case Input i -> new Text("x" + subscript(i.index()), Bond.ATOM);
      case Param p -> new Text("p" + subscript(p.index()), Bond.ATOM);
      case Constant c -> number(c.value());
      case Unary u -> unary(u.op(), at(texts, u.x()));
      case Binary b -> binary(b, at(texts, b.a()), at(texts, b.b()));
      case Select s ->
          call("where", at(texts, s.c()).text, at(texts, s.a()).text, at(texts, s.b()).text);
      case Fma f ->
          call("fma", at(texts, f.a()).text, at(texts, f.b()).text, at(texts, f.c()).text);
    };
  }

  private static Text unary(UnaryOp op, Text x) {
    return switch (op) {
      case NEG -> new Text("−" + x.within(Bond.SIGN), Bond.SIGN);
      case ABS -> new Text("|" + x.text + "|", Bond.ATOM);
      case SQRT -> new Text("√" + x.within(Bond.ATOM), Bond.ATOM);
      case NOT -> new Text("not " + x.within(Bond.ATOM), Bond.AND);
      default -> call(op.name().toLowerCase(Locale.ROOT).replace("_", ""), x.text);
    };
  }

  private static Text binary(Binary e, Text a, Text b) {
    String sign = " " + e.op().symbol() + " ";
    return switch (e.op()) {
      case ADD -> new Text(a.within(Bond.SUM) + sign + b.within(Bond.SUM), Bond.SUM);
      case SUB -> new Text(a.within(Bond.SUM) + sign + b.tighterThan(Bond.SUM), Bond.SUM);
      case MUL ->
          e.a() == e.b()
              ? new Text(a.within(Bond.ATOM) + "²", Bond.POWER)
              : new Text(a.within(Bond.PRODUCT) + sign + b.tighterThan(Bond.PRODUCT), Bond.PRODUCT);
      case DIV, REM ->
          new Text(a.within(Bond.PRODUCT) + sign + b.tighterThan(Bond.PRODUCT), Bond.PRODUCT);
      case POW -> new Text(a.within(Bond.ATOM) + "^" + b.within(Bond.ATOM), Bond.POWER);
      case MIN, MAX, ATAN2 -> call(e.op().name().toLowerCase(Locale.ROOT), a.text, b.text);
      case LT, LE, GT, GE, EQ, NE ->
          new Text(a.within(Bond.SUM) + sign + b.within(Bond.SUM), Bond.COMPARISON);
      case AND -> new Text(a.within(Bond.AND) + sign + b.within(Bond.AND), Bond.AND);
      case OR -> new Text(a.within(Bond.OR) + sign + b.within(Bond.OR), Bond.OR);
    };
  }

  private static Text call(String name, String... arguments) {
    return new Text(name + "(" + String.join(", ", arguments) + ")", Bond.ATOM);
  }

  private static Text number(double v) {
    if (Double.isNaN(v)) {
      return new Text("nan", Bond.ATOM);
    }
    double a = Math.abs(v);
    String digits =
        a == Double.POSITIVE_INFINITY
            ? "inf"
            : a == Math.rint(a) && a < 1e15 ? Long.toString((long) a) : Double.toString(a);
    boolean negative = Double.doubleToRawLongBits(v) < 0;
    return negative ? new Text("−" + digits, Bond.SIGN) : new Text(digits, Bond.ATOM);
  }

  private static String subscript(int n) {
    StringBuilder s = new StringBuilder();
    for (char c : Integer.toString(n).toCharArray()) {
      s.append((char) ('₀' + (c - '0')));
    }
    return s.toString();
  }
}
