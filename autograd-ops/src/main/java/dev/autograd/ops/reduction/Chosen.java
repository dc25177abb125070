package dev.autograd.ops.reduction;

import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorIndex;
import dev.autograd.ops.shape.Ints;
import dev.autograd.ops.shape.Reshape;
import dev.autograd.spi.OnnxGraph;
import org.jspecify.annotations.Nullable;

/// Values chosen along a dimension, with their indices.
final class Chosen {
  private Chosen() {}

  static Tensor[] along(
      String who, Tensor x, int dim, boolean keepDim, boolean greatest, Context ctx) {
    Shape from = x.shape();
    boolean[] gone = Dims.gone(who, from, Ints.of(dim));
    long[] at = Positions.of(who, x, gone, greatest);
    Storage values = TensorIndex.gather(who, x, from.axis(who, dim), at, Dims.kept(from, gone));
    Shape left = Dims.left(from, gone, keepDim);
    Tensor indices = Tensor.of(Storage.of(at, DType.I64), left);
    if (ctx.needs(0)) {
      ctx.save(indices);
      ctx.materializeGrads(false);
    }
    return new Tensor[] {Tensor.of(values, left), indices};
  }

  static @Nullable Tensor backward(Context ctx, @Nullable Tensor g, int dim, boolean keepDim) {
    if (g == null) {
      return null;
    }
    Shape from = ctx.inputShape(0);
    Tensor indices = ctx.saved(0);
    int axis = from.axis("max_dim", dim);
    Tensor rows = g;
    if (!keepDim && from.rank() > 0) {
      int[] kept = from.with(axis, 1).dims();
      indices = Reshape.reshape(indices, kept);
      rows = Reshape.reshape(g, kept);
    }
    return Tensor.zeros(from, g.dtype()).scatterAdd(axis, indices, rows);
  }

  static OnnxGraph.Value[] onnx(
      OnnxGraph graph,
      String valuesOp,
      String indicesOp,
      OnnxGraph.Value x,
      int dim,
      boolean keepDim) {
    boolean[] gone = Dims.gone(valuesOp, x.shape(), Ints.of(dim));
    return new OnnxGraph.Value[] {
      OnnxReduce.extreme(graph, valuesOp, x, gone, keepDim),
      Positions.onnx(graph, indicesOp, x, x.shape().axis(indicesOp, dim), keepDim)
    };
  }
}
