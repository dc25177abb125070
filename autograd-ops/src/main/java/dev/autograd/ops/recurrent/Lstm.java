package dev.autograd.ops.recurrent;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ForwardMode;
import dev.autograd.GradMode;
import dev.autograd.MultiFunction;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.linalg.Scratch;
import dev.autograd.kernel.recurrent.LstmShape;
import dev.autograd.ops.memory.TensorCopy;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// A long short-term memory over a whole sequence: one layer, one direction.
///
/// - **Formula** `i, f, o = σ(x Wᵀ + b + h Rᵀ + d)`, `g = tanh(…)`, `c' = f c + i g`, `h' = o
///   tanh(c')`, step by step; the rows of W, R, b and d belong to i, f, g and o in turn
/// - **Shapes** `x [T, N, I], h [N, H], c [N, H], W [4H, I], R [4H, H], b [4H], d [4H] → y [T, N,
///   H], h [N, H], c [N, H]`; the biases may both be left out
/// - **DType** f32, f64
/// - **Smooth** everywhere
/// - **ONNX** LSTM (7), whose gates stand in the order i, o, f, g
/// - **Saves** its operands, y, the gates and all c
/// - **Source** Hochreiter and Schmidhuber, https://doi.org/10.1162/neco.1997.9.8.1735
///
/// @param reverse whether the sequence runs from its last element to its first; y stays in the
///   order of x
/// @param bias whether there are two biases
public record Lstm(boolean reverse, boolean bias) implements MultiFunction {
  static final int GATES = 4;

  /// What an LSTM returns.
  ///
  /// @param y the states of all steps, `[T, N, H]`
  /// @param h the state after the last step, `[N, H]`
  /// @param c the cell after the last step, `[N, H]`
  public record Result(Tensor y, Tensor h, Tensor c) {}

  /// Makes the forward direction with biases.
  public Lstm() {
    this(false, true);
  }

  /// Returns the states for a sequence and what comes out after its last step.
  ///
  /// @param biasIh, biasHh both or neither
  /// @param reverse whether to run from the last element to the first
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the sizes do not fit or there is no step,
  ///   (`ARGUMENT`) if there is one bias
  public static Result lstm(
      Tensor x,
      Tensor h,
      Tensor c,
      Tensor weightIh,
      Tensor weightHh,
      @Nullable Tensor biasIh,
      @Nullable Tensor biasHh,
      boolean reverse) {
    Tensor[] operands;
    if (biasIh != null && biasHh != null) {
      operands = Operands.promoted("lstm", x, h, c, weightIh, weightHh, biasIh, biasHh);
    } else if (biasIh == null && biasHh == null) {
      operands = Operands.promoted("lstm", x, h, c, weightIh, weightHh);
    } else {
      throw Operands.argument("lstm: takes two biases or none, got one. Give zeros for the other");
    }
    Tensor[] y = new Lstm(reverse, biasIh != null).apply(operands);
    return new Result(y[0], y[1], y[2]);
  }

  @Override
  public Tensor[] forward(Context ctx, Tensor... in) {
    Operands.count("lstm", in, bias ? 7 : 5);
    DType dtype = Operands.floating("lstm", in);
    LstmShape s = sizes(in[0].shape(), in[1].shape());
    check(s, in);
    Shape states = Shape.of(s.steps(), s.batch(), s.size());
    boolean recorded = false;
    for (int i = 0; i < in.length; i++) {
      recorded |= ctx.needs(i);
    }
    Tensor y = Tensor.empty(states, dtype);
    Tensor c = Tensor.empty(states, dtype);
    Tensor gates = null;
    Tensor sum =
        bias ? in[5].add(in[6]).contiguous() : Tensor.zeros(Shape.of(GATES * s.size()), dtype);
    if (recorded) {
      gates = Tensor.empty(Shape.of(s.steps(), s.batch(), GATES * s.size()), dtype);
    }
    if (dtype == DType.F32) {
      floats(s, sum, gates, c, y, in);
    } else {
      doubles(s, sum, gates, c, y, in);
    }
    if (gates != null) {
      Tensor[] saved = new Tensor[in.length + 3];
      System.arraycopy(in, 0, saved, 0, in.length);
      saved[in.length] = y;
      // Constants for the fused backward only; the other one works them out from the operands.
      saved[in.length + 1] = gates.detach();
      saved[in.length + 2] = c.detach();
      ctx.save(saved);
    }
    int last = reverse ? 0 : s.steps() - 1;
    return new Tensor[] {y, step(y, last), step(c, last)};
  }

