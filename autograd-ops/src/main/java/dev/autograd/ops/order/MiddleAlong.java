package dev.autograd.ops.order;

import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.MultiFunction;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.method.ValuesAndIndices;
import dev.autograd.ops.memory.TensorIndex;
import dev.autograd.spi.Samples;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What the medians along a dimension share.
interface MiddleAlong extends MultiFunction {
  /// Returns the dimension.
  int dim();

  /// Tells whether it stays, with size 1.
  boolean keepDim();

  /// Tells whether NaNs do not count.
  boolean ignoresNan();

  /// Returns this along another dimension.
  MiddleAlong along(int dim, boolean keepDim);

  /// Applies this.
  default ValuesAndIndices of(Tensor x) {
    Tensor[] y = apply(x);
    return new ValuesAndIndices(y[0], y[1]);
  }

  /// Returns the shape of the results.
  default Shape left(Shape from) {
    if (from.rank() == 0) {
      return from;
    }
    int axis = from.axis(name(), dim());
    return keepDim()
        ? from.with(axis, 1)
        : Shape.of(
            IntStream.range(0, from.rank()).filter(d -> d != axis).map(from::size).toArray());
  }

  @Override
  default Tensor[] forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Shape from = x.shape();
    int axis = from.axis(name(), dim());
    int n = from.rank() == 0 ? 1 : from.size(axis);
    int inner = IntStream.range(axis + 1, from.rank()).map(from::size).reduce(1, (a, b) -> a * b);
    int outer = IntStream.range(0, axis).map(from::size).reduce(1, (a, b) -> a * b);
    SortedLines sorted = SortedLines.of(name(), x, outer, n, inner);
    long[] at = new long[sorted.lines()];
    for (int line = 0; line < at.length; line++) {
      at[line] = sorted.index()[sorted.at(line, sorted.median(line, ignoresNan()))];
    }
    Shape kept = from.rank() == 0 ? from : from.with(axis, 1);
    Storage values = TensorIndex.gather(name(), x, axis, at, kept);
    Shape left = left(from);
    Tensor indices = Tensor.of(Storage.of(at, DType.I64), left);
    if (ctx.needs(0)) {
      ctx.save(indices);
      ctx.materializeGrads(false);
    }
    return new Tensor[] {Tensor.of(values, left), indices};
  }

  @Override
  default @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
    Tensor ofValues = g[0];
    if (ofValues == null) {
      return new Tensor[] {null};
    }
    Shape from = ctx.inputShape(0);
    int axis = from.axis(name(), dim());
    int[] kept = from.rank() == 0 ? new int[0] : from.with(axis, 1).dims();
    Tensor zeros = Tensor.zeros(from, ofValues.dtype());
    return new Tensor[] {
      zeros.scatterAdd(axis, ctx.saved(0).reshape(kept), ofValues.reshape(kept))
    };
  }

  @Override
  default Tensor[] batched(Batch batch, Tensor... in) {
    int axis = Batch.dim(name(), dim(), in[0]);
    return in[0].rank() == 1
        ? along(1, false).apply(in[0].unsqueeze(1))
        : along(axis, keepDim()).apply(in);
  }

  @Override
  default void samples(Samples s) {
    s.add(along(0, false), s.distinct(3, 2));
    s.add(along(-1, true), s.distinct(2, 4));
    s.add(along(1, false), s.distinct(2, 3, 4).transpose(1, 2));
    s.add(along(0, false), s.randn());
    s.add(along(1, false), s.randn(0, 2));
    s.reject(along(0, false), "no elements to choose from", s.randn(0));
    s.reject(along(2, false), "dimension must lie in", s.randn(2, 3));
  }
}
