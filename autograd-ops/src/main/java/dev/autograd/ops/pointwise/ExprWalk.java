package dev.autograd.ops.pointwise;

import dev.autograd.kernel.expr.BinaryOp;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.kernel.expr.UnaryOp;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/// Goes through formulas without recursion: a fused chain can be as deep as a model.
final class ExprWalk {
  private ExprWalk() {}

  /// Returns every node that the roots reach, once, operands first.
  static List<Expr> bottomUp(List<Expr> roots) {
    List<Expr> order = new ArrayList<>();
    Set<Expr> entered = new HashSet<>();
    Set<Expr> done = new HashSet<>();
    ArrayDeque<Expr> stack = new ArrayDeque<>(roots.reversed());
    while (!stack.isEmpty()) {
      Expr e = stack.peek();
      if (!entered.add(e)) {
        stack.pop();
        if (done.add(e)) {
          order.add(e);
        }
        continue;
      }
      for (Expr operand : e.operands().reversed()) {
        if (!entered.contains(operand)) {
          stack.push(operand);
        }
      }
    }
    return order;
  }

  /// Returns `root` with every node that `replace` maps to another one replaced.
  static Expr rewrite(Expr root, UnaryOperator<Expr> replace) {
    Map<Expr, Expr> rewritten = new HashMap<>();
    for (Expr e : bottomUp(List.of(root))) {
      Expr other = replace.apply(e);
      rewritten.put(e, other.equals(e) ? rebuilt(e, rewritten) : other);
    }
    return at(rewritten, root);
  }

  private static Expr rebuilt(Expr e, Map<Expr, Expr> done) {
    return switch (e) {
      case Expr.Input i -> i;
      case Expr.Param p -> p;
      case Expr.Constant c -> c;
      case Expr.Unary u -> Expr.of(u.op(), at(done, u.x()));
      case Expr.Binary b -> Expr.of(b.op(), at(done, b.a()), at(done, b.b()));
      case Expr.Select s -> Expr.select(at(done, s.c()), at(done, s.a()), at(done, s.b()));
      case Expr.Fma f -> Expr.fma(at(done, f.a()), at(done, f.b()), at(done, f.c()));
    };
  }

  private static Expr at(Map<Expr, Expr> map, Expr key) {
    Expr value = map.get(key);
    if (value == null) {
      throw new IllegalStateException("formula: operand after its use");
    }
    return value;
  }

  /// Returns which inputs the formulas mention.
  static BitSet inputs(List<Expr> roots) {
    BitSet mentioned = new BitSet();
    for (Expr e : bottomUp(roots)) {
      if (e instanceof Expr.Input i) {
        mentioned.set(i.index());
      }
    }
    return mentioned;
  }

  /// Returns which inputs are used as truth values.
  static BitSet conditions(List<Expr> roots) {
    BitSet logical = new BitSet();
    for (Expr e : bottomUp(roots)) {
      switch (e) {
        case Expr.Select s -> mark(s.c(), logical);
        case Expr.Unary u when u.op() == UnaryOp.NOT -> mark(u.x(), logical);
        case Expr.Binary b when b.op() == BinaryOp.AND || b.op() == BinaryOp.OR -> {
          mark(b.a(), logical);
          mark(b.b(), logical);
        }
        case Expr.Unary u -> {}
        case Expr.Binary b -> {}
        case Expr.Input i -> {}
        case Expr.Param p -> {}
        case Expr.Constant c -> {}
        case Expr.Fma f -> {}
      }
    }
    return logical;
  }

  private static void mark(Expr e, BitSet logical) {
    if (e instanceof Expr.Input i) {
      logical.set(i.index());
    }
  }

  /// Returns `factor · d`, with the factor moved into choices and quotients: what a choice leaves
  /// out stays 0 even if the factor is infinite or NaN, and `g · (1 / x)` is rounded once, as `g /
  /// x`.
  static Expr times(Expr factor, Expr d) {
    Map<Expr, Expr> products = new HashMap<>();
    // Top down from the root through choices only; a product is needed where the descent ends.
    for (Expr e : choices(d)) {
      products.put(
          e,
          switch (e) {
            case Expr.Select s -> Expr.select(s.c(), at(products, s.a()), at(products, s.b()));
            case Expr.Unary u when u.op() == UnaryOp.NEG -> at(products, u.x()).neg();
            case Expr.Constant c when c.value() == 0 -> Expr.ZERO;
            case Expr.Binary b when b.op() == BinaryOp.DIV && b.a() instanceof Expr.Constant c ->
                factor.mul(c).div(b.b());
            default -> factor.mul(e);
          });
    }
    return at(products, d);
  }

  /// Returns the nodes that [#times] descends to, operands first.
  private static List<Expr> choices(Expr root) {
    List<Expr> order = new ArrayList<>();
    Set<Expr> entered = new HashSet<>();
    Set<Expr> done = new HashSet<>();
    ArrayDeque<Expr> stack = new ArrayDeque<>();
    stack.push(root);
    while (!stack.isEmpty()) {
      Expr e = stack.peek();
      if (!entered.add(e)) {
        stack.pop();
        if (done.add(e)) {
          order.add(e);
        }
        continue;
      }
      if (e instanceof Expr.Select s) {
        stack.push(s.b());
        stack.push(s.a());
      } else if (e instanceof Expr.Unary u && u.op() == UnaryOp.NEG) {
        stack.push(u.x());
      }
    }
    return order;
  }
}
