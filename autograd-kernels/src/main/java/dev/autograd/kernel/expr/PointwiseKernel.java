package dev.autograd.kernel.expr;

import dev.autograd.kernel.ElementType;
import dev.autograd.kernel.Simd;
import dev.autograd.kernel.parallel.Workers;
import java.util.Arrays;
import java.util.BitSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// A compiled list of formulas that share their inputs: one pass over the arrays computes them all.
///
/// Whether elements are interpreted, run through the scalar or through the vector loop, on one
/// thread or on several, changes no bit of the result (the sign and payload of NaNs apart). An
/// output may be the very same array, offset and strides as an input; any other overlap of an
/// output with an operand is the caller's mistake.
///
/// Note [Which loop]: A vector loop that the JIT compiler has not reached yet is many times slower
/// than the scalar one, and would stay so where inlining fails. So a kernel starts with the
/// interpreter, goes on to the scalar loop, gives the vector loop small samples to warm up on, and
/// changes over when a sample was the faster one per element. Only time depends on this.
public final class PointwiseKernel {

  private static final int CACHE_SIZE = 2048;
  private static final int GRAIN = 32 * 1024;

  /// Elements that are interpreted before a loop is compiled.
  private static final int COLD = 128;

  /// How many elements share one sample, how many vectors it takes, and how many samples count.
  private static final int PIECE = 4096;

  private static final int SAMPLE = 16;
  private static final int SAMPLES = 64;

  /// More than this is loading and compiling the Vector API itself, once for all kernels.
  private static final long SAMPLE_NANOS = 500_000;

  /// By then the JIT compiler has seen more of the vector loop than it waits for: from here on only
  /// one run in 16 takes samples, for loops that it throws away and compiles anew.
  private static final int MANY_SAMPLES = 4096;

  private static final int RESTING_RUNS = 15;

  private record Key(ElementType type, List<Expr> outputs) {}

