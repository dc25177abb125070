package dev.autograd.ops.order;

import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.ops.operand.Operands;
import dev.autograd.ops.reduction.Reduction;
import dev.autograd.ops.shape.Ints;
import dev.autograd.ops.shape.Permute;
import dev.autograd.spi.Samples;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// What the quantiles share: a place between two elements in ascending order.
interface Interpolated extends Reduction {
  /// Returns which quantile, in `[0, 1]`.
  double q();

  /// Tells whether NaNs do not count.
  boolean ignoresNan();

  /// Returns this with other attributes.
  Interpolated with(double q, Ints dims, boolean keepDim);

  /// Refuses what is no quantile.
  static void require(double q) {
    if (!(q >= 0 && q <= 1)) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "quantile: q must lie in [0, 1], got " + q + ". Divide percentiles by 100.");
    }
  }

  /// Returns the order of dimensions that puts the folded ones last.
  default int[] order(Shape from) {
    boolean[] gone = gone(from);
    return IntStream.concat(
            IntStream.range(0, gone.length).filter(d -> !gone[d]),
            IntStream.range(0, gone.length).filter(d -> gone[d]))
        .toArray();
  }

  /// Returns how many elements make one result.
  default int count(Shape from) {
    boolean[] gone = gone(from);
    return IntStream.range(0, gone.length)
        .filter(d -> gone[d])
        .map(from::size)
        .reduce(1, (a, b) -> a * b);
  }

  @Override
  default Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Operands.floating(name(), x);
    Shape from = x.shape();
    int n = count(from);
    int rows = left(from).numel();
    SortedLines sorted = SortedLines.of(name(), Permute.permute(x, order(from)), rows, n, 1);
    long[] low = new long[rows];
    long[] high = new long[rows];
    Storage part = Storage.zeros(DType.F64, rows);
    Storage values = Storage.zeros(DType.F64, rows);
    for (int r = 0; r < rows; r++) {
      int m = sorted.numbers(r);
      // A NaN that counts stands last; a line of NaNs has one everywhere.
      boolean nan = m == 0 || (m < n && !ignoresNan());
      double place = nan ? n - 1 : q() * (m - 1);
      int below = (int) place;
      int above = Math.min(below + 1, n - 1);
      double t = place - below;
      low[r] = sorted.index()[sorted.at(r, below)];
      high[r] = sorted.index()[sorted.at(r, above)];
      part.doubles()[r] = t;
      double a = sorted.values().getDouble(sorted.at(r, below));
      double b = sorted.values().getDouble(sorted.at(r, above));
      values.doubles()[r] = between(a, b, t);
    }
    if (ctx.needs(0)) {
      ctx.save(
          Tensor.of(low, rows, 1),
          Tensor.of(high, rows, 1),
          // A constant: where values lie between others changes at ties only.
          Tensor.of(part, Shape.of(rows, 1)).to(x.dtype()).detach());
    }
    return Tensor.of(values, left(from)).to(x.dtype());
  }

  private static double between(double a, double b, double t) {
    if (t == 0 || a == b) {
      return a;
    }
    if (Double.isInfinite(a) != Double.isInfinite(b)) {
      return Double.isInfinite(a) ? a : b;
    }
    return t < 0.5 ? a + t * (b - a) : b - (b - a) * (1 - t);
  }

  @Override
  default @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Shape from = ctx.inputShape(0);
    int rows = g.numel();
    Tensor rest = ctx.saved(2);
    Tensor row = g.reshape(rows, 1);
    Tensor above = row.mul(rest);
    Tensor dx =
        Tensor.zeros(Shape.of(rows, count(from)), g.dtype())
            .scatterAdd(1, ctx.saved(0), row.sub(above))
            .scatterAdd(1, ctx.saved(1), above);
    int[] order = order(from);
    int[] sizes = new int[order.length];
    int[] inverse = new int[order.length];
    for (int d = 0; d < order.length; d++) {
      sizes[d] = from.size(order[d]);
      inverse[order[d]] = d;
    }
    return new Tensor[] {Permute.permute(dx.reshape(sizes), inverse)};
  }

  @Override
  default void samples(Samples s) {
    s.add(with(0.5, Ints.NONE, false), s.distinct(4));
    s.add(with(0.3, Ints.of(1), false), s.distinct(2, 5));
    s.add(with(0.8, Ints.of(0, -1), true), s.distinct(2, 3, 2).transpose(0, 1));
    s.add(with(0, Ints.of(-1), false), s.distinct(2, 3));
    s.add(with(1, Ints.of(-1), true), s.distinct(3, 2).transpose(0, 1));
    s.add(with(0.5, Ints.NONE, false), s.randn());
    s.add(with(0.5, Ints.of(0), true), s.randn(1, 2));
    s.add(with(0.5, Ints.of(1), false), s.randn(0, 2));
    s.reject(with(0.5, Ints.NONE, false), "no elements to choose from", s.randn(0));
    s.reject(with(0.5, Ints.of(2), false), "dimension must lie in", s.randn(2, 3));
    s.reject(with(0.5, Ints.NONE, false), "f32 or f64", s.indices(3, 2));
  }
}
