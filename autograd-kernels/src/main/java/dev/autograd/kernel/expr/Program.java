package dev.autograd.kernel.expr;

import dev.autograd.kernel.ElementType;
import dev.autograd.kernel.expr.Expr.Binary;
import dev.autograd.kernel.expr.Expr.Constant;
import dev.autograd.kernel.expr.Expr.Fma;
import dev.autograd.kernel.expr.Expr.Input;
import dev.autograd.kernel.expr.Expr.Param;
import dev.autograd.kernel.expr.Expr.Select;
import dev.autograd.kernel.expr.Expr.Unary;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// Formulas laid out in the order of computing, checked against an element type.
///
/// @param type the compute type
/// @param outputs the formulas, one per output
/// @param nodes every node once, operands first
/// @param slots the position of a node
/// @param logical which nodes are truth values
/// @param inputs one more than the largest input index
/// @param params one more than the largest parameter index
record Program(
    ElementType type,
    List<Expr> outputs,
    List<Expr> nodes,
    Map<Expr, Integer> slots,
    BitSet logical,
    int inputs,
    int params) {

  static Program of(ElementType type, List<Expr> formulas) {
    if (type == ElementType.U8 || type == ElementType.BOOL) {
      throw new IllegalArgumentException(
          "kernel: the compute type must be F32, F64, I64 or I32, got "
              + type
              + ". Compute in I32 and convert?");
    }
    List<Expr> outputs = formulas.stream().map(Interner::shared).toList();
    if (outputs.isEmpty()) {
      throw new IllegalArgumentException("kernel: at least one output is needed, got none");
    }
    List<Expr> nodes = topological(outputs);
    Map<Expr, Integer> slots = new HashMap<>();
    int inputs = 0;
    int params = 0;
    for (Expr e : nodes) {
      slots.put(e, slots.size());
      inputs = e instanceof Input i ? Math.max(inputs, i.index() + 1) : inputs;
      params = e instanceof Param p ? Math.max(params, p.index() + 1) : params;
    }
    Set<Expr> conditions = new HashSet<>();
    Set<Expr> numbers = new HashSet<>();
    for (Expr e : nodes) {
      place(e, conditions, numbers);
    }
    BitSet logical = new BitSet(nodes.size());
    for (int i = 0; i < nodes.size(); i++) {
      Expr e = nodes.get(i);
      boolean condition = conditions.contains(e);
      boolean isLogical = e.logical() || (e instanceof Input && condition);
      if ((numbers.contains(e) && isLogical) || (condition && !isLogical)) {
        throw new IllegalArgumentException(
            "kernel: a value must be a number or a truth value, got both for "
                + e
                + ". Write x.ne(0) for the one, select(c, 1, 0) for the other.");
      }
      logical.set(i, isLogical);
      if (!type.floating()) {
        checkIntegral(type, e);
      }
    }
    return new Program(type, outputs, nodes, slots, logical, inputs, params);
  }

  /// Returns every node that the roots reach, once, operands first.
  static List<Expr> topological(Collection<Expr> roots) {
    List<Expr> order = new ArrayList<>();
    Set<Expr> done = new HashSet<>();
    ArrayDeque<Expr> stack = new ArrayDeque<>();
    for (Expr root : roots) {
      stack.push(root);
      while (!stack.isEmpty()) {
        Expr e = stack.peek();
        boolean ready = true;
        if (!done.contains(e)) {
          for (Expr operand : e.operands().reversed()) {
            if (!done.contains(operand)) {
              stack.push(operand);
              ready = false;
            }
          }
        }
        if (ready) {
          stack.pop();
          if (done.add(e)) {
            order.add(e);
          }
        }
      }
    }
    return order;
  }

  int slot(Expr e) {
    Integer slot = slots.get(e);
    if (slot == null) {
      throw new IllegalStateException("kernel: unknown node " + e);
    }
    return slot;
  }

  boolean logical(Expr e) {
    return logical.get(slot(e));
  }

  /// Returns which inputs are truth values.
  BitSet logicalInputs() {
    BitSet set = new BitSet();
    for (Expr e : nodes) {
      if (e instanceof Input i && logical(e)) {
        set.set(i.index());
      }
    }
    return set;
  }

  /// Returns which outputs are truth values.
  BitSet logicalOutputs() {
    BitSet set = new BitSet();
    for (int i = 0; i < outputs.size(); i++) {
      set.set(i, logical(outputs.get(i)));
    }
    return set;
  }

  private static void place(Expr e, Set<Expr> conditions, Set<Expr> numbers) {
    switch (e) {
      case Unary u -> (u.op().takesLogical() ? conditions : numbers).add(u.x());
      case Binary b -> (b.op().takesLogical() ? conditions : numbers).addAll(e.operands());
      case Select s -> {
        conditions.add(s.c());
        numbers.addAll(Arrays.asList(s.a(), s.b()));
      }
      case Fma f -> numbers.addAll(e.operands());
      case Input i -> {}
      case Param p -> {}
      case Constant c -> {}
    }
  }

  private static void checkIntegral(ElementType type, Expr e) {
    boolean fine =
        switch (e) {
          case Unary u -> u.op().integral();
          case Binary b -> b.op().integral();
          case Constant c -> c.value() == Math.rint(c.value()) && Math.abs(c.value()) < 0x1p63;
          case Input i -> true;
          case Param p -> true;
          case Select s -> true;
          case Fma f -> true;
        };
    if (!fine) {
      throw new IllegalArgumentException(
          "kernel: " + e + " is not defined for " + type + ". Convert the inputs to F32 or F64?");
    }
  }
}
