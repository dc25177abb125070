package dev.autograd.ops.shape;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The dimensions in another order; a view.
///
/// - **Formula** `y[i₍d₀₎, i₍d₁₎, …] = x[i₀, i₁, …]`, `dx = g` permuted back
/// - **Shapes** `x: [n₀, n₁, …] → y: [n₍d₀₎, n₍d₁₎, …]`
/// - **DType** all
/// - **Smooth** everywhere
/// - **ONNX** Transpose (1)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.transpose.html
///
/// @param dims which dimension of `x` each dimension of `y` is; negative ones count from the end
public record Permute(Ints dims) implements Function {

  /// Makes the prototype, which swaps two dimensions.
  public Permute() {
    this(Ints.of(1, 0));
  }

  /// Returns `x` with its dimensions in the order of `dims`.
  ///
  /// @throws AutogradException (`ARGUMENT`, `INDEX`) if `dims` does not name each dimension once
  public static Tensor permute(Tensor x, int... dims) {
    return new Permute(Ints.of(dims)).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    int[] order = order(x.shape());
    int[] strides = x.strides();
    int[] permuted = new int[order.length];
    for (int d = 0; d < order.length; d++) {
      permuted[d] = strides[order[d]];
    }
    return x.alias(permuted(x.shape(), order), permuted, x.offset());
  }

  @Override
  public boolean plainViews() {
    return true;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    int[] order = order(ctx.inputShape(0));
    int[] inverse = new int[order.length];
    for (int d = 0; d < order.length; d++) {
      inverse[order[d]] = d;
    }
    return new Tensor[] {permute(g, inverse)};
  }

  private int[] order(Shape shape) {
    int[] order = dims.toArray();
    boolean[] seen = new boolean[shape.rank()];
    boolean complete = order.length == seen.length;
    for (int d = 0; d < order.length && complete; d++) {
      order[d] = shape.axis("permute", order[d]);
      complete = !seen[order[d]];
      seen[order[d]] = true;
    }
    if (!complete) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "permute: every dimension must be named once, got " + dims + " for shape " + shape);
    }
    return order;
  }

  private static Shape permuted(Shape shape, int[] order) {
    int[] sizes = new int[order.length];
    for (int d = 0; d < order.length; d++) {
      sizes[d] = shape.size(order[d]);
    }
    return Shape.of(sizes);
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    int[] order = order(Batch.sampleShape(in[0]));
    int[] all = new int[order.length + 1];
    for (int d = 0; d < order.length; d++) {
      all[d + 1] = order[d] + 1;
    }
    return permute(in[0], all);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    int[] order = order(in[0].shape());
    return graph.node(
        "Transpose", Map.of("perm", order), in[0].dtype(), permuted(in[0].shape(), order), in[0]);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Permute(Ints.of(1, 0)), s.randn(2, 3));
    s.add(new Permute(Ints.of(2, 0, 1)), s.randn(2, 3, 4));
    s.add(new Permute(Ints.of(-1, 1, 0)), s.randn(2, 3, 4).transpose(0, 1));
    s.add(new Permute(Ints.of(1, 0)), s.randn(0, 3));
    s.add(new Permute(Ints.NONE), s.randn());
    s.reject(new Permute(Ints.of(0)), "named once", s.randn(2, 3));
    s.reject(new Permute(Ints.of(0, 0)), "named once", s.randn(2, 3));
  }
}
