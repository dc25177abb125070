package dev.autograd.ops.index;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorIndex;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Whole slices along a dimension, one for each index; copies.
///
/// - **Formula** `y[.., i, ..] = x[.., index[i], ..]`; `dx` = the slices of `g` added up at their
///   indices
/// - **Shapes** `x: [.., n, ..]`, `index: [m] → y: [.., m, ..]`
/// - **DType** x all but f16, bf16; index i64, i32
/// - **Smooth** everywhere in x
/// - **ONNX** Gather (13)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.take.html
///
/// @param dim the dimension; negative counts from the end
public record IndexSelect(int dim) implements Function {

  /// Makes the prototype, which selects along the first dimension.
  public IndexSelect() {
    this(0);
  }

  /// Returns the slices of `x` that the one-dimensional `index` names along `dim`.
  ///
  /// @throws AutogradException (`INDEX`) if an index is out of range or there is no such dimension,
  ///   (`SHAPE`) if `index` has not one dimension, (`DTYPE`) if its elements are not i64 or i32
  public static Tensor indexSelect(Tensor x, int dim, Tensor index) {
    return new IndexSelect(dim).apply(x, index);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Tensor index = in[1];
    int axis = axis("index_select", x.shape(), dim, index.shape());
    long[] at = TensorIndex.positions("index_select", index);
    if (ctx.needs(0)) {
      ctx.save(index);
    }
    return Tensor.of(
        TensorIndex.select("index_select", x, axis, at, index.shape()),
        x.shape().with(axis, at.length));
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor zeros = Tensor.zeros(ctx.inputShape(0), g.dtype());
    return new Tensor[] {IndexAdd.indexAdd(zeros, dim, ctx.saved(0), g), null};
  }

  static int axis(String who, Shape x, int dim, Shape index) {
    if (x.rank() == 0) {
      throw new AutogradException(
          ErrorKind.INDEX, who + ": a scalar has no dimension to select from");
    }
    if (index.rank() != 1) {
      throw new AutogradException(
          ErrorKind.SHAPE,
          who + ": index must have one dimension, got shape " + index + ". Flatten it first?");
    }
    return x.axis(who, dim);
  }

  /// Where samples have indices of their own, elements are gathered.
  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    Tensor[] all = batch.repeated(in);
    Shape x = Batch.sampleShape(all[0]);
    int axis = axis("index_select", x, dim, Batch.sampleShape(all[1])) + 1;
    return batch.has(1)
        ? Gather.gather(all[0], axis, Indexed.everywhere(all[1], axis, all[0].shape()))
        : indexSelect(all[0], axis, in[1]);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    int axis = axis("index_select", in[0].shape(), dim, in[1].shape());
    return graph.node(
        "Gather",
        Map.of("axis", axis),
        in[0].dtype(),
        in[0].shape().with(axis, in[1].shape().size(0)),
        in[0],
        in[1]);
  }

  @Override
  public void samples(Samples s) {
    s.add(new IndexSelect(0), s.randn(3, 2), s.indices(3, 4));
    s.add(new IndexSelect(-1), s.randn(2, 3), s.indices(3, 2));
    s.add(new IndexSelect(1), s.randn(2, 3, 2).transpose(0, 1), s.indices(2, 3));
    s.add(new IndexSelect(0), s.randn(3), s.indices(3, 0));
    s.reject(new IndexSelect(0), "must lie in [0, 2)", s.randn(2), Tensor.of(new long[] {2}));
    s.reject(new IndexSelect(0), "one dimension", s.randn(2), s.indices(2, 1, 1));
    s.reject(new IndexSelect(0), "no dimension", s.randn(), s.indices(1, 1));
  }
}
