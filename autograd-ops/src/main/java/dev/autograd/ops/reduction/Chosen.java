package dev.autograd.ops.reduction;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.MultiFunction;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorIndex;
import dev.autograd.ops.shape.Ints;
import dev.autograd.ops.shape.Reshape;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// What the greatest and the least element along a dimension share: values with their indices.
interface Chosen extends MultiFunction {
  /// Returns the dimension to look along.
  int dim();

  /// Tells whether the dimension stays, with size 1.
  boolean keepDim();

  /// Tells whether the greatest element is taken.
  boolean greatest();

  /// Returns this along another dimension.
  Chosen along(int dim, boolean keepDim);

  @Override
  default Tensor[] forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Shape from = x.shape();
    boolean[] gone = Dims.gone(name(), from, Ints.of(dim()));
    long[] at = Positions.of(name(), x, gone, greatest());
    int axis = from.axis(name(), dim());
    Storage values = TensorIndex.gather(name(), x, axis, at, Dims.kept(from, gone));
    Shape left = Dims.left(from, gone, keepDim());
    Tensor indices = Tensor.of(Storage.of(at, DType.I64), left);
    if (ctx.needs(0)) {
      ctx.save(indices);
      ctx.materializeGrads(false);
    }
    return new Tensor[] {Tensor.of(values, left), indices};
  }

  @Override
  default @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
    Tensor rows = g[0];
    if (rows == null) {
      return new @Nullable Tensor[] {null};
    }
    Shape from = ctx.inputShape(0);
    Tensor indices = ctx.saved(0);
    int axis = from.axis(name(), dim());
    if (!keepDim() && from.rank() > 0) {
      int[] kept = from.with(axis, 1).dims();
      indices = Reshape.reshape(indices, kept);
      rows = Reshape.reshape(rows, kept);
    }
    return new Tensor[] {Tensor.zeros(from, rows.dtype()).scatterAdd(axis, indices, rows)};
  }

  @Override
  default Tensor[] batched(Batch batch, Tensor... in) {
    int axis = Batch.dim(name(), dim(), in[0]);
    return in[0].rank() == 1
        ? along(1, false).apply(in[0].unsqueeze(1))
        : along(axis, keepDim()).apply(in);
  }

  @Override
  default OnnxGraph.Value[] onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    OnnxGraph.Value x = in[0];
    String values = greatest() ? "ReduceMax" : "ReduceMin";
    String indices = greatest() ? "ArgMax" : "ArgMin";
    boolean[] gone = Dims.gone(values, x.shape(), Ints.of(dim()));
    return new OnnxGraph.Value[] {
      OnnxReduce.extreme(graph, values, x, gone, keepDim()),
      Positions.onnx(graph, indices, x, x.shape().axis(indices, dim()), keepDim())
    };
  }

  @Override
  default void samples(Samples s) {
    s.add(along(0, false), s.distinct(3, 2));
    s.add(along(-1, true), s.distinct(2, 3));
    s.add(along(1, false), s.distinct(2, 3, 4).transpose(1, 2));
    s.add(along(0, false), s.randn());
    s.add(along(1, false), s.randn(0, 2));
    s.reject(along(0, false), "no elements to choose from", s.randn(0));
    s.reject(along(2, false), "dimension must lie in", s.randn(2, 3));
  }
}
