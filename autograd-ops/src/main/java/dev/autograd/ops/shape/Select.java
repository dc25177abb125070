package dev.autograd.ops.shape;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// One entry along a dimension, which disappears; a view.
///
/// - **Formula** `y[.., ..] = x[.., index, ..]`, `dx = g` at the index, 0 elsewhere
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`
/// - **DType** all
/// - **Smooth** everywhere
/// - **ONNX** Gather (1) by a scalar
/// - **Source** https://numpy.org/doc/stable/user/basics.indexing.html
///
/// @param dim the dimension; negative counts from the end
/// @param index the entry; negative counts from the end
public record Select(int dim, int index) implements Function {

  /// Makes the prototype, which takes the first entry of the first dimension.
  public Select() {
    this(0, 0);
  }

  /// Returns entry `index` of `x` along `dim`.
  ///
  /// @throws AutogradException (`INDEX`) if there is no such dimension or entry
  public static Tensor select(Tensor x, int dim, int index) {
    return new Select(dim, index).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    int axis = axis(x.shape());
    int at = position(x.shape(), axis);
    int[] strides = x.strides();
    return x.alias(
        without(x.shape(), axis), without(strides, axis), x.offset() + at * strides[axis]);
  }

  @Override
  public boolean plainViews() {
    return true;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    Shape shape = ctx.inputShape(0);
    int axis = axis(shape);
    return new Tensor[] {
      Unslice.unslice(
          Unsqueeze.unsqueeze(g, axis), axis, position(shape, axis), 1, shape.size(axis))
    };
  }

  private int axis(Shape shape) {
    if (shape.rank() == 0) {
      throw new AutogradException(
          ErrorKind.INDEX, "select: a scalar has no dimension to select from. Use item().");
    }
    return shape.axis("select", dim);
  }

  private int position(Shape shape, int axis) {
    int size = shape.size(axis);
    if (index < -size || index >= size) {
      throw new AutogradException(
          ErrorKind.INDEX,
          "select: index must lie in ["
              + -size
              + ", "
              + (size - 1)
              + "] for dimension "
              + axis
              + " of shape "
              + shape
              + ", got "
              + index);
    }
    return index < 0 ? index + size : index;
  }

  static Shape without(Shape shape, int axis) {
    return Shape.of(without(shape.dims(), axis));
  }

  static int[] without(int[] all, int axis) {
    int[] rest = new int[all.length - 1];
    System.arraycopy(all, 0, rest, 0, axis);
    System.arraycopy(all, axis + 1, rest, axis, rest.length - axis);
    return rest;
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return select(in[0], axis(Batch.sampleShape(in[0])) + 1, index);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    Shape from = in[0].shape();
    int axis = axis(from);
    position(from, axis);
    return graph.node(
        "Gather",
        Map.of("axis", axis),
        in[0].dtype(),
        without(from, axis),
        in[0],
        graph.scalar(DType.I64, index));
  }

  @Override
  public void samples(Samples s) {
    s.add(new Select(0, 1), s.randn(3, 2));
    s.add(new Select(-1, -2), s.randn(2, 3));
    s.add(new Select(1, 0), s.randn(2, 3, 4).transpose(1, 2));
    s.add(new Select(0, 0), s.randn(1));
    s.add(new Select(1, 1), s.randn(0, 2));
    s.reject(new Select(0, 3), "index must lie in", s.randn(3));
    s.reject(new Select(0, -4), "index must lie in", s.randn(3));
    s.reject(new Select(0, 0), "no dimension", s.randn());
  }
}
