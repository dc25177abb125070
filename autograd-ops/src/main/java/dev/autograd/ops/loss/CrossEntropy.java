package dev.autograd.ops.loss;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ForwardMode;
import dev.autograd.Function;
import dev.autograd.GradMode;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.norm.Softmax;
import dev.autograd.ops.normalization.LogSoftmax;
import dev.autograd.ops.operand.OnnxFormula;
import dev.autograd.ops.operand.Operands;
import dev.autograd.ops.pointwise.Fusion;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The cross-entropy of classes whose scores are given; never overflows.
///
/// - **Formula** `−Σ q[c] logSoftmax(x)[c]`, `dx = (softmax(x) Σ q − q) g`. For a class t: `q[c] =
///   w[c] ((1 − ε) [c = t] + ε / C)`, the mean divided by `Σ w[t]`, ignored targets in neither. For
///   probabilities t: `q[c] = w[c] ((1 − ε) t[c] + ε / C)`, the mean divided by the number of
///   positions
/// - **Shapes** `x [N, C, *], target [N, *]` of i64 or `[N, C, *]` of probabilities, `w [C] → []`,
///   `[N, *]` without reduction
/// - **DType** f32, f64
/// - **Smooth** everywhere
/// - **ONNX** SoftmaxCrossEntropyLoss (13); decomposed with smoothing or probabilities
/// - **Saves** x, target, w
/// - **Source** Szegedy et al., https://arxiv.org/abs/1512.00567, for ε
///
/// @param reduction what becomes of the single losses
/// @param ignoreIndex a target that does not count
/// @param labelSmoothing ε, in `[0, 1]`
/// @param weighted whether there are class weights, the third operand; they are not differentiated
public record CrossEntropy(
    Reduction reduction, long ignoreIndex, double labelSmoothing, boolean weighted)
    implements Function {
  /// The target that does not count where none is named.
  public static final long IGNORED = -100;

  /// Makes the mean without class weights or smoothing.
  public CrossEntropy() {
    this(Reduction.MEAN, IGNORED, 0, false);
  }

  /// Checks the attributes.
  ///
  /// @throws dev.autograd.AutogradException (`ARGUMENT`) if the smoothing is not in `[0, 1]`
  public CrossEntropy {
    if (!(labelSmoothing >= 0 && labelSmoothing <= 1)) {
      throw Operands.argument(
          "cross_entropy: the label smoothing must lie in [0, 1], got " + labelSmoothing);
    }
  }

  /// Returns the mean over the targets that are not −100; the mean of nothing is NaN.
  ///
  /// @param target classes, or probabilities of the shape of the scores
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes do not fit, (`INDEX`) if a
  ///   target is no class
  public static Tensor crossEntropy(Tensor logits, Tensor target) {
    return crossEntropy(logits, target, null, IGNORED, 0, Reduction.MEAN);
  }

  /// Returns the loss.
  ///
  /// @param target classes, or probabilities of the shape of the scores
  /// @param weight a factor for each class
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes do not fit, (`INDEX`) if a
  ///   target is no class, (`ARGUMENT`) if the smoothing is not in `[0, 1]`
  public static Tensor crossEntropy(
      Tensor logits,
      Tensor target,
      @Nullable Tensor weight,
      long ignoreIndex,
      double labelSmoothing,
      Reduction reduction) {
    if (logits.rank() == 1) {
      Tensor one =
          crossEntropy(
              logits.unsqueeze(0),
              target.unsqueeze(0),
              weight,
              ignoreIndex,
              labelSmoothing,
              reduction);
      return reduction == Reduction.NONE ? one.squeeze(0) : one;
    }
    var loss = new CrossEntropy(reduction, ignoreIndex, labelSmoothing, weight != null);
    Tensor[] floats =
        weight == null
            ? Operands.promoted("cross_entropy", logits)
            : Operands.promoted("cross_entropy", logits, weight);
    Tensor t = target.dtype().isFloating() ? target.to(floats[0].dtype()) : indices(target);
    return weight == null ? loss.apply(floats[0], t) : loss.apply(floats[0], t, floats[1]);
  }

  /// Returns integer targets as `i64`; anything else as it is, to be refused by name.
  static Tensor indices(Tensor target) {
    return target.dtype().isInteger() ? target.to(DType.I64) : target;
  }

  static double[] weights(String op, Tensor weight, int classes) {
    Operands.vector(op, "class weight", weight, classes, "class");
    return weight.toDoubleArray();
  }

  /// Returns the losses reduced; `total` is what the mean divides by.
  static Tensor reduced(
      Reduction reduction, double[] each, Shape shape, DType dtype, double total) {
    Tensor all;
    if (dtype == DType.F64) {
      all = Tensor.of(Storage.of(each, dtype), shape);
    } else {
      float[] single = new float[each.length];
      for (int i = 0; i < single.length; i++) {
        single[i] = (float) each[i];
      }
      all = Tensor.of(Storage.of(single, dtype), shape);
    }
    return switch (reduction) {
      case NONE -> all;
      case SUM -> all.sum();
      case MEAN -> all.sum().div(total);
    };
  }

  /// Returns the gradient of each position beside scores, given the weighted classes of targets.
  static Tensor spread(Reduction reduction, Tensor g, Tensor weighted) {
    return switch (reduction) {
      case NONE -> g.unsqueeze(1);
      case SUM -> g;
      case MEAN -> g.div(weighted.sum());
    };
  }

  private boolean ofClasses(DType target) {
    return target == DType.I64;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Operands.count("cross_entropy", in, weighted ? 3 : 2);
    DType dtype = Operands.floating("cross_entropy", in[0]);
    if (ctx.needs(0) || ctx.needs(1)) {
      ctx.save(in);
    }
    Rows rows = Rows.of(this, in);
    double[] each = new double[rows.count()];
    Shape shape = ClassIndices.withoutClasses("cross_entropy", in[0].shape());
    if (rows.plain() && rows.inner() == 1) {
      plain(in[0].contiguous(), rows, each);
      return reduced(reduction, each, shape, dtype, rows.total());
    }
    Tensor log = LogSoftmax.logSoftmax(in[0], 1);
    Storage values = log.memory();
    for (int i = 0; i < each.length; i++) {
      int at = rows.begin(i);
      if (rows.plain()) {
        int c = rows.target(i);
        each[i] = c < 0 ? 0 : -rows.weight(c) * values.getDouble(at + c * rows.inner());
      } else if (rows.counts(i)) {
        double sum = 0;
        for (int c = 0; c < rows.classes(); c++) {
          double q = rows.q(i, c);
          // A class without share adds nothing, though its logarithm may be infinite.
          sum -= q == 0 ? 0 : q * values.getDouble(at + c * rows.inner());
        }
        each[i] = sum;
      }
    }
    return reduced(reduction, each, shape, dtype, rows.total());
  }

  /// Computes the losses of rows that each have one class, without the logarithms of the others.
  private static void plain(Tensor x, Rows rows, double[] each) {
    int n = rows.classes();
    boolean single = x.dtype() == DType.F32;
    float[] max = new float[single ? each.length : 0];
    float[] log = new float[max.length];
    double[] maxF64 = new double[single ? 0 : each.length];
    double[] logF64 = new double[maxF64.length];
    if (single) {
      Fusion.read(x, true, x.numel(), all -> Softmax.logNormalizers(all, each.length, n, max, log));
    } else {
      Fusion.read(
          x, true, x.numel(), all -> Softmax.logNormalizers(all, each.length, n, maxF64, logF64));
    }
    Storage scores = x.memory();
    int from = x.offset();
    for (int i = 0; i < each.length; i++) {
      int c = rows.target(i);
      if (c < 0) {
        continue;
      }
      double score = scores.getDouble(from + i * n + c);
      double value = single ? (float) score - max[i] - log[i] : score - maxF64[i] - logF64[i];
      each[i] = -rows.weight(c) * value;
    }
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    @Nullable Tensor[] dx = new Tensor[weighted ? 3 : 2];
    Tensor x = ctx.saved(0);
    Tensor t = ctx.saved(1);
    Tensor w = weighted ? ctx.saved(2) : null;
    if (ctx.needs(0)) {
      if (GradMode.isEnabled() || ForwardMode.isDual(g, x, t, w)) {
        dx[0] = composed(g, x, t, w);
      } else {
        var op = new CrossEntropyGrad(this);
        dx[0] = w == null ? op.apply(g, x, t) : op.apply(g, x, t, w);
      }
    }
    if (ctx.needs(1)) {
      Tensor log = x.logSoftmax(1);
      Tensor share = w == null ? log : log.mul(w.reshape(ClassIndices.perClass(x.shape())));
      dx[1] = share.mul(ofPosition(g, x).mul(labelSmoothing - 1));
    }
    return dx;
  }

  /// Returns the gradient of each position of a target of probabilities.
  private Tensor ofPosition(Tensor g, Tensor x) {
    return switch (reduction) {
      case NONE -> g.unsqueeze(1);
      case SUM -> g;
      case MEAN -> g.div((double) ClassIndices.withoutClasses("cross_entropy", x.shape()).numel());
    };
  }

  /// Returns the gradient as operations on x, which can be differentiated in turn.
  private Tensor composed(Tensor g, Tensor x, Tensor t, @Nullable Tensor w) {
    DType dtype = x.dtype();
    Shape shape = x.shape();
    boolean classes = ofClasses(t.dtype());
    Tensor q = classes ? ClassIndices.oneHot(shape, t, ignoreIndex, dtype) : t;
    Tensor perClass = w == null ? null : w.reshape(ClassIndices.perClass(shape));
    Tensor each =
        classes ? spread(reduction, g, perClass == null ? q : q.mul(perClass)) : ofPosition(g, x);
    if (labelSmoothing > 0) {
      double rest = labelSmoothing / x.size(1);
      Tensor even =
          classes
              ? t.ne((double) ignoreIndex).unsqueeze(1).to(dtype).mul(rest)
              : Tensor.scalar(rest, dtype);
      q = q.mul(1 - labelSmoothing).add(even);
    }
    q = perClass == null ? q : q.mul(perClass);
    Tensor p = x.softmax(1);
    return p.mul(q.sum(new int[] {1}, true)).sub(q).mul(each);
  }

  /// Samples are more examples, whose losses are reduced apart; class weights of their own keep
  /// them apart altogether.
  @Override
  public @Nullable Tensor batched(Batch batch, Tensor... in) {
    if (weighted && batch.has(2)) {
      return null;
    }
    Tensor[] all = ClassIndices.examples(batch, 0, in);
    var each = new CrossEntropy(Reduction.NONE, ignoreIndex, labelSmoothing, weighted);
    Tensor losses = batch.unfolded(each.apply(all), 0);
    return reduction == Reduction.MEAN
        ? Reduction.SUM.reduceSamples(losses).div(totals(batch, all))
        : reduction.reduceSamples(losses);
  }

  /// Returns what the mean of each sample divides by.
  ///
  /// @param in scores, target and perhaps class weights, of all samples
  Tensor totals(Batch batch, Tensor... in) {
    Shape x = in[0].shape();
    DType dtype = in[0].dtype();
    if (!ofClasses(in[1].dtype())) {
      int positions = ClassIndices.withoutClasses("cross_entropy", x).numel();
      return Tensor.scalar((double) positions / batch.size(), dtype);
    }
    return ClassIndices.totals(batch, ignoreIndex, x, in[1], weighted ? in[2] : null, dtype);
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    Shape shape = in[0].shape();
    Shape each = ClassIndices.withoutClasses("cross_entropy", shape);
    DType dtype = in[0].dtype();
    boolean classes = ofClasses(in[1].dtype());
    if (classes && labelSmoothing == 0) {
      return graph.node(
          "SoftmaxCrossEntropyLoss",
          Map.of("reduction", reduction.onnxName(), "ignore_index", ignoreIndex),
          dtype,
          reduction == Reduction.NONE ? each : Shape.SCALAR,
          in);
    }
    var f = new OnnxFormula(graph);
    Value log = graph.node("LogSoftmax", Map.of("axis", 1L), dtype, shape, in[0]);
    Value loss =
        f.unary("Neg", f.sum(f.mul(shares(graph, in[0], in[1], weighted ? in[2] : null), log), 1));
    loss = f.reshape(loss, each.dims());
    if (reduction != Reduction.MEAN || !classes) {
      return reduction.onnx(graph, loss);
    }
    Value total = Reduction.SUM.onnx(graph, counted(graph, in[0], in[1], weighted ? in[2] : null));
    return f.div(Reduction.SUM.onnx(graph, loss), total);
  }

  /// Adds nodes for q.
  Value shares(OnnxGraph graph, Value x, Value t, @Nullable Value w) {
    var f = new OnnxFormula(graph);
    DType dtype = x.dtype();
    Shape shape = x.shape();
    boolean classes = ofClasses(t.dtype());
    Value q = classes ? ClassIndices.oneHot(graph, shape, t, ignoreIndex, dtype) : t;
    if (labelSmoothing > 0) {
      Value even = graph.scalar(dtype, labelSmoothing / shape.size(1));
      if (classes) {
        even = f.mul(ClassIndices.valid(graph, shape, t, ignoreIndex, dtype), even);
      }
      q = f.add(f.mul(q, 1 - labelSmoothing), even);
    }
    return w == null ? q : f.mul(q, f.reshape(w, ClassIndices.perClass(shape)));
  }

  /// Adds nodes for what the mean over classes divides by, before it is added up.
  Value counted(OnnxGraph graph, Value x, Value t, @Nullable Value w) {
    var f = new OnnxFormula(graph);
    Value hot = ClassIndices.oneHot(graph, x.shape(), t, ignoreIndex, x.dtype());
    return w == null ? hot : f.mul(hot, f.reshape(w, ClassIndices.perClass(x.shape())));
  }

  @Override
  public void samples(Samples s) {
    boolean[] first = {true, false, false};
    boolean[] both = {true, true, false};
    for (Reduction r : Reduction.values()) {
      s.add(new CrossEntropy(r, IGNORED, 0, false), s.randn(3, 4), s.indices(4, 3));
      s.add(
          new CrossEntropy(r, 1, 0.1, true),
          first,
          s.randn(5, 3),
          s.indices(3, 5),
          s.uniform(0.5, 2, 3));
      s.add(
          new CrossEntropy(r, IGNORED, 0.1, true),
          both,
          s.randn(2, 3),
          s.uniform(0.1, 0.9, 2, 3),
          s.uniform(0.5, 2, 3));
    }
    s.add(this, s.randn(2, 3, 4), s.indices(3, 2, 4));
    s.add(this, s.randn(2, 2, 4, 3).permute(0, 3, 1, 2), s.indices(3, 2, 2, 4));
    s.add(this, s.randn(2, 3, 2), s.uniform(0, 1, 2, 3, 2));
    s.add(
        new CrossEntropy(Reduction.SUM, IGNORED, 0, true),
        first,
        s.randn(4, 3),
        s.indices(3, 4),
        s.uniform(0.5, 2, 3));
    s.add(new CrossEntropy(Reduction.SUM, IGNORED, 0, false), s.randn(0, 3), s.indices(3, 0));
    s.reject(this, "without their classes", s.randn(3, 4), s.indices(4, 2));
    s.reject(this, "a target must lie in", s.randn(1, 2), Tensor.of(new long[] {2}));
    s.reject(this, "takes scores", s.randn(3), s.indices(2, 3));
  }
}
