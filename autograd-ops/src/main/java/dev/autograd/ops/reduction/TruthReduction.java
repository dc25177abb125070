package dev.autograd.ops.reduction;

import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.reduce.Axes;
import dev.autograd.kernel.reduce.IntegerReduce;
import dev.autograd.ops.memory.TensorCast;
import dev.autograd.ops.shape.Ints;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// What "all" and "any" share.
interface TruthReduction extends Reduction {
  /// Tells whether every element has to be true, rather than one.
  boolean every();

  /// Returns this over other dimensions.
  @Override
  TruthReduction over(Ints dims, boolean keepDim);

  @Override
  default boolean differentiable() {
    return false;
  }

  @Override
  default Tensor forward(Context ctx, Tensor... in) {
    Tensor x = TensorCast.to(in[0], DType.BOOL);
    Axes axes = Dims.axes(x, gone(x.shape()));
    byte[] y = new byte[axes.outputs()];
    if (every()) {
      IntegerReduce.all(x.memory().bytes(), x.offset(), axes, y, 0);
    } else {
      IntegerReduce.any(x.memory().bytes(), x.offset(), axes, y, 0);
    }
    return Tensor.of(Storage.of(y, DType.BOOL), left(x.shape()));
  }

  @Override
  default @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {null};
  }

  @Override
  default OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    OnnxGraph.Value x = OnnxReduce.cast(graph, in[0], DType.BOOL);
    String opType = every() ? "ReduceMin" : "ReduceMax";
    return OnnxReduce.extreme(graph, opType, x, gone(x.shape()), keepDim());
  }

  @Override
  default void samples(Samples s) {
    s.add(this, s.bools(2, 3));
    s.add(over(Ints.of(1), false), s.bools(2, 3));
    s.add(over(Ints.of(-1), true), s.bools(3, 2).transpose(0, 1));
    s.add(this, s.indices(3, 4));
    s.add(over(Ints.of(0), false), s.randn(0, 2));
    s.add(this, s.randn());
    s.reject(over(Ints.of(2), false), "dimension must lie in", s.bools(2, 3));
  }
}
