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
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Tensors of one shape joined along a new dimension; copies.
///
/// - **Formula** `y[.., k, ..] = xₖ`; `dxₖ = g[.., k, ..]`
/// - **Shapes** `m × [.., ..] → y: [.., m, ..]`
/// - **DType** all, promoted
/// - **Smooth** everywhere
/// - **ONNX** Unsqueeze (13) + Concat
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.stack.html
///
/// @param dim where the new dimension is in the result; negative counts from the result's end
public record Stack(int dim) implements Function {

  /// Makes the prototype, which joins along a new first dimension.
  public Stack() {
    this(0);
  }

  /// Joins tensors of one shape along a new dimension; element types are promoted to a common one.
  ///
  /// @throws AutogradException (`ARGUMENT`) if there are none, (`SHAPE`) if shapes differ,
  ///   (`INDEX`) if the dimension is out of range
  public static Tensor stack(List<Tensor> all, int dim) {
    return new Stack(dim).apply(Cat.promoted("stack", all));
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Shape[] shapes = new Shape[in.length];
    for (int k = 0; k < in.length; k++) {
      shapes[k] = in[k].shape();
    }
    int axis = axis(shapes);
    Shape to = stacked(shapes[0], axis, in.length);
    Storage y = Storage.empty(in[0].dtype(), to.numel());
    int step = to.strides()[axis];
    int[] strides = Select.without(to.strides(), axis);
    for (int k = 0; k < in.length; k++) {
      TensorCopy.into(in[k], y, k * step, strides);
    }
    return Tensor.of(y, to);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    int axis = axis(ctx.inputShape(0));
    @Nullable Tensor[] grads = new Tensor[ctx.inputCount()];
    for (int k = 0; k < grads.length; k++) {
      if (ctx.needs(k)) {
        grads[k] = Select.select(g, axis, k);
      }
    }
    return grads;
  }

  private int axis(Shape... shapes) {
    Shape first = shapes[0];
    for (int k = 1; k < shapes.length; k++) {
      if (!shapes[k].equals(first)) {
        throw new AutogradException(
            ErrorKind.SHAPE,
            "stack: all tensors must have one shape, got "
                + first
                + " and, at position "
                + k
                + ", "
                + shapes[k]
                + ". Join along an existing dimension with cat?");
      }
    }
    int rank = first.rank() + 1;
    if (dim < -rank || dim >= rank) {
      throw new AutogradException(
          ErrorKind.INDEX,
          "stack: dimension must lie in ["
              + -rank
              + ", "
              + (rank - 1)
              + "] for tensors of shape "
              + first
              + ", got "
              + dim);
    }
    return dim < 0 ? dim + rank : dim;
  }

  private static Shape stacked(Shape each, int axis, int count) {
    return Shape.of(Unsqueeze.inserted(each.dims(), axis, count));
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return new Stack(dim < 0 ? dim : dim + 1).apply(batch.repeated(in));
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    int axis = axis(in[0].shape());
    OnnxGraph.Value[] rows = new OnnxGraph.Value[in.length];
    for (int k = 0; k < in.length; k++) {
      rows[k] = new Unsqueeze(axis).onnx(graph, in[k]);
    }
    return graph.node(
        "Concat",
        Map.of("axis", axis),
        in[0].dtype(),
        stacked(in[0].shape(), axis, in.length),
        rows);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Stack(0), s.randn(2, 3), s.randn(2, 3));
    s.add(new Stack(-1), s.randn(2, 3), s.randn(3, 2).transpose(0, 1));
    s.add(new Stack(1), s.randn(2));
    s.add(new Stack(0), s.randn(), s.randn(), s.randn());
    s.add(new Stack(0), s.randn(0), s.randn(0));
    s.reject(new Stack(0), "one shape", s.randn(2), s.randn(3));
    s.reject(new Stack(3), "dimension must lie in", s.randn(2));
  }
}
