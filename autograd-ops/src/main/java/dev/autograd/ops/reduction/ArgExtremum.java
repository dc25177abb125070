package dev.autograd.ops.reduction;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Ints;
import dev.autograd.ops.shape.Reshape;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// What the indices of the greatest and of the least element share.
interface ArgExtremum extends Function {
  /// Returns the dimension to look along, `null` for all.
  @Nullable Integer dim();

  /// Tells whether the dimension stays, with size 1.
  boolean keepDim();

  /// Tells whether the greatest element is looked for.
  boolean greatest();

  /// Returns this along another dimension.
  ArgExtremum along(@Nullable Integer dim, boolean keepDim);

  @Override
  default boolean differentiable() {
    return false;
  }

  @Override
  default Tensor forward(Context ctx, Tensor... in) {
    boolean[] gone = gone(in[0].shape());
    Storage y = Storage.of(Positions.of(name(), in[0], gone, greatest()), DType.I64);
    return Tensor.of(y, Dims.left(in[0].shape(), gone, keepDim()));
  }

  @Override
  default @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {null};
  }

  private boolean[] gone(Shape shape) {
    Integer dim = dim();
    return Dims.gone(name(), shape, dim == null ? Ints.NONE : Ints.of(dim));
  }

  @Override
  default Tensor batched(Batch batch, Tensor... in) {
    Integer dim = dim();
    Shape sample = Batch.sampleShape(in[0]);
    if (dim != null && sample.rank() > 0) {
      return along(sample.axis(name(), dim) + 1, keepDim()).apply(in);
    }
    Dims.requireElements(name(), sample, gone(sample));
    Tensor lines = Reshape.reshape(in[0], batch.size(), sample.numel());
    Tensor y = along(1, false).apply(lines);
    int[] left = Dims.left(sample, gone(sample), keepDim()).dims();
    return Reshape.reshape(y, Ints.of(left).after(batch.size()).toArray());
  }

  @Override
  default OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    Integer dim = dim();
    Shape from = in[0].shape();
    String opType = greatest() ? "ArgMax" : "ArgMin";
    return Positions.onnx(
        graph, opType, in[0], dim == null ? null : from.axis(name(), dim), keepDim());
  }

  @Override
  default void samples(Samples s) {
    s.add(this, s.distinct(2, 3));
    s.add(along(1, false), s.distinct(2, 3));
    s.add(along(-1, true), s.distinct(3, 2).transpose(0, 1));
    s.add(along(0, false), s.indices(3, 4, 2));
    s.add(this, s.randn());
    s.add(along(1, false), s.randn(0, 2));
    s.reject(this, "no elements to choose from", s.randn(0));
    s.reject(along(2, false), "dimension must lie in", s.randn(2, 3));
  }
}
