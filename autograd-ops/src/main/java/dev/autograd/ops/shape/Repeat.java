package dev.autograd.ops.shape;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorCopy;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The whole repeated along each dimension; copies.
///
/// - **Formula** `y[i₀, i₁, …] = x[i₀ mod n₀, i₁ mod n₁, …]`, `dx = Σ g` over the copies
/// - **Shapes** `x: [n₀, n₁, …] → y: [t₀·n₀, t₁·n₁, …]`, missing dimensions in front counting as 1
/// - **DType** all
/// - **Smooth** everywhere
/// - **ONNX** Tile (6)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.tile.html
///
/// @param times how often each dimension is repeated
public record Repeat(Ints times) implements Function {

  /// Makes the prototype, which repeats the last dimension twice.
  public Repeat() {
    this(Ints.of(2));
  }

  /// Returns copies of `x`, `times[d]` of them along dimension `d`.
  ///
  /// @throws AutogradException (`ARGUMENT`) if there are fewer amounts than dimensions, or a
  ///   negative one
  public static Tensor repeat(Tensor x, int... times) {
    return new Repeat(Ints.of(times)).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Shape out = repeated(x.shape());
    Storage y = Storage.empty(x.dtype(), out.numel());
    int[] pairs = pairs(x.shape());
    int[] from = new int[pairs.length];
    int[] strides = x.strides();
    int lead = times.size() - strides.length;
    for (int d = 0; d < strides.length; d++) {
      from[2 * (lead + d) + 1] = strides[d];
    }
    TensorCopy.copy(pairs, x.memory(), x.offset(), from, y, 0, Shape.of(pairs).strides());
    return Tensor.of(y, out);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Shape shape = ctx.inputShape(0);
    if (times.isEmpty()) {
      return new Tensor[] {g};
    }
    int[] copies = new int[times.size()];
    for (int d = 0; d < copies.length; d++) {
      copies[d] = 2 * d;
    }
    Tensor parts = Reshape.reshape(g, pairs(shape));
    return new Tensor[] {Reshape.reshape(parts.sum(copies), shape.dims())};
  }

  /// Returns, for each dimension of the result, how often and how long it repeats.
  private int[] pairs(Shape from) {
    int lead = times.size() - from.rank();
    int[] pairs = new int[2 * times.size()];
    for (int d = 0; d < times.size(); d++) {
      pairs[2 * d] = times.get(d);
      pairs[2 * d + 1] = d < lead ? 1 : from.size(d - lead);
    }
    return pairs;
  }

  private Shape repeated(Shape from) {
    int lead = times.size() - from.rank();
    if (lead < 0) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "repeat: every dimension needs an amount, got " + times + " for shape " + from);
    }
    int[] to = new int[times.size()];
    for (int d = 0; d < to.length; d++) {
      if (times.get(d) < 0) {
        throw new AutogradException(
            ErrorKind.ARGUMENT, "repeat: amounts cannot be negative, got " + times);
      }
      to[d] = Math.multiplyExact(times.get(d), d < lead ? 1 : from.size(d - lead));
    }
    return Shape.of(to);
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    repeated(Batch.sampleShape(in[0]));
    Tensor x = in[0];
    while (x.rank() <= times.size()) {
      x = Unsqueeze.unsqueeze(x, 1);
    }
    return new Repeat(times.after(1)).apply(x);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    OnnxGraph.Value x = in[0];
    Shape from = x.shape();
    int lead = times.size() - from.rank();
    if (lead > 0) {
      int[] padded = new int[times.size()];
      long[] axes = new long[lead];
      for (int d = 0; d < padded.length; d++) {
        padded[d] = d < lead ? 1 : from.size(d - lead);
        if (d < lead) {
          axes[d] = d;
        }
      }
      x = graph.node("Unsqueeze", Map.of(), x.dtype(), Shape.of(padded), x, graph.constant(axes));
    }
    return graph.node(
        "Tile", Map.of(), x.dtype(), repeated(from), x, graph.constant(times.toLongs()));
  }

  @Override
  public void samples(Samples s) {
    s.add(new Repeat(Ints.of(2)), s.randn(3));
    s.add(new Repeat(Ints.of(2, 1, 3)), s.randn(2, 3));
    s.add(new Repeat(Ints.of(1, 2)), s.randn(3, 2).transpose(0, 1));
    s.add(new Repeat(Ints.of(0, 2)), s.randn(2, 2));
    s.add(new Repeat(Ints.of(3)), s.randn());
    s.add(new Repeat(Ints.NONE), s.randn());
    s.reject(new Repeat(Ints.of(2)), "needs an amount", s.randn(2, 3));
    s.reject(new Repeat(Ints.of(-1)), "cannot be negative", s.randn(2));
  }
}
