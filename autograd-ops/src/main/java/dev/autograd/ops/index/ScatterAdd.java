package dev.autograd.ops.index;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorIndex;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A copy of `x` with elements of `source` added where indices say; repeated indices add up.
///
/// - **Formula** `y = x`, then `y[i, index[i, j, k], k] += source[i, j, k]` for `dim = 1`; `dx =
///   g`, `dsource` = the `g` gathered there
/// - **Shapes** `x: [a, n, c]`, `index: [a', m, c']`, `source`: at least that `→ y: [a, n, c]`
/// - **DType** x and source the same: f32, f64, i64, i32; index i64, i32
/// - **Smooth** in x and source
/// - **ONNX** ScatterElements (16), reduction add
/// - **Source** the transpose of [Gather]
///
/// @param dim the dimension; negative counts from the end
public record ScatterAdd(int dim) implements Function {

  /// Makes the prototype, which adds along the first dimension.
  public ScatterAdd() {
    this(0);
  }

  /// Returns a copy of `x` with `source` added at `index` along `dim`, in row-major order.
  ///
  /// @throws AutogradException (`INDEX`) if an index is out of range or there is no such dimension,
  ///   (`SHAPE`) if `index` is too great, (`DTYPE`) if the types do not fit
  public static Tensor scatterAdd(Tensor x, int dim, Tensor index, Tensor source) {
    return new ScatterAdd(dim).apply(x, index, source);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Tensor index = in[1];
    int axis = Indexed.axis("scatter_add", x.shape(), dim, index.shape());
    Tensor source = Indexed.reached("scatter_add", in[2], index.shape(), x.dtype());
    long[] at = TensorIndex.positions("scatter_add", index);
    Tensor y = Indexed.copy(x);
    TensorIndex.scatterAdd("scatter_add", source, axis, at, y);
    if (ctx.needs(2)) {
      ctx.save(index);
    }
    return y;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {
      g, null, ctx.needs(2) ? Scatter.ofSource(g, dim, ctx.saved(0), ctx.inputShape(2)) : null
    };
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return batch.along("scatter_add", dim, ScatterAdd::new, in);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    if (in[0].shape().rank() == 0) {
      return graph.node("Add", Map.of(), in[0].dtype(), in[0].shape(), in[0], in[2]);
    }
    int axis = Indexed.axis("scatter_add", in[0].shape(), dim, in[1].shape());
    return graph.node(
        "ScatterElements",
        Map.of("axis", axis, "reduction", "add"),
        in[0].dtype(),
        in[0].shape(),
        in[0],
        in[1],
        Indexed.onnxReached(graph, in[2], in[1].shape()));
  }

  @Override
  public void samples(Samples s) {
    s.add(new ScatterAdd(0), s.randn(3, 2), s.indices(3, 4, 2), s.randn(4, 2));
    s.add(new ScatterAdd(-1), s.randn(2, 3), s.indices(3, 1, 2), s.randn(2, 4));
    s.add(
        new ScatterAdd(1),
        s.randn(3, 2).transpose(0, 1),
        s.indices(3, 4, 2).transpose(0, 1),
        s.randn(4, 2).transpose(0, 1));
    s.add(new ScatterAdd(0), s.randn(3), s.indices(3, 0), s.randn(0));
    s.add(new ScatterAdd(0), s.randn(), s.indices(1), s.randn());
    s.reject(
        new ScatterAdd(0), "must lie in [0, 2)", s.randn(2), Tensor.of(new long[] {2}), s.randn(1));
  }
}
