package dev.autograd.kernel.expr;

import static dev.autograd.kernel.expr.Expr.constant;
import static dev.autograd.kernel.expr.Expr.fma;
import static dev.autograd.kernel.expr.Expr.input;
import static dev.autograd.kernel.expr.Expr.param;
import static dev.autograd.kernel.expr.Expr.select;
import static dev.autograd.kernel.expr.Formulas.abs;
import static dev.autograd.kernel.expr.Formulas.cos;
import static dev.autograd.kernel.expr.Formulas.erf;
import static dev.autograd.kernel.expr.Formulas.exp;
import static dev.autograd.kernel.expr.Formulas.log;
import static dev.autograd.kernel.expr.Formulas.max;
import static dev.autograd.kernel.expr.Formulas.min;
import static dev.autograd.kernel.expr.Formulas.sin;
import static dev.autograd.kernel.expr.Formulas.tanh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.kernel.ElementType;
import dev.autograd.kernel.Simd;
import dev.autograd.kernel.parallel.Workers;
import java.lang.reflect.Array;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class PointwiseKernelTest {

  private static final Expr X = input(0);
  private static final Expr Y = input(1);
  private static final Expr C = input(2);
  private static final double[] PARAMS = {0.1, -3};
  private static final int[] WIDTHS = {128, 256, 512};
  private static final int THREADS = Workers.threads();

  @AfterEach
  void threadsAsBefore() {
    Workers.threads(THREADS);
  }

  /// Every operation once, on numbers of any kind.
  static List<Expr> operations() {
    List<Expr> all = new ArrayList<>();
    for (UnaryOp op : UnaryOp.values()) {
      all.add(op == UnaryOp.NOT ? X.lt(Y).not() : Expr.of(op, X));
    }
    for (BinaryOp op : BinaryOp.values()) {
      all.add(op.takesLogical() ? Expr.of(op, X.lt(Y), X.gt(0)) : Expr.of(op, X, Y));
    }
    all.add(fma(X, Y, X));
    all.add(select(C, X, Y));
    all.add(select(C.and(X.gt(Y)).not(), X.mul(param(0)), Y.add(param(1))));
    all.add(gelu(X.mul(Y).add(3)));
    all.add(gelu(X.mul(Y).add(3)).derivative(0).derivative(1));
    return all;
  }

  static List<Expr> integerOperations() {
    List<Expr> all = new ArrayList<>();
    for (UnaryOp op : UnaryOp.values()) {
      if (op.integral()) {
        all.add(op == UnaryOp.NOT ? X.lt(Y).not() : Expr.of(op, X));
      }
    }
    for (BinaryOp op : BinaryOp.values()) {
      if (op.integral()) {
        all.add(op.takesLogical() ? Expr.of(op, X.lt(Y), X.gt(0)) : Expr.of(op, X, Y));
      }
    }
    all.add(fma(X, Y, X));
    all.add(select(C, X, Y.mul(param(1))));
    return all;
  }

  @ParameterizedTest
  @MethodSource("operations")
  void scalarAndVectorLoopsGiveTheBitsOfTheInterpreterInFloat(Expr e) {
    agree(ElementType.F32, e);
  }

  @ParameterizedTest
  @MethodSource("operations")
  void scalarAndVectorLoopsGiveTheBitsOfTheInterpreterInDouble(Expr e) {
    agree(ElementType.F64, e);
  }

  @ParameterizedTest
  @MethodSource("integerOperations")
  void integerLoopsGiveTheValuesOfTheInterpreter(Expr e) {
    agree(ElementType.I64, e);
    agree(ElementType.I32, e);
  }

  private static void agree(ElementType type, Expr e) {
    Program program = Program.of(type, List.of(e));
    boolean truth = program.logical(e);
    boolean condition = program.inputs() == 3;
    for (int n : new int[] {0, 1, 2, 3, 4, 7, 8, 15, 16, 17, 31, 33, 250}) {
      Object[] ins = {values(type, n + 3, 1), values(type, n + 5, 2), truths(n + 2)};
      int[] inOffsets = {3, 5, 2};
      ins = Arrays.copyOf(ins, Math.max(1, program.inputs()));
      int[] outOffsets = {1};
      ElementType outType = truth ? ElementType.BOOL : type;
      Object want = outType.newArray(n + 1);
      new Interpreter(program)
          .scalar(0, n, PARAMS, new Object[] {want}, outOffsets, ins, inOffsets);
      for (int bits : WIDTHS) {
        Loop loop = LoopCompiler.compile(program, bits);
        Object got = outType.newArray(n + 1);
        loop.scalar(0, n, PARAMS, new Object[] {got}, outOffsets, ins, inOffsets);
        same(e + " scalar", got, want);

        Object[] wideIns = ins.clone();
        if (condition) {
          wideIns[2] = type.newArray(n + 2);
          Strips.copy(ins[2], 0, 1, wideIns[2], 0, 1, n + 2);
        }
        Object wide = type.newArray(n + 1);
        Object[] outs = {wide};
        int done = loop.vector(0, n, PARAMS, outs, outOffsets, wideIns, inOffsets);
        if (type.floating()) {
          int lanes = bits / 8 / type.bytes();
          assertThat(done).isEqualTo(n / lanes * lanes);
        }
        loop.wide(done, n, PARAMS, outs, outOffsets, wideIns, inOffsets);
        if (truth) {
          Object narrow = new byte[n + 1];
          Strips.copy(wide, 0, 1, narrow, 0, 1, n + 1);
          same(e + " vector " + bits, narrow, want);
        } else {
          same(e + " vector " + bits, wide, want);
        }
      }
    }
  }

  @Test
  void theInterpreterAgreesWithItsOneElementForm() {
    Expr e = gelu(X.mul(Y).add(param(0)));
    assertThat(Interpreter.evaluate(e, PARAMS, 0.5, 2.0))
        .isEqualTo(
            run(ElementType.F64, e, new double[] {0.5}, new double[] {2}, double[].class)[0]);
    assertThat(Interpreter.evaluate(X.add(param(1)), PARAMS, 5L)).isEqualTo(2);
    assertThat(Interpreter.evaluate(X.lt(Y), PARAMS, 1f, 2f)).isEqualTo(1f);
  }

  private static double[] run(
      ElementType type, Expr e, double[] x, double[] y, Class<double[]> result) {
    double[] out = new double[x.length];
    PointwiseKernel.of(type, e)
        .runContiguous(
            x.length, PARAMS, new Object[] {out}, new int[1], new Object[] {x, y}, new int[2]);
    return result.cast(out);
  }

  @Test
  void severalOutputsComeFromOnePassAndMayReplaceInputs() {
    Expr y = tanh(X);
    PointwiseKernel kernel =
        PointwiseKernel.of(ElementType.F32, y, y.derivative(0).mul(Y), X.gt(0));
    assertThat(kernel.outputType(0)).isEqualTo(ElementType.F32);
    assertThat(kernel.outputType(2)).isEqualTo(ElementType.BOOL);
    float[] x = (float[]) values(ElementType.F32, 1000, 3);
    float[] g = (float[]) values(ElementType.F32, 1000, 4);
    float[] a = x.clone();
    float[] b = g.clone();
    byte[] positive = new byte[1000];
    for (int round = 0; round < 2; round++) {
      // In place: both outputs stand where the inputs stood.
      System.arraycopy(x, 0, a, 0, 1000);
      System.arraycopy(g, 0, b, 0, 1000);
      kernel.runContiguous(
          1000, PARAMS, new Object[] {a, b, positive}, new int[3], new Object[] {a, b}, new int[2]);
      for (int i = 0; i < 1000; i++) {
        assertThat(a[i]).isEqualTo((Float) Interpreter.evaluate(y, PARAMS, x[i], g[i]));
        assertThat(b[i])
            .isEqualTo((Float) Interpreter.evaluate(kernel.outputs().get(1), PARAMS, x[i], g[i]));
        assertThat(positive[i]).isEqualTo((byte) (x[i] > 0 ? 1 : 0));
      }
    }
  }

  @Test
  void anyLayoutGivesTheElementsOfTheContiguousOne() {
    SplittableRandom random = new SplittableRandom(5);
    Expr e = select(C, gelu(X.mul(0.1)).add(Y), X.sub(Y.mul(param(0))));
    for (int round = 0; round < 120; round++) {
      int rank = random.nextInt(0, 5);
      int[] dims = new int[rank];
      int n = 1;
      for (int d = 0; d < rank; d++) {
        dims[d] = random.nextInt(8) == 0 ? random.nextInt(60, 400) : random.nextInt(1, 6);
        n *= dims[d];
      }
      if (n > 60_000) {
        continue;
      }
      ElementType type = round % 2 == 0 ? ElementType.F32 : ElementType.F64;
      PointwiseKernel kernel = PointwiseKernel.of(type, e, X.lt(Y));
      Operand[] ins = {
        operand(type, dims, random, true),
        operand(type, dims, random, true),
        operand(ElementType.BOOL, dims, random, true)
      };
      Operand[] outs = {
        operand(type, dims, random, false), operand(ElementType.BOOL, dims, random, false)
      };
      kernel.run(dims, PARAMS, outs, ins);
      int[] index = new int[rank];
      for (int i = 0; i < n; i++) {
        double x = number(ins[0], index);
        double y = number(ins[1], index);
        double c = number(ins[2], index);
        double want =
            type == ElementType.F32
                ? Interpreter.evaluate(e, PARAMS, (float) x, (float) y, (float) c)
                : Interpreter.evaluate(e, PARAMS, x, y, c);
        assertThat(number(outs[0], index))
            .as("%s at %s of %s", ins[0], Arrays.toString(index), Arrays.toString(dims))
            .isEqualTo((Double) want);
        assertThat(number(outs[1], index)).isEqualTo(x < y ? 1.0 : 0.0);
        for (int d = rank - 1; d >= 0 && ++index[d] == dims[d]; d--) {
          index[d] = 0;
        }
      }
    }
  }

  @Test
  void operandsOfOtherTypesAreConverted() {
    PointwiseKernel kernel = PointwiseKernel.of(ElementType.F32, X.add(Y));
    float[] out = new float[3];
    int[] one = {1};
    Operand[] outs = {new Operand(out, 0, one)};
    Operand longs = new Operand(new long[] {1, -2, 1L << 40}, 0, one);
    Operand bytes = new Operand(new byte[] {1, (byte) 200, 0}, 0, one);
    kernel.run(new int[] {3}, PARAMS, outs, new Operand[] {longs, bytes});
    assertThat(out).containsExactly(2f, 198f, 0x1p40f);

    int[] ints = new int[3];
    kernel.run(
        new int[] {3},
        PARAMS,
        new Operand[] {new Operand(ints, 0, one)},
        new Operand[] {longs, new Operand(new double[] {0.75}, 0, new int[] {0})});
    assertThat(ints).containsExactly(1, -1, Integer.MAX_VALUE);
  }

  @Test
  void anEmptyRunTouchesNothing() {
    PointwiseKernel kernel = PointwiseKernel.of(ElementType.F32, X);
    Operand none = new Operand(new float[0], 0, new int[] {3, 1});
    kernel.run(new int[] {0, 3}, PARAMS, new Operand[] {none}, new Operand[] {none});
    kernel.runContiguous(0, PARAMS, new Object[1], new int[1], new Object[1], new int[1]);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4})
  void theNumberOfThreadsChangesNoBit(int threads) {
    int n = 150_001;
    Expr e = gelu(X.mul(Y).add(3));
    PointwiseKernel kernel = PointwiseKernel.of(ElementType.F32, e, X.le(Y));
    Object[] ins = {values(ElementType.F32, n, 8), values(ElementType.F32, n, 9)};
    float[] want = new float[n];
    byte[] wantTruth = new byte[n];
    LoopCompiler.compile(Program.of(ElementType.F32, kernel.outputs()), 0)
        .scalar(0, n, PARAMS, new Object[] {want, wantTruth}, new int[2], ins, new int[2]);
    Workers.threads(threads);
    for (int round = 0; round < 3; round++) {
      float[] got = new float[n];
      byte[] truth = new byte[n];
      kernel.runContiguous(n, PARAMS, new Object[] {got, truth}, new int[2], ins, new int[2]);
      same(e.toString(), got, want);
      assertThat(truth).isEqualTo(wantTruth);
    }
  }

  @Test
  void aFormulaTooLongForOneMethodIsComputedInStages() {
    Expr e = X;
    Expr condition = X.gt(0);
    for (int i = 0; i < 12; i++) {
      e = erf(tanh(exp(sin(e)))).add(log(abs(e).add(5))).mul(cos(Y));
      condition = condition.and(e.gt(Y)).not();
    }
    for (int i = 0; i < 600; i++) {
      e = e.mul(0.99).add(Y);
    }
    Expr last = select(condition, e, Y);
    Program program = Program.of(ElementType.F32, List.of(last, condition, X.lt(Y)));
    Loop loop = LoopCompiler.compile(program, 256);
    assertThat(loop).isInstanceOf(Stages.class);
    int n = 1500;
    float[] x = (float[]) values(ElementType.F32, n, 10);
    float[] y = (float[]) values(ElementType.F32, n, 11);
    Object[] ins = {x, y};
    Object[] want = {new float[n], new byte[n], new byte[n]};
    new Interpreter(program).scalar(0, n, PARAMS, want, new int[3], ins, new int[2]);
    Object[] got = {new float[n], new byte[n], new byte[n]};
    loop.scalar(3, n, PARAMS, got, new int[3], ins, new int[2]);
    loop.scalar(0, 3, PARAMS, got, new int[3], ins, new int[2]);
    for (int k = 0; k < 3; k++) {
      same("stages, output " + k, got[k], want[k]);
    }
    Object[] wide = {x, new float[n], new float[n]};
    int done = loop.vector(0, n, PARAMS, wide, new int[3], ins, new int[2]);
    assertThat(done).isEqualTo(n / 8 * 8);
    loop.wide(done, n, PARAMS, wide, new int[3], ins, new int[2]);
    same("stages in place", wide[0], want[0]);
    byte[] truth = new byte[n];
    Strips.copy(wide[1], 0, 1, truth, 0, 1, n);
    same("stages, truth", truth, want[1]);
  }

  @Test
  void formulasBuiltAlikeShareTheirKernelAndParametersDoNotMatter() {
    PointwiseKernel kernel = PointwiseKernel.of(ElementType.F32, X.mul(param(0)));
    assertThat(PointwiseKernel.of(ElementType.F32, List.of(input(0).mul(param(0)))))
        .isSameAs(kernel);
    assertThat(PointwiseKernel.of(ElementType.F64, X.mul(param(0)))).isNotSameAs(kernel);
    assertThat(kernel.inputs()).isEqualTo(1);
    assertThat(kernel.params()).isEqualTo(1);
    float[] x = {1, 2, 3};
    float[] y = new float[3];
    for (double p : new double[] {0.5, 2}) {
      kernel.runContiguous(
          3, new double[] {p}, new Object[] {y}, new int[1], new Object[] {x}, new int[1]);
      assertThat(y).containsExactly((float) p, (float) (2 * p), (float) (3 * p));
    }
  }

  @Test
  void thousandsOfFormulasDoNotGrowTheCacheWithoutEnd() {
    PointwiseKernel first = PointwiseKernel.of(ElementType.F64, X.add(12345));
    for (int i = 0; i < 3000; i++) {
      PointwiseKernel.of(ElementType.F64, X.add(20000 + i));
    }
    assertThat(PointwiseKernel.of(ElementType.F64, X.add(12345))).isNotSameAs(first);
  }

  @Test
  void theVectorLoopGoesLiveWhereTheModuleIsPresent() {
    // The suite runs with the module; that it does is part of what is tested.
    assertThat(Simd.available()).isTrue();
    if (!Simd.live()) {
      assertThat(Simd.description()).contains("autograd.simd");
      return;
    }
    PointwiseKernel kernel = PointwiseKernel.of(ElementType.F32, exp(X.mul(Y)).sub(tanh(X)));
    int n = 1 << 16;
    Object[] ins = {values(ElementType.F32, n, 12), values(ElementType.F32, n, 13)};
    Object[] outs = {new float[n]};
    long deadline = System.nanoTime() + 20_000_000_000L;
    while (!kernel.vectorized() && System.nanoTime() < deadline) {
      kernel.runContiguous(n, PARAMS, outs, new int[1], ins, new int[2]);
    }
    assertThat(kernel.vectorized()).as("%s, %s", Simd.description(), kernel).isTrue();
  }

  @Test
  void anIntegerDivisionByZeroIsAnError() {
    PointwiseKernel kernel = PointwiseKernel.of(ElementType.I64, X.div(Y));
    assertThatThrownBy(
            () ->
                kernel.runContiguous(
                    1,
                    PARAMS,
                    new Object[] {new long[1]},
                    new int[1],
                    new Object[] {new long[1], new long[1]},
                    new int[2]))
        .isInstanceOf(ArithmeticException.class);
  }

  @ParameterizedTest
  @EnumSource(ElementType.class)
  void everyElementTypeHasAnArray(ElementType type) {
    Object array = type.newArray(3);
    assertThat(Array.getLength(array)).isEqualTo(3);
    assertThat(type.holds(array)).isTrue();
    assertThat(type.holds("no array")).isFalse();
  }

  private static Expr gelu(Expr x) {
    return x.mul(0.5).mul(erf(x.mul(Math.sqrt(0.5))).add(constant(1)));
  }

  private static void same(String what, Object got, Object want) {
    int n = Array.getLength(want);
    for (int i = 0; i < n; i++) {
      // Boxed values compare by bits, all NaNs being one.
      assertThat(Array.get(got, i)).as("%s, element %d", what, i).isEqualTo(Array.get(want, i));
    }
  }

  private static Object values(ElementType type, int n, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    Object array = type.newArray(n);
    double[] special = {
      0.0,
      -0.0,
      1,
      -1,
      2,
      0.5,
      -0.5,
      1.5,
      -1.5,
      2.5,
      Double.NaN,
      Double.POSITIVE_INFINITY,
      Double.NEGATIVE_INFINITY,
      Float.MIN_VALUE,
      -Float.MIN_VALUE,
      Float.MAX_VALUE,
      8388608.5,
      1e6
    };
    for (int i = 0; i < n; i++) {
      boolean odd = random.nextInt(4) == 0;
      double v = odd ? special[random.nextInt(special.length)] : (random.nextDouble() * 2 - 1) * 4;
      switch (array) {
        case float[] f -> f[i] = (float) v;
        case double[] d -> d[i] = v;
        case long[] l -> l[i] = nonZero(odd ? random.nextLong() : random.nextInt(-9, 9), seed);
        case int[] k -> k[i] = (int) nonZero(odd ? random.nextInt() : random.nextInt(-9, 9), seed);
        default -> throw new IllegalStateException();
      }
    }
    return array;
  }

  /// The second operand of a division must not be 0.
  private static long nonZero(long v, int seed) {
    return seed == 2 && (int) v == 0 ? 7 : v;
  }

  private static byte[] truths(int n) {
    byte[] b = new byte[n];
    for (int i = 0; i < n; i++) {
      b[i] = (byte) (i * 7 / 3 & 1);
    }
    return b;
  }

  /// Returns an operand over a permuted, shifted and spread, maybe flipped or broadcast array.
  private static Operand operand(
      ElementType type, int[] dims, SplittableRandom random, boolean input) {
    int rank = dims.length;
    int[] strides = new int[rank];
    boolean plain = random.nextInt(3) == 0;
    int step = plain ? 1 : random.nextInt(1, 3);
    int low = 0;
    int high = 0;
    List<Integer> order = new ArrayList<>();
    for (int d = rank - 1; d >= 0; d--) {
      order.add(plain ? order.size() : random.nextInt(order.size() + 1), d);
    }
    for (int d : order) {
      if (input && !plain && random.nextInt(4) == 0) {
        continue;
      }
      strides[d] = !plain && random.nextInt(5) == 0 ? -step : step;
      if (strides[d] < 0) {
        low += strides[d] * (dims[d] - 1);
      } else {
        high += strides[d] * (dims[d] - 1);
      }
      step *= dims[d];
    }
    int offset = -low + random.nextInt(4);
    int size = offset + high + 1;
    Object array =
        type == ElementType.BOOL ? truths(size) : values(type, size, random.nextInt(20, 99));
    return new Operand(array, offset, strides);
  }

  private static double number(Operand o, int[] index) {
    int at = o.offset();
    for (int d = 0; d < index.length; d++) {
      at += index[d] * o.strides()[d];
    }
    return Array.getDouble(o.array(), at);
  }

  @Test
  void minimumAndMaximumPassNanOn() {
    double nan = Double.NaN;
    assertThat(Interpreter.evaluate(min(X, Y), PARAMS, nan, 1)).isNaN();
    assertThat(Interpreter.evaluate(max(X, Y), PARAMS, 1, nan)).isNaN();
    assertThat(Interpreter.evaluate(max(X, Y), PARAMS, -0.0, 0.0)).isEqualTo((Double) 0.0);
    assertThat(Interpreter.evaluate(min(X, Y), PARAMS, 0.0, -0.0)).isEqualTo((Double) (-0.0));
  }
}
