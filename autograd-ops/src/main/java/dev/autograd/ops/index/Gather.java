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

/// One element along a dimension for each index; copies.
///
/// - **Formula** `y[i, j, k] = x[i, index[i, j, k], k]` for `dim = 1`; `dx` = the `g` added up at
///   their indices
/// - **Shapes** `x: [a, n, c]`, `index: [a', m, c'] → y: [a', m, c']` with `a' ≤ a`, `c' ≤ c`
/// - **DType** x all but f16, bf16; index i64, i32
/// - **Smooth** everywhere in x
/// - **ONNX** GatherElements (13)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.take_along_axis.html
///
/// @param dim the dimension; negative counts from the end
public record Gather(int dim) implements Function {

  /// Makes the prototype, which gathers along the first dimension.
  public Gather() {
    this(0);
  }

  /// Returns the elements of `x` that `index` names along `dim`.
  ///
  /// @throws AutogradException (`INDEX`) if an index is out of range or there is no such dimension,
  ///   (`SHAPE`) if `index` is too great, (`DTYPE`) if its elements are not i64 or i32
  public static Tensor gather(Tensor x, int dim, Tensor index) {
    return new Gather(dim).apply(x, index);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor index = in[1];
    int axis = Indexed.axis("gather", in[0].shape(), dim, index.shape());
    long[] at = TensorIndex.positions("gather", index);
    if (ctx.needs(0)) {
      ctx.save(index);
    }
    return Tensor.of(TensorIndex.gather("gather", in[0], axis, at, index.shape()), index.shape());
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor zeros = Tensor.zeros(ctx.inputShape(0), g.dtype());
    return new Tensor[] {ScatterAdd.scatterAdd(zeros, dim, ctx.saved(0), g), null};
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return batch.along("gather", dim, Gather::new, in);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    if (in[0].shape().rank() == 0) {
      return graph.node("Identity", Map.of(), in[0].dtype(), in[0].shape(), in[0]);
    }
    int axis = Indexed.axis("gather", in[0].shape(), dim, in[1].shape());
    return graph.node(
        "GatherElements", Map.of("axis", axis), in[0].dtype(), in[1].shape(), in[0], in[1]);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Gather(0), s.randn(3, 2), s.indices(3, 2, 2));
    s.add(new Gather(-1), s.randn(2, 3), s.indices(3, 2, 5));
    s.add(new Gather(1), s.randn(3, 2).transpose(0, 1), s.indices(3, 4, 1).transpose(0, 1));
    s.add(new Gather(0), s.randn(3), s.indices(3, 0));
    s.add(new Gather(0), s.randn(), s.indices(1));
    s.reject(new Gather(0), "must lie in [0, 2)", s.randn(2), Tensor.of(new long[] {0, 2}));
    s.reject(new Gather(0), "got -1 at position [1]", s.randn(2), Tensor.of(new long[] {0, -1}));
    s.reject(new Gather(0), "rank of x", s.randn(2, 2), s.indices(2, 2));
    s.reject(new Gather(0), "must be i64", s.randn(2), s.randn(2));
  }
}
