package dev.autograd.kernel.expr;

import dev.autograd.kernel.ElementType;
import dev.autograd.kernel.expr.Expr.Binary;
import dev.autograd.kernel.expr.Expr.Constant;
import dev.autograd.kernel.expr.Expr.Fma;
import dev.autograd.kernel.expr.Expr.Input;
import dev.autograd.kernel.expr.Expr.Param;
import dev.autograd.kernel.expr.Expr.Select;
import dev.autograd.kernel.expr.Expr.Unary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/// A program too long for one method: its first half, then its second, block by block.
///
/// What the first half passes on stays in buffers that fit the first cache. Only the second half
/// writes outputs, when all inputs of the block have been read.
final class Stages implements Loop {

  private static final int BLOCK = 512;

  private final ElementType type;
  private final int inputs;
  private final int outputs;
  private final boolean[] truths;
  private final Loop first;
  private final Loop second;

  private Stages(
      ElementType type, int inputs, int outputs, boolean[] truths, Loop first, Loop second) {
    this.type = type;
    this.inputs = inputs;
    this.outputs = outputs;
    this.truths = truths;
    this.first = first;
    this.second = second;
  }

  static Loop of(Program program, int bits) {
    List<Expr> computed = program.nodes().stream().filter(e -> !e.operands().isEmpty()).toList();
    Set<Expr> early = new HashSet<>(computed.subList(0, computed.size() / 2));
    Set<Expr> needed = new HashSet<>(program.outputs());
    for (Expr e : computed.subList(computed.size() / 2, computed.size())) {
      needed.addAll(e.operands());
    }
    List<Expr> passed = computed.stream().filter(early::contains).filter(needed::contains).toList();
    boolean[] truths = new boolean[passed.size()];
    Map<Expr, Expr> late = new HashMap<>();
    for (int k = 0; k < passed.size(); k++) {
      truths[k] = program.logical(passed.get(k));
      Expr in = Expr.input(program.inputs() + k);
      // A double negation says that an input is a truth value where nothing else would.
      late.put(passed.get(k), truths[k] ? not(not(in)) : in);
    }
    for (Expr e : program.nodes()) {
      if (!early.contains(e)) {
        late.put(e, moved(e, late));
      }
    }
    List<Expr> outputs = new ArrayList<>();
    for (Expr e : program.outputs()) {
      outputs.add(at(late, e));
    }
    return new Stages(
        program.type(),
        program.inputs(),
        outputs.size(),
        truths,
        LoopCompiler.compile(Program.of(program.type(), passed), bits),
        LoopCompiler.compile(Program.of(program.type(), outputs), bits));
  }

  private static Expr not(Expr e) {
    return Interner.shared(new Unary(UnaryOp.NOT, e));
  }

  private static Expr at(Map<Expr, Expr> late, Expr e) {
    Expr m = late.get(e);
    if (m == null) {
      throw new IllegalStateException("kernel: a value of the first half was not passed on");
    }
    return m;
  }

  /// Returns the node over moved operands, not simplified again: bits must not change.
  private static Expr moved(Expr e, Map<Expr, Expr> late) {
    return Interner.shared(
        switch (e) {
          case Input i -> i;
          case Param p -> p;
          case Constant c -> c;
          case Unary u -> new Unary(u.op(), at(late, u.x()));
          case Binary b -> new Binary(b.op(), at(late, b.a()), at(late, b.b()));
          case Select s -> new Select(at(late, s.c()), at(late, s.a()), at(late, s.b()));
          case Fma f -> new Fma(at(late, f.a()), at(late, f.b()), at(late, f.c()));
        });
  }

  @Override
  public void scalar(
      int from,
      int to,
      double[] params,
      Object[] outs,
      int[] outOffsets,
      Object[] ins,
      int[] inOffsets) {
    Block block = new Block(Math.min(BLOCK, to - from), false, outs, ins);
    for (int at = from; at < to; at += BLOCK) {
      int n = Math.min(BLOCK, to - at);
      block.moveTo(at, outOffsets, inOffsets);
      first.scalar(0, n, params, block.passed, block.zeros, block.ins, block.inOffsets);
      second.scalar(0, n, params, block.outs, block.outOffsets, block.ins, block.inOffsets);
    }
  }

  @Override
  public void wide(
      int from,
      int to,
      double[] params,
      Object[] outs,
      int[] outOffsets,
      Object[] ins,
      int[] inOffsets) {
    Block block = new Block(Math.min(BLOCK, to - from), true, outs, ins);
    for (int at = from; at < to; at += BLOCK) {
      int n = Math.min(BLOCK, to - at);
      block.moveTo(at, outOffsets, inOffsets);
      first.wide(0, n, params, block.passed, block.zeros, block.ins, block.inOffsets);
      second.wide(0, n, params, block.outs, block.outOffsets, block.ins, block.inOffsets);
    }
  }

  @Override
  public int vector(
      int from,
      int to,
      double[] params,
      Object[] outs,
      int[] outOffsets,
      Object[] ins,
      int[] inOffsets) {
    Block block = new Block(Math.min(BLOCK, to - from), true, outs, ins);
    int at = from;
    while (at < to) {
      int n = Math.min(BLOCK, to - at);
      block.moveTo(at, outOffsets, inOffsets);
      int done = first.vector(0, n, params, block.passed, block.zeros, block.ins, block.inOffsets);
      second.vector(0, done, params, block.outs, block.outOffsets, block.ins, block.inOffsets);
      at += done;
      if (done < n) {
        break;
      }
    }
    return at;
  }

  /// The arrays of both halves: the inputs are followed by what the first passes on.
  private final class Block {
    final Object[] passed = new Object[truths.length];
    final int[] zeros = new int[truths.length];
    final Object[] outs;
    final int[] outOffsets = new int[outputs];
    final Object[] ins;
    final int[] inOffsets;

    Block(int size, boolean wide, Object[] outs, Object[] ins) {
      this.outs = outs;
      this.ins = Arrays.copyOf(ins, inputs + truths.length);
      inOffsets = new int[inputs + truths.length];
      for (int k = 0; k < truths.length; k++) {
        passed[k] = (truths[k] && !wide ? ElementType.BOOL : type).newArray(size);
        this.ins[inputs + k] = passed[k];
      }
    }

    void moveTo(int at, int[] outOffsets, int[] inOffsets) {
      for (int k = 0; k < outputs; k++) {
        this.outOffsets[k] = outOffsets[k] + at;
      }
      for (int k = 0; k < inputs; k++) {
        this.inOffsets[k] = inOffsets[k] + at;
      }
    }
  }
}
