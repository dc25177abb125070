package dev.autograd.ops.order;

import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorCast;
import dev.autograd.ops.shape.Cast;
import dev.autograd.spi.Samples;
import org.jspecify.annotations.Nullable;

/// What the medians of all elements share.
interface MiddleElement extends Function {
  /// Tells whether NaNs do not count.
  boolean ignoresNan();

  @Override
  default Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    SortedLines sorted = SortedLines.of(name(), x, 1, x.numel(), 1);
    int at = sorted.median(0, ignoresNan());
    Storage one = Storage.zeros(sorted.values().dtype(), 1);
    System.arraycopy(sorted.values().array(), at, one.array(), 0, 1);
    Tensor y = TensorCast.to(Tensor.of(one, Shape.SCALAR), x.dtype());
    if (ctx.needs(0)) {
      ctx.save(x, y);
    }
    return y;
  }

  @Override
  default @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor x = ctx.saved(0).detach();
    Tensor y = ctx.saved(1).detach();
    Tensor chosen = x.eq(y).logicalOr(x.isNan().logicalAnd(y.isNan()));
    Tensor weights = Cast.cast(chosen, g.dtype());
    return new Tensor[] {weights.mul(g.div(weights.sum()))};
  }

  @Override
  default void samples(Samples s) {
    s.add(this, s.distinct(5));
    s.add(this, s.distinct(2, 3));
    s.add(this, s.distinct(2, 3, 2).transpose(0, 2));
    s.add(this, s.randn(1));
    s.add(this, s.randn());
    s.reject(this, "no elements to choose from", s.randn(0));
  }
}
