package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.MultiFunction;
import dev.autograd.Tensor;
import dev.autograd.method.ValuesAndIndices;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// The minimum along a dimension and where it is; the gradient goes to that place.
///
/// - **Formula** `v = min x`, `i` = the first place of it; `dx = g_v` at `i`, 0 elsewhere; a NaN
///   wins
/// - **Shapes** `x: [.., n, ..] → v, i: [.., ..]`, or `[.., 1, ..]`
/// - **DType** all but f16, bf16; `i` is i64
/// - **Smooth** where the minimum is unique; `i` is not differentiable
/// - **ONNX** ReduceMin (13) + ArgMin (13)
/// - **Source** one subgradient among many: ties go to the first, where Amin shares
///
/// @param dim the dimension; negative counts from the end
/// @param keepDim whether it stays, with size 1
public record MinDim(int dim, boolean keepDim) implements MultiFunction {

  /// Makes the prototype, which looks along the last dimension.
  public MinDim() {
    this(-1, false);
  }

  /// Returns the least elements of `x` along `dim` and their indices.
  ///
  /// @throws AutogradException (`SHAPE`) if there is nothing to choose from, (`INDEX`) if there is
  ///   no such dimension
  public static ValuesAndIndices min(Tensor x, int dim, boolean keepDim) {
    Tensor[] y = new MinDim(dim, keepDim).apply(x);
    return new ValuesAndIndices(y[0], y[1]);
  }

  @Override
  public Tensor[] forward(Context ctx, Tensor... in) {
    return Chosen.along("min_dim", in[0], dim, keepDim, false, ctx);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
    return new Tensor[] {Chosen.backward(ctx, g[0], dim, keepDim)};
  }

  @Override
  public Tensor[] batched(Batch batch, Tensor... in) {
    int axis = Batch.dim("min_dim", dim, in[0]);
    return in[0].rank() == 1
        ? new MinDim(1, false).apply(in[0].unsqueeze(1))
        : new MinDim(axis, keepDim).apply(in);
  }

  @Override
  public OnnxGraph.Value[] onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    return Chosen.onnx(graph, "ReduceMin", "ArgMin", in[0], dim, keepDim);
  }

  @Override
  public void samples(Samples s) {
    s.add(new MinDim(0, false), s.distinct(3, 2));
    s.add(new MinDim(-1, true), s.distinct(2, 3));
    s.add(new MinDim(1, false), s.distinct(2, 3, 4).transpose(1, 2));
    s.add(new MinDim(0, false), s.randn());
    s.add(new MinDim(1, false), s.randn(0, 2));
    s.reject(new MinDim(0, false), "no elements to choose from", s.randn(0));
    s.reject(new MinDim(2, false), "dimension must lie in", s.randn(2, 3));
  }
}
