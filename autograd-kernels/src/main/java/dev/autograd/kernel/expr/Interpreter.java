package dev.autograd.kernel.expr;

import dev.autograd.kernel.ElementType;
import dev.autograd.kernel.expr.Expr.Binary;
import dev.autograd.kernel.expr.Expr.Constant;
import dev.autograd.kernel.expr.Expr.Fma;
import dev.autograd.kernel.expr.Expr.Input;
import dev.autograd.kernel.expr.Expr.Param;
import dev.autograd.kernel.expr.Expr.Select;
import dev.autograd.kernel.expr.Expr.Unary;
import java.lang.reflect.Array;
import java.util.List;

/// Computes formulas node by node, with the bits of the compiled loops.
///
/// It is the oracle of their tests, and serves the first few elements of a formula, for which
/// compiling would take longer. Truth values are 0 and 1.
public final class Interpreter implements Loop {

  private final Program program;

  Interpreter(Program program) {
    this.program = program;
  }

  /// Computes `e` in double.
  public static double evaluate(Expr e, double[] params, double... inputs) {
    Interpreter i = new Interpreter(Program.of(ElementType.F64, List.of(e)));
    double[] values = new double[i.program.nodes().size()];
    i.step(values, params, (input) -> inputs[input]);
    return values[i.program.slot(e)];
  }

  /// Computes `e` in float.
  public static float evaluate(Expr e, double[] params, float... inputs) {
    Interpreter i = new Interpreter(Program.of(ElementType.F32, List.of(e)));
    float[] values = new float[i.program.nodes().size()];
    i.step(values, params, (input) -> inputs[input]);
    return values[i.program.slot(e)];
  }

  /// Computes `e` in long.
  public static long evaluate(Expr e, double[] params, long... inputs) {
    Interpreter i = new Interpreter(Program.of(ElementType.I64, List.of(e)));
    long[] values = new long[i.program.nodes().size()];
    i.step(values, params, (input) -> inputs[input]);
    return values[i.program.slot(e)];
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
    int size = program.nodes().size();
    List<Expr> outputs = program.outputs();
    switch (program.type()) {
      case F64 -> {
        double[] values = new double[size];
        for (int i = from; i < to; i++) {
          int at = i;
          step(values, params, (k) -> Array.getDouble(ins[k], inOffsets[k] + at));
          for (int k = 0; k < outs.length; k++) {
            put(outs[k], outOffsets[k] + i, values[program.slot(outputs.get(k))]);
          }
        }
      }
      case F32 -> {
        float[] values = new float[size];
        for (int i = from; i < to; i++) {
          int at = i;
          step(values, params, (k) -> Array.getFloat(ins[k], inOffsets[k] + at));
          for (int k = 0; k < outs.length; k++) {
            put(outs[k], outOffsets[k] + i, values[program.slot(outputs.get(k))]);
          }
        }
      }
      case I64, I32 -> {
        long[] values = new long[size];
        for (int i = from; i < to; i++) {
          int at = i;
          step(values, params, (k) -> Array.getLong(ins[k], inOffsets[k] + at));
          for (int k = 0; k < outs.length; k++) {
            put(outs[k], outOffsets[k] + i, values[program.slot(outputs.get(k))]);
          }
        }
      }
      case U8, BOOL -> throw new IllegalStateException("kernel: no loop over " + program.type());
    }
  }

  private static void put(Object out, int at, double value) {
    switch (out) {
      case double[] d -> d[at] = value;
      case byte[] b -> b[at] = (byte) value;
      default ->
          throw new IllegalArgumentException("kernel: cannot store F64 in " + out.getClass());
    }
  }

  private static void put(Object out, int at, float value) {
    switch (out) {
      case float[] f -> f[at] = value;
      case byte[] b -> b[at] = (byte) value;
      default ->
          throw new IllegalArgumentException("kernel: cannot store F32 in " + out.getClass());
    }
  }

  private static void put(Object out, int at, long value) {
    switch (out) {
      case long[] l -> l[at] = value;
      case int[] i -> i[at] = (int) value;
      case byte[] b -> b[at] = (byte) value;
      default ->
          throw new IllegalArgumentException("kernel: cannot store I64 in " + out.getClass());
    }
  }

  @FunctionalInterface
  private interface DoubleSource {
    double at(int input);
  }

  @FunctionalInterface
  private interface FloatSource {
    float at(int input);
  }

  @FunctionalInterface
  private interface LongSource {
    long at(int input);
  }

  private void step(double[] v, double[] params, DoubleSource inputs) {
    List<Expr> nodes = program.nodes();
    for (int i = 0; i < v.length; i++) {
      v[i] =
          switch (nodes.get(i)) {
            case Input in -> truth(nodes.get(i), inputs.at(in.index()));
            case Param p -> params[p.index()];
            case Constant c -> c.value();
            case Unary u -> u.op().apply(v[program.slot(u.x())]);
            case Binary b -> b.op().apply(v[program.slot(b.a())], v[program.slot(b.b())]);
            case Select s ->
                v[program.slot(s.c())] != 0 ? v[program.slot(s.a())] : v[program.slot(s.b())];
            case Fma f ->
                Math.fma(v[program.slot(f.a())], v[program.slot(f.b())], v[program.slot(f.c())]);
          };
    }
  }

  private void step(float[] v, double[] params, FloatSource inputs) {
    List<Expr> nodes = program.nodes();
    for (int i = 0; i < v.length; i++) {
      v[i] =
          switch (nodes.get(i)) {
            case Input in -> (float) truth(nodes.get(i), inputs.at(in.index()));
            case Param p -> (float) params[p.index()];
            case Constant c -> (float) c.value();
            case Unary u -> u.op().apply(v[program.slot(u.x())]);
            case Binary b -> b.op().apply(v[program.slot(b.a())], v[program.slot(b.b())]);
            case Select s ->
                v[program.slot(s.c())] != 0 ? v[program.slot(s.a())] : v[program.slot(s.b())];
            case Fma f ->
                Math.fma(v[program.slot(f.a())], v[program.slot(f.b())], v[program.slot(f.c())]);
          };
    }
  }

  private void step(long[] v, double[] params, LongSource inputs) {
    List<Expr> nodes = program.nodes();
    for (int i = 0; i < v.length; i++) {
      long y =
          switch (nodes.get(i)) {
            case Input in -> {
              long x = inputs.at(in.index());
              yield program.logical(in) ? (x != 0 ? 1 : 0) : x;
            }
            case Param p -> (long) params[p.index()];
            case Constant c -> (long) c.value();
            case Unary u -> u.op().apply(v[program.slot(u.x())]);
            case Binary b -> b.op().apply(v[program.slot(b.a())], v[program.slot(b.b())]);
            case Select s ->
                v[program.slot(s.c())] != 0 ? v[program.slot(s.a())] : v[program.slot(s.b())];
            case Fma f -> v[program.slot(f.a())] * v[program.slot(f.b())] + v[program.slot(f.c())];
          };
      v[i] = program.type() == ElementType.I32 ? (int) y : y;
    }
  }

  private double truth(Expr input, double x) {
    return program.logical(input) ? (x != 0 ? 1 : 0) : x;
  }
}
