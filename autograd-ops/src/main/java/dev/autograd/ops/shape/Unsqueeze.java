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

/// A dimension of size 1 inserted; a view.
///
/// - **Formula** `y = x`, `dx = g` in the shape of `x`
/// - **Shapes** `x: [.., ..] → y: [.., 1, ..]`
/// - **DType** all
/// - **Smooth** everywhere
/// - **ONNX** Unsqueeze (13)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.expand_dims.html
///
/// @param dim where the new dimension is in the result; negative counts from the result's end
public record Unsqueeze(int dim) implements Function {

  /// Makes the prototype, which inserts in front.
  public Unsqueeze() {
    this(0);
  }

  /// Returns `x` with a dimension of size 1 inserted before `dim`.
  ///
  /// @throws AutogradException (`INDEX`) if `dim` is not in `[-rank - 1, rank]`
  public static Tensor unsqueeze(Tensor x, int dim) {
    return new Unsqueeze(dim).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    int axis = axis(x.shape());
    int[] strides = x.strides();
    int step = axis < strides.length ? x.size(axis) * strides[axis] : 1;
    return x.alias(
        Shape.of(inserted(x.shape().dims(), axis, 1)), inserted(strides, axis, step), x.offset());
  }

  @Override
  public boolean plainViews() {
    return true;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {Squeeze.squeeze(g, axis(ctx.inputShape(0)))};
  }

  private int axis(Shape shape) {
    int rank = shape.rank() + 1;
    if (dim < -rank || dim >= rank) {
      throw new AutogradException(
          ErrorKind.INDEX,
          "unsqueeze: dimension must lie in ["
              + -rank
              + ", "
              + (rank - 1)
              + "] for a tensor of shape "
              + shape
              + ", got "
              + dim);
    }
    return dim < 0 ? dim + rank : dim;
  }

  static int[] inserted(int[] all, int at, int value) {
    int[] result = new int[all.length + 1];
    System.arraycopy(all, 0, result, 0, at);
    result[at] = value;
    System.arraycopy(all, at, result, at + 1, all.length - at);
    return result;
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return unsqueeze(in[0], axis(Batch.sampleShape(in[0])) + 1);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    int axis = axis(in[0].shape());
    return graph.node(
        "Unsqueeze",
        Map.of(),
        in[0].dtype(),
        Shape.of(inserted(in[0].shape().dims(), axis, 1)),
        in[0],
        graph.constant(axis));
  }

  @Override
  public void samples(Samples s) {
    s.add(new Unsqueeze(0), s.randn(2, 3));
    s.add(new Unsqueeze(-1), s.randn(3, 2).transpose(0, 1));
    s.add(new Unsqueeze(1), s.randn(2, 3));
    s.add(new Unsqueeze(0), s.randn());
    s.add(new Unsqueeze(1), s.randn(0));
    s.reject(new Unsqueeze(3), "dimension must lie in", s.randn(2));
  }
}
