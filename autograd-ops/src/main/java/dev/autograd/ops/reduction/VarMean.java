package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.MultiFunction;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Expand;
import dev.autograd.ops.shape.Ints;
import dev.autograd.ops.shape.Reshape;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// The variance and the mean over dimensions, in one go.
///
/// - **Formula** `v = Σ (x − m)² / (n − correction)`, `m = Σ x / n`; `dx = 2 g_v (x − m) / (n −
///   correction) + g_m / n`
/// - **Shapes** `x: [.., n, ..] → v, m: [.., ..]`, or `[.., 1, ..]`
/// - **DType** f32, f64
/// - **Smooth** everywhere
/// - **ONNX** ReduceMean + ReduceSum
/// - **Source** [Var]
///
/// @param dims the dimensions; none means all
/// @param correction what is taken off the number of elements: 1 for the unbiased form
/// @param keepDim whether the dimensions stay, with size 1
public record VarMean(Ints dims, int correction, boolean keepDim) implements MultiFunction {

  /// Makes the prototype: unbiased, of everything.
  public VarMean() {
    this(Ints.NONE, 1, false);
  }

  /// A variance and the mean it is about.
  ///
  /// @param variance the mean square distance from the mean, corrected
  /// @param mean the average
  public record VarianceAndMean(Tensor variance, Tensor mean) {}

  /// Returns the variance and the mean of `x` over `dims`, or over all dimensions if none are
  /// given.
  ///
  /// @throws AutogradException (`DTYPE`) if `x` is not floating, (`INDEX`, `ARGUMENT`) as [Sum#sum]
  public static VarianceAndMean varMean(Tensor x, int[] dims, int correction, boolean keepDim) {
    Tensor[] y = new VarMean(Ints.of(dims), correction, keepDim).apply(x);
    return new VarianceAndMean(y[0], y[1]);
  }

  @Override
  public Tensor[] forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    if (ctx.needs(0)) {
      ctx.save(x);
      ctx.materializeGrads(false);
    }
    boolean[] gone = gone(x.shape());
    Moments m = Moments.of("var_mean", x, gone, correction);
    Shape left = Dims.left(x.shape(), gone, keepDim);
    return new Tensor[] {Tensor.of(m.variance(), left), Tensor.of(m.mean(), left)};
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
    Tensor ofVariance = g[0];
    Tensor ofMean = g[1];
    Shape from = ctx.inputShape(0);
    boolean[] gone = gone(from);
    int[] kept = Dims.kept(from, gone).dims();
    Tensor dx = null;
    if (ofVariance != null) {
      dx = Moments.backward(ctx.saved(0), Reshape.reshape(ofVariance, kept), gone, correction);
    }
    if (ofMean != null) {
      Tensor part = Reshape.reshape(ofMean, kept).div(Dims.count(from, gone));
      dx = dx == null ? Expand.expand(part, from.dims()) : dx.add(part);
    }
    return new Tensor[] {dx};
  }

  private boolean[] gone(Shape shape) {
    return Dims.gone("var_mean", shape, dims);
  }

  @Override
  public Tensor[] batched(Batch batch, Tensor... in) {
    int[] folded = Dims.list(gone(Batch.sampleShape(in[0])));
    if (folded.length == 0) {
      // Of a scalar nothing is folded; with a dimension of size 1 there is something to name.
      return new VarMean(Ints.of(1), correction, false).apply(in[0].unsqueeze(1));
    }
    Arrays.setAll(folded, d -> folded[d] + 1);
    return new VarMean(Ints.of(folded), correction, keepDim).apply(in);
  }

  @Override
  public OnnxGraph.Value[] onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    boolean[] gone = gone(in[0].shape());
    return new OnnxGraph.Value[] {
      Moments.onnx(graph, in[0], gone, correction, keepDim),
      OnnxReduce.reduce(graph, "ReduceMean", in[0], gone, keepDim)
    };
  }

  @Override
  public void samples(Samples s) {
    s.add(new VarMean(), s.randn(2, 3));
    s.add(new VarMean(Ints.of(1), 0, false), s.randn(2, 3));
    s.add(new VarMean(Ints.of(0, -1), 1, true), s.randn(2, 3, 4).transpose(0, 1));
    s.add(new VarMean(Ints.of(1), 1, false), s.randn(0, 2));
    s.reject(new VarMean(), "floating-point", s.indices(3, 2));
  }
}
