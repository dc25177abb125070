package dev.autograd.ops.shape;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Arrays;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Dimensions of size 1 removed; a view.
///
/// - **Formula** `y = x`, `dx = g` in the shape of `x`
/// - **Shapes** `x: [.., 1, ..] → y: [.., ..]`
/// - **DType** all
/// - **Smooth** everywhere
/// - **ONNX** Squeeze (13)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.squeeze.html
///
/// @param dims which dimensions may go; those of another size stay; none means all of size 1
public record Squeeze(Ints dims) implements Function {

  /// Makes the prototype, which removes all dimensions of size 1.
  public Squeeze() {
    this(Ints.NONE);
  }

  /// Returns `x` without the given dimensions of size 1, or without all such if none are given.
  ///
  /// @throws AutogradException (`INDEX`) if there is no such dimension
  public static Tensor squeeze(Tensor x, int... dims) {
    return new Squeeze(Ints.of(dims)).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    boolean[] gone = gone(x.shape());
    int[] strides = x.strides();
    return x.alias(Shape.of(without(x.shape().dims(), gone)), without(strides, gone), x.offset());
  }

  @Override
  public boolean plainViews() {
    return true;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {Reshape.reshape(g, ctx.inputShape(0).dims())};
  }

  private boolean[] gone(Shape shape) {
    boolean[] gone = new boolean[shape.rank()];
    if (dims.isEmpty()) {
      for (int d = 0; d < gone.length; d++) {
        gone[d] = shape.size(d) == 1;
      }
    }
    for (int i = 0; i < dims.size(); i++) {
      int d = shape.axis("squeeze", dims.get(i));
      if (d < gone.length) {
        gone[d] = shape.size(d) == 1;
      }
    }
    return gone;
  }

  private static int[] without(int[] all, boolean[] gone) {
    int[] kept = new int[all.length];
    int n = 0;
    for (int d = 0; d < all.length; d++) {
      if (!gone[d]) {
        kept[n++] = all[d];
      }
    }
    return Arrays.copyOf(kept, n);
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    boolean[] gone = gone(Batch.sampleShape(in[0]));
    Tensor y = in[0];
    for (int d = gone.length - 1; d >= 0; d--) {
      y = gone[d] ? squeeze(y, d + 1) : y;
    }
    return y;
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    Shape from = in[0].shape();
    boolean[] gone = gone(from);
    long[] axes = new long[gone.length];
    int n = 0;
    for (int d = 0; d < gone.length; d++) {
      if (gone[d]) {
        axes[n++] = d;
      }
    }
    if (n == 0) {
      return graph.node("Identity", Map.of(), in[0].dtype(), from, in[0]);
    }
    return graph.node(
        "Squeeze",
        Map.of(),
        in[0].dtype(),
        Shape.of(without(from.dims(), gone)),
        in[0],
        graph.constant(Arrays.copyOf(axes, n)));
  }

  @Override
  public void samples(Samples s) {
    s.add(new Squeeze(), s.randn(2, 1, 3, 1));
    s.add(new Squeeze(Ints.of(1)), s.randn(2, 1, 3, 1));
    s.add(new Squeeze(Ints.of(-1, 0)), s.randn(1, 2, 1).transpose(0, 1).transpose(0, 1));
    s.add(new Squeeze(Ints.of(0)), s.randn(2, 1));
    s.add(new Squeeze(), s.randn());
    s.add(new Squeeze(), s.randn(1, 0));
    s.reject(new Squeeze(Ints.of(2)), "dimension must lie in", s.randn(1, 1));
  }
}