  private static Tensor step(Tensor states, int t) {
    return TensorCopy.contiguous(
        states.alias(
            Shape.of(states.size(1), states.size(2)),
            new int[] {states.size(2), 1},
            t * states.size(1) * states.size(2)));
  }

  private LstmShape sizes(Shape x, Shape h) {
    if (x.rank() != 3 || x.size(0) == 0) {
      throw Operands.shape("lstm: x must be [T, N, I] with at least one step, got " + x);
    }
    if (h.rank() != 2) {
      throw Operands.shape("lstm: h must be [N, H], got " + h);
    }
    return new LstmShape(x.size(0), x.size(1), x.size(2), h.size(1), reverse);
  }

  private static void check(LstmShape s, Tensor... in) {
    int wide = GATES * s.size();
    require("h", in[1], Shape.of(s.batch(), s.size()), in[0]);
    require("c", in[2], Shape.of(s.batch(), s.size()), in[0]);
    require("the weight of x", in[3], Shape.of(wide, s.in()), in[0]);
    require("the weight of h", in[4], Shape.of(wide, s.size()), in[0]);
    for (int i = 5; i < in.length; i++) {
      require(i == 5 ? "the bias of x" : "the bias of h", in[i], Shape.of(wide), in[0]);
    }
  }

  private static void require(String what, Tensor t, Shape shape, Tensor x) {
    if (!t.shape().equals(shape)) {
      throw Operands.shape(
          "lstm: " + what + " must be " + shape + " for x " + x.shape() + ", got " + t.shape());
    }
  }

  private static void floats(
      LstmShape s, Tensor bias, @Nullable Tensor gates, Tensor c, Tensor y, Tensor... in) {
    Tensor x = in[0].contiguous();
    Tensor h0 = in[1].contiguous();
    Tensor c0 = in[2].contiguous();
    Tensor w = in[3].contiguous();
    Tensor r = in[4].contiguous();
    float[] to = gates == null ? Scratch.floats(y.numel() * GATES) : gates.memory().floats();
    dev.autograd.kernel.recurrent.Lstm.forward(
        s,
        x.memory().floats(),
        x.offset(),
        h0.memory().floats(),
        h0.offset(),
        c0.memory().floats(),
        c0.offset(),
        w.memory().floats(),
        w.offset(),
        r.memory().floats(),
        r.offset(),
        bias.memory().floats(),
        to,
        c.memory().floats(),
        y.memory().floats());
    if (gates == null) {
      Scratch.release(to);
    }
  }

