package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Cat;
import dev.autograd.ops.shape.Ints;
import dev.autograd.ops.shape.Pad;
import dev.autograd.ops.shape.Permute;
import dev.autograd.ops.shape.Reshape;
import dev.autograd.ops.shape.Slice;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The product over dimensions.
///
/// - **Formula** `y = Π x`, `dxᵢ = g · Πⱼ≠ᵢ xⱼ`, without division and so exact where elements are 0
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`, or `[.., 1, ..]`
/// - **DType** f32, f64; i64 for integers and bool
/// - **Smooth** everywhere
/// - **ONNX** ReduceProd (13)
/// - **Source** the products that leave one factor out come from a tree of pairwise products,
///   walked down: G. Blelloch, Prefix sums and their applications (1990)
///
/// @param dims the dimensions to multiply over; none means all
/// @param keepDim whether they stay, with size 1
public record Prod(Ints dims, boolean keepDim) implements Reduction {

  /// Makes the prototype, which multiplies everything.
  public Prod() {
    this(Ints.NONE, false);
  }

  /// Multiplies all elements of `x`; the product of nothing is 1.
  public static Tensor prod(Tensor x) {
    return new Prod().apply(x);
  }

  /// Multiplies `x` over `dims`, or over all dimensions if none are given.
  ///
  /// @throws AutogradException (`INDEX`, `ARGUMENT`) as [Sum#sum]
  public static Tensor prod(Tensor x, int[] dims, boolean keepDim) {
    return new Prod(Ints.of(dims), keepDim).apply(x);
  }

  @Override
  public Prod over(Ints dims, boolean keepDim) {
    return new Prod(dims, keepDim);
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    if (ctx.needs(0)) {
      ctx.save(x);
    }
    return Tensor.of(Reductions.prod("prod", x, gone(x.shape())), left(x.shape()));
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Tensor x = ctx.saved(0);
    Shape from = x.shape();
    boolean[] gone = gone(from);
    if (from.numel() == 0) {
      return new Tensor[] {Tensor.zeros(from, g.dtype())};
    }
    int[] order =
        IntStream.concat(
                IntStream.range(0, gone.length).filter(d -> !gone[d]),
                IntStream.range(0, gone.length).filter(d -> gone[d]))
            .toArray();
    int n = Dims.count(from, gone);
    Tensor ordered = Permute.permute(x, order);
    Tensor rows = Reshape.reshape(ordered, from.numel() / n, n);
    Tensor others = timesOthers(rows, Reshape.reshape(g, from.numel() / n, 1));
    int[] inverse = new int[order.length];
    for (int d = 0; d < order.length; d++) {
      inverse[order[d]] = d;
    }
    return new Tensor[] {Permute.permute(Reshape.reshape(others, ordered.shape().dims()), inverse)};
  }

  /// Returns `g · Πⱼ≠ᵢ xᵢⱼ` for rows `x: [m, n]` and `g: [m, 1]`.
  private static Tensor timesOthers(Tensor x, Tensor g) {
    int n = x.size(1);
    int full = n <= 1 ? 1 : Integer.highestOneBit(n - 1) << 1;
    Tensor level = full == n ? x : Pad.pad(x, new int[] {0, full - n}, 1);
    List<Tensor> halves = new ArrayList<>();
    while (level.size(1) > 1) {
      int half = level.size(1) / 2;
      Tensor left = Slice.slice(level, 1, 0, half, 1);
      Tensor right = Slice.slice(level, 1, half, 2 * half, 1);
      halves.add(left);
      halves.add(right);
      level = left.mul(right);
    }
    Tensor down = g;
    for (int k = halves.size(); k > 0; k -= 2) {
      Tensor left = halves.get(k - 2);
      Tensor right = halves.get(k - 1);
      down = Cat.cat(List.of(down.mul(right), down.mul(left)), 1);
    }
    return full == n ? down : Slice.slice(down, 1, 0, n, 1);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    return OnnxReduce.reduce(
        graph, "ReduceProd", OnnxReduce.summable(graph, in[0]), gone(in[0].shape()), keepDim);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Prod(), s.uniform(0.5, 1.5, 3));
    s.add(new Prod(Ints.of(1), false), s.randn(2, 5));
    s.add(new Prod(Ints.of(0, -1), true), s.uniform(0.5, 1.5, 2, 3, 2).transpose(0, 1));
    Tensor x = s.randn(4);
    s.add(new Prod(), x.mul(Tensor.of(new double[] {1, 0, 1, 1}).to(x.dtype())));
    s.add(new Prod(Ints.of(0), false), s.randn(0, 2));
    s.add(new Prod(), s.randn());
    s.reject(new Prod(Ints.of(2), false), "dimension must lie in", s.randn(2, 3));
  }
}
