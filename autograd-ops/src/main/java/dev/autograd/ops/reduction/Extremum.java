package dev.autograd.ops.reduction;

import dev.autograd.Context;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Ints;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// What the greatest and the least element share.
interface Extremum extends Reduction {
  /// Tells whether the greatest element is taken.
  boolean greatest();

  /// Returns this over other dimensions.
  @Override
  Extremum over(Ints dims, boolean keepDim);

  @Override
  default Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Tensor y =
        Tensor.of(Reductions.extreme(name(), x, gone(x.shape()), greatest()), left(x.shape()));
    if (ctx.needs(0)) {
      ctx.save(x, y);
    }
    return y;
  }

  @Override
  default @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {Ties.spread(this, ctx.saved(0), ctx.saved(1), g)};
  }

  @Override
  default OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    String opType = greatest() ? "ReduceMax" : "ReduceMin";
    return OnnxReduce.extreme(graph, opType, in[0], gone(in[0].shape()), keepDim());
  }

  @Override
  default void samples(Samples s) {
    s.add(this, s.distinct(2, 3));
    s.add(over(Ints.of(1), false), s.distinct(2, 3));
    s.add(over(Ints.of(0, -1), true), s.distinct(2, 3, 4).transpose(0, 1));
    s.add(over(Ints.of(1), false), s.randn(0, 2));
    s.add(this, s.randn());
    s.reject(this, "no elements to choose from", s.randn(0));
    s.reject(over(Ints.of(1), false), "no elements to choose from", s.randn(2, 0));
    s.reject(over(Ints.of(2), false), "dimension must lie in", s.randn(2, 3));
  }
}