  private static void doubles(
      LstmShape s, Tensor bias, @Nullable Tensor gates, Tensor c, Tensor y, Tensor... in) {
    Tensor x = in[0].contiguous();
    Tensor h0 = in[1].contiguous();
    Tensor c0 = in[2].contiguous();
    Tensor w = in[3].contiguous();
    Tensor r = in[4].contiguous();
    double[] to = gates == null ? Scratch.doubles(y.numel() * GATES) : gates.memory().doubles();
    dev.autograd.kernel.recurrent.Lstm.forward(
        s,
        x.memory().doubles(),
        x.offset(),
        h0.memory().doubles(),
        h0.offset(),
        c0.memory().doubles(),
        c0.offset(),
        w.memory().doubles(),
        w.offset(),
        r.memory().doubles(),
        r.offset(),
        bias.memory().doubles(),
        to,
        c.memory().doubles(),
        y.memory().doubles());
    if (gates == null) {
      Scratch.release(to);
    }
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
    int inputs = bias ? 7 : 5;
    Tensor[] in = new Tensor[inputs];
    for (int i = 0; i < inputs; i++) {
      in[i] = ctx.saved(i);
    }
    @Nullable Tensor[] dual = new Tensor[inputs + 3];
    System.arraycopy(in, 0, dual, 0, inputs);
    System.arraycopy(g, 0, dual, inputs, 3);
    Tensor y = ctx.saved(inputs);
    if (GradMode.isEnabled() || ForwardMode.isDual(dual)) {
      return LstmEquations.of(this, y, in).gradients(ctx, g);
    }
    boolean needsBias = bias && (ctx.needs(5) || ctx.needs(6));
    var op = new LstmGrad(reverse, ctx.needs(0), ctx.needs(3), ctx.needs(4), needsBias);
    Tensor[] found =
        op.apply(
            LstmEquations.given(g[0], y.shape(), y.dtype()),
            LstmEquations.given(g[1], in[1].shape(), y.dtype()),
            LstmEquations.given(g[2], in[1].shape(), y.dtype()),
            in[0],
            in[1],
            in[2],
            in[3],
            in[4],
            y,
            ctx.saved(inputs + 1),
            ctx.saved(inputs + 2));
    @Nullable Tensor[] dx = new Tensor[inputs];
    dx[1] = found[0];
    dx[2] = found[1];
    int at = 2;
    for (int i : new int[] {0, 3, 4}) {
      if (ctx.needs(i)) {
        dx[i] = found[at++];
      }
    }
    if (needsBias) {
      dx[5] = found[at];
      dx[6] = found[at];
    }
    return dx;
  }

  @Override
  public Tensor @Nullable [] batched(Batch batch, Tensor... in) {
    for (int i = 3; i < in.length; i++) {
      if (batch.has(i)) {
        return null; // each sample has weights of its own
      }
    }
    Tensor[] all = batch.repeated(in);
    Tensor[] folded = in.clone();
    folded[0] = Batch.folded(all[0], 1);
    folded[1] = Batch.folded(all[1], 0);
    folded[2] = Batch.folded(all[2], 0);
    Tensor[] y = apply(folded);
    return new Tensor[] {batch.unfolded(y[0], 1), batch.unfolded(y[1], 0), batch.unfolded(y[2], 0)};
  }

  @Override
  public Value[] onnx(OnnxGraph graph, Value... in) {
    return new LstmOnnx(graph).form(this, in);
  }

  @Override
  public void samples(Samples s) {
    add(s, this, 3, 2, 2, 2);
    add(s, this, 1, 1, 3, 1);
    // No empty batch: ONNX Runtime, which runs the samples too, ends its process over one.
    add(s, new Lstm(true, true), 3, 2, 1, 2);
    add(s, new Lstm(false, false), 2, 2, 2, 1);
    add(s, new Lstm(true, false), 2, 1, 1, 2);
    s.add(
        new Lstm(true, false),
        s.randn(2, 3, 2).transpose(0, 1),
        s.randn(1, 2).transpose(0, 1),
        s.randn(1, 2).transpose(0, 1),
        s.randn(2, 4).transpose(0, 1),
        s.randn(1, 4).transpose(0, 1));
    var plain = new Lstm(false, false);
    s.reject(
        plain,
        "at least one step",
        s.randn(0, 2, 3),
        s.randn(2, 1),
        s.randn(2, 1),
        s.randn(4, 3),
        s.randn(4, 1));
    s.reject(
        plain,
        "h must be [2, 1]",
        s.randn(3, 2, 3),
        s.randn(3, 1),
        s.randn(2, 1),
        s.randn(4, 3),
        s.randn(4, 1));
    s.reject(
        plain,
        "weight of x must be [4, 3]",
        s.randn(3, 2, 3),
        s.randn(2, 1),
        s.randn(2, 1),
        s.randn(3, 4),
        s.randn(4, 1));
  }

  private static void add(Samples s, Lstm op, int t, int n, int in, int h) {
    Tensor x = s.randn(t, n, in);
    Tensor h0 = s.randn(n, h);
    Tensor c0 = s.randn(n, h);
    Tensor w = s.randn(GATES * h, in);
    Tensor r = s.randn(GATES * h, h);
    if (op.bias) {
      s.add(op, x, h0, c0, w, r, s.randn(GATES * h), s.randn(GATES * h));
    } else {
      s.add(op, x, h0, c0, w, r);
    }
  }
}
