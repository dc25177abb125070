package dev.autograd.ops.loss;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.Operands;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The negative of the logarithmic probability of a class.
///
/// - **Formula** `−w[t] x[t]`, the mean divided by `Σ w[t]`; `dx[t] = −w[t] g`; ignored targets
///   count in neither
/// - **Shapes** `x [N, C, *], target [N, *], w [C] → []`, `[N, *]` without reduction
/// - **DType** f32, f64; target i64
/// - **Smooth** everywhere
/// - **ONNX** NegativeLogLikelihoodLoss (13)
/// - **Saves** target, w
///
/// @param reduction what becomes of the single losses
/// @param ignoreIndex a target that does not count
/// @param weighted whether there are class weights, the third operand; they are not differentiated
public record NllLoss(Reduction reduction, long ignoreIndex, boolean weighted) implements Function {

  /// Makes the mean without class weights.
  public NllLoss() {
    this(Reduction.MEAN, CrossEntropy.IGNORED, false);
  }

  /// Returns the mean over the targets that are not −100.
  public static Tensor nllLoss(Tensor logProbabilities, Tensor target) {
    return nllLoss(logProbabilities, target, null, CrossEntropy.IGNORED, Reduction.MEAN);
  }

  /// Returns the loss; the mean of nothing is NaN.
  ///
  /// @param weight a factor for each class
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the shapes do not fit, (`INDEX`) if a
  ///   target is no class
  public static Tensor nllLoss(
      Tensor logProbabilities,
      Tensor target,
      @Nullable Tensor weight,
      long ignoreIndex,
      Reduction reduction) {
    if (logProbabilities.rank() == 1) {
      Tensor one =
          nllLoss(logProbabilities.unsqueeze(0), target.reshape(1), weight, ignoreIndex, reduction);
      return reduction == Reduction.NONE ? one.squeeze(0) : one;
    }
    var loss = new NllLoss(reduction, ignoreIndex, weight != null);
    Tensor index = CrossEntropy.indices(target);
    if (weight == null) {
      return loss.apply(Operands.promoted("nll_loss", logProbabilities)[0], index);
    }
    Tensor[] in = Operands.promoted("nll_loss", logProbabilities, weight);
    return loss.apply(in[0], index, in[1]);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Operands.count("nll_loss", in, weighted ? 3 : 2);
    DType dtype = Operands.floating("nll_loss", in[0]);
    Shape shape = in[0].shape();
    ClassIndices t = ClassIndices.of("nll_loss", shape, in[1], ignoreIndex);
    double @Nullable [] w = weighted ? CrossEntropy.weights("nll_loss", in[2], t.classes()) : null;
    Tensor x = in[0].contiguous();
    Storage values = x.memory();
    double[] each = new double[t.index().length];
    double total = 0;
    for (int i = 0; i < each.length; i++) {
      long c = t.index()[i];
      if (c != ignoreIndex) {
        int at = x.offset() + (i / t.inner() * t.classes() + (int) c) * t.inner() + i % t.inner();
        double weight = w == null ? 1 : w[(int) c];
        each[i] = -weight * values.getDouble(at);
        total += weight;
      }
    }
    if (ctx.needs(0)) {
      ctx.save(weighted ? new Tensor[] {in[1], in[2]} : new Tensor[] {in[1]});
    }
    return CrossEntropy.reduced(reduction, each, in[1].shape(), dtype, total);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    @Nullable Tensor[] dx = new Tensor[weighted ? 3 : 2];
    Shape x = ctx.inputShape(0);
    Tensor hot = ClassIndices.oneHot(x, ctx.saved(0), ignoreIndex, ctx.inputType(0));
    if (weighted) {
      hot = hot.mul(ctx.saved(1).reshape(ClassIndices.perClass(x)));
    }
    dx[0] = hot.mul(CrossEntropy.spread(reduction, g, hot).neg());
    return dx;
  }

  /// Samples are more examples, whose losses are reduced apart; class weights of their own keep
  /// them apart altogether.
  @Override
  public @Nullable Tensor batched(Batch batch, Tensor... in) {
    if (weighted && batch.has(2)) {
      return null;
    }
    Tensor[] all = ClassIndices.examples(batch, 0, in);
    Tensor losses =
        batch.unfolded(new NllLoss(Reduction.NONE, ignoreIndex, weighted).apply(all), 0);
    if (reduction != Reduction.MEAN) {
      return reduction.reduceSamples(losses);
    }
    Tensor totals =
        ClassIndices.totals(
            batch, ignoreIndex, all[0].shape(), all[1], weighted ? all[2] : null, all[0].dtype());
    return Reduction.SUM.reduceSamples(losses).div(totals);
  }

  @Override
  public Value onnx(OnnxGraph graph, Value... in) {
    return graph.node(
        "NegativeLogLikelihoodLoss",
        Map.of("reduction", reduction.onnxName(), "ignore_index", ignoreIndex),
        in[0].dtype(),
        reduction == Reduction.NONE ? in[1].shape() : Shape.SCALAR,
        in);
  }

  @Override
  public void samples(Samples s) {
    boolean[] first = {true, false, false};
    for (Reduction r : Reduction.values()) {
      s.add(new NllLoss(r, -100, false), s.randn(3, 4), s.indices(4, 3));
      s.add(
          new NllLoss(r, -100, true), first, s.randn(3, 4), s.indices(4, 3), s.uniform(0.5, 2, 4));
    }
    s.add(this, s.randn(2, 3, 4), s.indices(3, 2, 4));
    s.add(this, s.randn(2, 4, 3).transpose(1, 2), s.indices(3, 2, 4));
    s.add(new NllLoss(Reduction.SUM, 1, false), s.randn(4, 3), s.indices(3, 4));
    s.reject(this, "without their classes", s.randn(3, 4), s.indices(4, 2));
    s.reject(this, "a target must lie in", s.randn(1, 2), Tensor.of(new long[] {2}));
  }
}
