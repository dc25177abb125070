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

/// Dimensions of size 1, or missing in front, repeated without copying; a view.
///
/// - **Formula** `y[…, i, …] = x[…, 0, …]`, `dx = Σ g` over what was repeated
/// - **Shapes** `x: [*] → y: sizes`, −1 keeping a size
/// - **DType** all
/// - **Smooth** everywhere
/// - **ONNX** Expand (8)
/// - **Source** https://numpy.org/doc/stable/user/basics.broadcasting.html
///
/// @param sizes the sizes asked for
public record Expand(Ints sizes) implements Function {

  /// Makes the prototype, which adds a dimension of size 1.
  public Expand() {
    this(Ints.of(1, -1));
  }

  /// Returns `x` with dimensions of size 1 repeated up to `sizes`.
  ///
  /// @throws AutogradException (`SHAPE`) if `x` does not broadcast to `sizes`
  public static Tensor expand(Tensor x, int... sizes) {
    return new Expand(Ints.of(sizes)).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Shape to = resolve(x.shape());
    int[] strides = x.strides();
    int[] expanded = new int[to.rank()];
    int lead = to.rank() - x.rank();
    for (int d = lead; d < expanded.length; d++) {
      expanded[d] = x.size(d - lead) == to.size(d) ? strides[d - lead] : 0;
    }
    return x.alias(to, expanded, x.offset());
  }

  @Override
  public boolean plainViews() {
    return true;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {Tensor.operations().sumTo(g, ctx.inputShape(0))};
  }

  private Shape resolve(Shape from) {
    int[] to = sizes.toArray();
    int lead = to.length - from.rank();
    boolean fits = lead >= 0;
    for (int d = 0; d < to.length && fits; d++) {
      int size = d < lead ? 1 : from.size(d - lead);
      if (to[d] == -1 && d >= lead) {
        to[d] = size;
      }
      fits = to[d] >= 0 && (size == to[d] || size == 1);
    }
    if (!fits) {
      throw new AutogradException(
          ErrorKind.SHAPE,
          "expand: only sizes of 1 and new dimensions in front can grow, got "
              + from
              + " to "
              + sizes
              + ". Use repeat to copy, or unsqueeze first?");
    }
    return Shape.of(to);
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    Shape to = resolve(Batch.sampleShape(in[0]));
    Tensor x = in[0];
    while (x.rank() - 1 < to.rank()) {
      x = Unsqueeze.unsqueeze(x, 1);
    }
    return expand(x, to.prepended(batch.size()).dims());
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    Shape to = resolve(in[0].shape());
    return graph.node(
        "Expand", Map.of(), in[0].dtype(), to, in[0], graph.constant(Ints.of(to.dims()).toLongs()));
  }

  @Override
  public void samples(Samples s) {
    s.add(new Expand(Ints.of(3)), s.randn(1));
    s.add(new Expand(Ints.of(4, -1, 3)), s.randn(2, 1));
    s.add(new Expand(Ints.of(2, 2)), s.randn());
    s.add(new Expand(Ints.of(2, 3)), s.randn(3, 2).transpose(0, 1));
    s.add(new Expand(Ints.of(0, 3)), s.randn(1, 3));
    s.reject(new Expand(Ints.of(4)), "can grow", s.randn(3));
    s.reject(new Expand(Ints.of(-1, 3)), "can grow", s.randn(3));
    s.reject(new Expand(Ints.of(3)), "can grow", s.randn(1, 3));
  }
}