  private static final Map<Key, PointwiseKernel> CACHE =
      new LinkedHashMap<>(64, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, PointwiseKernel> eldest) {
          return size() > CACHE_SIZE;
        }
      };

  private final Program program;
  private final BitSet logicalInputs;
  private final BitSet logicalOutputs;
  private final boolean truths;
  private final int lanes;

  private final Interpreter interpreter;

  /// The interpreter at first. A race only compiles twice: a loop has no fields, so that it needs
  /// no safe publication.
  private Loop loop;

  private int seen;

  // See Note [Which loop]. Races between threads only delay the change.
  private boolean vectorIsFaster;
  private int samples;
  private int runs;
  private long scalarNanos;
  private long vectorNanos;
  private double scalarRate = Double.POSITIVE_INFINITY;
  private double vectorRate = Double.POSITIVE_INFINITY;

  PointwiseKernel(Program program, int bits) {
    this.program = program;
    logicalInputs = program.logicalInputs();
    logicalOutputs = program.logicalOutputs();
    truths = !logicalInputs.isEmpty() || !logicalOutputs.isEmpty();
    lanes = program.type().floating() ? bits / (8 * program.type().bytes()) : 0;
    interpreter = new Interpreter(program);
    loop = interpreter;
  }

  /// Returns the kernel of these formulas, the same one for the same formulas.
  ///
  /// @param type the compute type: F32, F64, I64 or I32
  /// @throws IllegalArgumentException if a formula has no meaning for the type, or uses an input
  ///   both as a number and as a condition
  public static PointwiseKernel of(ElementType type, List<Expr> outputs) {
    Key key = new Key(type, List.copyOf(outputs));
    synchronized (CACHE) {
      PointwiseKernel known = CACHE.get(key);
      if (known == null) {
        known = new PointwiseKernel(Program.of(type, key.outputs), Simd.bits());
        CACHE.put(key, known);
      }
      return known;
    }
  }

  /// Returns the kernel of these formulas, the same one for the same formulas.
  public static PointwiseKernel of(ElementType type, Expr... outputs) {
    return of(type, Arrays.asList(outputs));
  }

  /// How many kernels there are.
  ///
  /// @param kernels known
  /// @param compiled those with a loop of their own; the others are interpreted
  /// @param vector those whose vector loop has proved faster
  public record Census(int kernels, int compiled, int vector) {}

  /// Counts the kernels that are known now; the least recently used are forgotten.
  public static Census census() {
    synchronized (CACHE) {
      int compiled = 0;
      int vector = 0;
      for (PointwiseKernel kernel : CACHE.values()) {
        compiled += kernel.loop == kernel.interpreter ? 0 : 1;
        vector += kernel.vectorIsFaster ? 1 : 0;
      }
      return new Census(CACHE.size(), compiled, vector);
    }
  }

  /// Returns the compute type.
  public ElementType type() {
    return program.type();
  }

  /// Returns the formulas.
  public List<Expr> outputs() {
    return program.outputs();
  }

  /// Returns how many input arrays a run takes at least.
  public int inputs() {
    return program.inputs();
  }

  /// Returns how many parameters a run takes at least.
  public int params() {
    return program.params();
  }

  /// Returns the element type of input `k`: BOOL where it is a condition, else the compute type.
  public ElementType inputType(int k) {
    return logicalInputs.get(k) ? ElementType.BOOL : type();
  }

  /// Returns the element type of output `k`: BOOL for a truth value, else the compute type.
  public ElementType outputType(int k) {
    return logicalOutputs.get(k) ? ElementType.BOOL : type();
  }

  /// Returns whether the vector loop has proved the faster one and is in use.
  public boolean vectorized() {
    return vectorIsFaster;
  }

  /// Computes `n` contiguous elements.
  ///
  /// Every array is of the operand's own type ([#inputType], [#outputType]).
  ///
  /// @param n how many elements
  /// @param params the parameters
  /// @param outs one array per formula
  /// @param outOffsets where each output begins
  /// @param ins the input arrays
  /// @param inOffsets where each input begins
  public void runContiguous(
      int n, double[] params, Object[] outs, int[] outOffsets, Object[] ins, int[] inOffsets) {
    if (n > GRAIN) {
      Workers.forRange(
          n, GRAIN, (from, to) -> chunk(from, to, params, outs, outOffsets, ins, inOffsets));
    } else if (n > 0) {
      chunk(0, n, params, outs, outOffsets, ins, inOffsets);
    }
  }

  /// Computes the elements of a shape, with any strides.
  ///
  /// An operand whose array is not of its own type is converted as by a Java cast (a byte counts as
  /// unsigned), so that a run over other arrays is also a cast.
  ///
  /// @param dims the shape; empty for one element
  /// @param params the parameters
  /// @param outs one operand per formula; no two elements of an output may be the same
  /// @param ins the inputs; a stride of 0 repeats
  public void run(int[] dims, double[] params, Operand[] outs, Operand[] ins) {
    int n = 1;
    for (int d : dims) {
      n = Math.multiplyExact(n, d);
    }
    if (n == 0) {
      return;
    }
    boolean contiguous = true;
    for (int k = 0; k < outs.length && contiguous; k++) {
      contiguous = contiguous(dims, outs[k].strides()) && outputType(k).holds(outs[k].array());
    }
    for (int k = 0; k < ins.length && contiguous; k++) {
      contiguous = contiguous(dims, ins[k].strides()) && inputType(k).holds(ins[k].array());
    }
    if (contiguous) {
      runContiguous(n, params, outs, ins);
      return;
    }
    Layout layout = Layout.of(dims, outs, ins);
    if (layout.dims().length == 1 && plain(n, layout, outs, ins)) {
      runContiguous(n, params, outs, ins);
      return;
    }
    BlockRun run = new BlockRun(this, layout, params, outs, ins);
    Workers.forRange(n, GRAIN, run::range);
  }

  /// A run that is computed a stretch at a time, by one thread.
  @FunctionalInterface
  public interface Stretches {
    /// Computes the elements `[from, to)`, counted in row-major order.
    ///
    /// @param shift by how much nearer the beginnings of the outputs they go
    void compute(int from, int to, int shift);
  }

  /// Returns a run over a shape that is computed a stretch at a time. Several may write different
  /// stretches of the same outputs at once.
  ///
  /// @param dims the shape; not of zero elements
  /// @param outs one contiguous array per formula, of its own type
  /// @param ins the inputs, as [#run] takes them
  /// @param longest about how many elements a stretch has
  public Stretches stretches(
      int[] dims, double[] params, Object[] outs, Operand[] ins, int longest) {
    // The vector loop wants truth values widened, which is what a block run does.
    boolean contiguous = !truths;
    for (int k = 0; k < ins.length && contiguous; k++) {
      contiguous = contiguous(dims, ins[k].strides()) && inputType(k).holds(ins[k].array());
    }
    if (contiguous) {
      Object[] inArrays = new Object[ins.length];
      int[] inOffsets = new int[ins.length];
      for (int k = 0; k < ins.length; k++) {
        inArrays[k] = ins[k].array();
        inOffsets[k] = ins[k].offset();
      }
      int[] outOffsets = new int[outs.length];
      return (from, to, shift) -> {
        Arrays.fill(outOffsets, -shift);
        chunk(from, to, params, outs, outOffsets, inArrays, inOffsets);
      };
    }
    int[] strides = new int[dims.length];
    int step = 1;
    for (int d = dims.length - 1; d >= 0; d--) {
      strides[d] = step;
      step *= dims[d];
    }
    Operand[] all = new Operand[outs.length];
    for (int k = 0; k < all.length; k++) {
      all[k] = new Operand(outs[k], 0, strides);
    }
    var run = new BlockRun(this, Layout.of(dims, all, ins), params, all, ins);
    return run.pass(longest)::range;
  }

  private void runContiguous(int n, double[] params, Operand[] outs, Operand[] ins) {
    Object[] outArrays = new Object[outs.length];
    int[] outOffsets = new int[outs.length];
    for (int k = 0; k < outs.length; k++) {
      outArrays[k] = outs[k].array();
      outOffsets[k] = outs[k].offset();
    }
    Object[] inArrays = new Object[ins.length];
    int[] inOffsets = new int[ins.length];
    for (int k = 0; k < ins.length; k++) {
      inArrays[k] = ins[k].array();
      inOffsets[k] = ins[k].offset();
    }
    runContiguous(n, params, outArrays, outOffsets, inArrays, inOffsets);
  }

  private static boolean contiguous(int[] dims, int[] strides) {
    int expected = 1;
    for (int d = dims.length - 1; d >= 0; d--) {
      if (dims[d] != 1 && strides[d] != expected) {
        return false;
      }
      expected *= dims[d];
    }
    return true;
  }

  private boolean plain(int n, Layout layout, Operand[] outs, Operand[] ins) {
    for (int k = 0; k < outs.length; k++) {
      if ((n > 1 && layout.innerStride(k) != 1) || !outputType(k).holds(outs[k].array())) {
        return false;
      }
    }
    for (int k = 0; k < ins.length; k++) {
      if ((n > 1 && layout.innerStride(outs.length + k) != 1)
          || !inputType(k).holds(ins[k].array())) {
        return false;
      }
    }
    return true;
  }

  private void chunk(
      int from,
      int to,
      double[] params,
      Object[] outs,
      int[] outOffsets,
      Object[] ins,
      int[] inOffsets) {
    int n = to - from;
    Loop l = loop(n);
    if (lanes == 0 || n < 2 * lanes || l == interpreter || rests()) {
      l.scalar(from, to, params, outs, outOffsets, ins, inOffsets);
    } else if (truths) {
      // The vector loop wants truth values widened, which is what a block run does.
      int[][] strides = new int[outs.length + ins.length][];
      int[] one = {1};
      Arrays.fill(strides, one);
      Operand[] o = new Operand[outs.length];
      for (int k = 0; k < o.length; k++) {
        o[k] = new Operand(outs[k], outOffsets[k], one);
      }
      Operand[] i = new Operand[ins.length];
      for (int k = 0; k < i.length; k++) {
        i[k] = new Operand(ins[k], inOffsets[k], one);
      }
      new BlockRun(this, new Layout(new int[] {to}, strides), params, o, i).range(from, to);
    } else {
      vectors(l, from, to, params, outs, outOffsets, ins, inOffsets);
    }
  }

  /// Computes `n` elements of arrays that are all of the compute type.
  void wide(
      int n, double[] params, Object[] outs, int[] outOffsets, Object[] ins, int[] inOffsets) {
    Loop l = loop(n);
    if (lanes == 0 || n < 2 * lanes || l == interpreter || rests()) {
      l.wide(0, n, params, outs, outOffsets, ins, inOffsets);
    } else {
      vectors(l, 0, n, params, outs, outOffsets, ins, inOffsets);
    }
  }

  /// Returns whether a run goes to the scalar loop without a sample of the vector loop.
  private boolean rests() {
    return samples > MANY_SAMPLES && !vectorIsFaster && (++runs & RESTING_RUNS) != 0;
  }

  private void vectors(
      Loop l,
      int from,
      int to,
      double[] params,
      Object[] outs,
      int[] outOffsets,
      Object[] ins,
      int[] inOffsets) {
    if (!vectorIsFaster) {
      sample(l, from, to, params, outs, outOffsets, ins, inOffsets);
      return;
    }
    int done = l.vector(from, to, params, outs, outOffsets, ins, inOffsets);
    if (done < to) {
      l.wide(done, to, params, outs, outOffsets, ins, inOffsets);
    }
  }

  private void sample(
      Loop l,
      int from,
      int to,
      double[] params,
      Object[] outs,
      int[] outOffsets,
      Object[] ins,
      int[] inOffsets) {
    for (int at = from; at < to; ) {
      int end = Math.min(to, at + PIECE);
      int middle = at;
      // Warming up may cost as much time again as the work itself, not more.
      if (vectorNanos <= scalarNanos) {
        int wanted = Math.min(end, at + SAMPLE * lanes);
        long start = System.nanoTime();
        middle = l.vector(at, wanted, params, outs, outOffsets, ins, inOffsets);
        long spent = System.nanoTime() - start;
        vectorNanos += Math.min(spent, SAMPLE_NANOS);
        vectorRate = (double) spent / Math.max(1, middle - at);
        samples++;
      }
      long start = System.nanoTime();
      l.wide(middle, end, params, outs, outOffsets, ins, inOffsets);
      long spent = System.nanoTime() - start;
      scalarNanos += spent;
      if (end - middle >= lanes) {
        scalarRate = Math.min(scalarRate, (double) spent / (end - middle));
      }
      if (samples > SAMPLES && vectorRate < scalarRate) {
        vectorIsFaster = true;
      }
      at = end;
    }
  }

  /// Returns what the samples have shown so far, for people.
  @Override
  public String toString() {
    return "PointwiseKernel"
        + program.outputs()
        + " "
        + type()
        + (vectorIsFaster ? ", vector loop" : ", scalar loop")
        + " after "
        + samples
        + " samples: "
        + vectorRate
        + " ns per element in vectors, "
        + scalarRate
        + " one by one";
  }

  private Loop loop(int n) {
    Loop l = loop;
    if (l == interpreter) {
      seen += n;
      if (seen > COLD) {
        l = LoopCompiler.compile(program, lanes * 8 * program.type().bytes());
        loop = l;
      }
    }
    return l;
  }
}
