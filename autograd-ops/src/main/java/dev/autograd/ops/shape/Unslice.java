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

/// Zeros with the entries of `x` placed evenly along a dimension; the adjoint of [Slice].
///
/// - **Formula** `y[.., start + i·step, ..] = x[.., i, ..]`, 0 elsewhere, `dx = g` at those entries
/// - **Shapes** `x: [.., m, ..] → y: [.., size, ..]`
/// - **DType** all
/// - **Smooth** everywhere
/// - **ONNX** Pad (13)
/// - **Source** the transpose of a selection matrix
///
/// @param dim the dimension; negative counts from the end
/// @param start where the first entry goes
/// @param step the distance of entries, at least 1
/// @param size the size of the dimension in the result
public record Unslice(int dim, int start, int step, int size) implements Function {

  /// Makes the prototype, which adds a zero at the end of the first dimension.
  public Unslice() {
    this(0, 0, 1, 3);
  }

  /// Returns zeros of size `size` along `dim`, with the entries of `x` at `start`, `start + step`,
  /// ….
  ///
  /// @throws AutogradException (`ARGUMENT`) if the entries do not fit
  public static Tensor unslice(Tensor x, int dim, int start, int step, int size) {
    return new Unslice(dim, start, step, size).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    int axis = axis(x.shape());
    Shape to = x.shape().with(axis, size);
    Storage y = Storage.zeros(x.dtype(), to.numel());
    int[] strides = to.strides();
    int offset = start * strides[axis];
    strides[axis] *= step;
    TensorCopy.into(x, y, offset, strides);
    return Tensor.of(y, to);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    int axis = axis(ctx.inputShape(0));
    int count = ctx.inputShape(0).size(axis);
    int end = count == 0 ? start : start + (count - 1) * step + 1;
    return new Tensor[] {Slice.slice(g, axis, start, end, step)};
  }

  private int axis(Shape shape) {
    if (shape.rank() == 0) {
      throw new AutogradException(ErrorKind.INDEX, "unslice: a scalar has no dimension to extend");
    }
    int axis = shape.axis("unslice", dim);
    long last = start + (shape.size(axis) - 1L) * step;
    if (start < 0 || step < 1 || (shape.size(axis) > 0 && last >= size)) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          "unslice: the entries must fit, got start "
              + start
              + " and step "
              + step
              + " for dimension "
              + axis
              + " of shape "
              + shape
              + " in a size of "
              + size);
    }
    return axis;
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    return unslice(in[0], axis(Batch.sampleShape(in[0])) + 1, start, step, size);
  }

  /// Spreads the entries by zeros after each of them, then pads or cuts both ends.
  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    OnnxGraph.Value x = in[0];
    Shape from = x.shape();
    int axis = axis(from);
    int n = from.size(axis);
    if (step > 1) {
      int[] split = new int[from.rank() + 1];
      for (int d = 0; d < split.length; d++) {
        split[d] = d <= axis ? from.size(d) : d == axis + 1 ? 1 : from.size(d - 1);
      }
      Shape single = Shape.of(split);
      x = graph.node("Unsqueeze", Map.of(), x.dtype(), single, x, graph.constant(axis + 1));
      x = Pad.onnxPad(graph, x, axis + 1, 0, step - 1);
      n *= step;
      Shape spread = from.with(axis, n);
      x =
          graph.node(
              "Reshape",
              Map.of(),
              x.dtype(),
              spread,
              x,
              graph.constant(Ints.of(spread.dims()).toLongs()));
    }
    return Pad.onnxPad(graph, x, axis, start, size - start - n);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Unslice(0, 1, 1, 4), s.randn(2, 3));
    s.add(new Unslice(-1, 1, 2, 7), s.randn(3, 2).transpose(0, 1));
    s.add(new Unslice(0, 0, 3, 4), s.randn(2));
    s.add(new Unslice(0, 2, 1, 3), s.randn(0));
    s.reject(new Unslice(0, 2, 1, 3), "must fit", s.randn(2));
  }
}
