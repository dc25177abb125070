package dev.autograd.ops.shape;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.DType;
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

/// Tensors joined along an existing dimension; copies.
///
/// - **Formula** `y = [x₀ x₁ …]`; `dxₖ` = its slice of `g`
/// - **Shapes** `xₖ: [.., nₖ, ..] → y: [.., n₀ + n₁ + …, ..]`
/// - **DType** all, promoted
/// - **Smooth** everywhere
/// - **ONNX** Concat (4)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.concatenate.html
///
/// @param dim the dimension; negative counts from the end
public record Cat(int dim) implements Function {

  /// Makes the prototype, which joins along the first dimension.
  public Cat() {
    this(0);
  }

  /// Joins tensors along `dim`; element types are promoted to a common one.
  ///
  /// @throws AutogradException (`ARGUMENT`) if there are none, (`SHAPE`) if they differ in another
  ///   dimension, (`INDEX`) if there is no such dimension
  public static Tensor cat(List<Tensor> all, int dim) {
    return new Cat(dim).apply(promoted("cat", all));
  }

  /// Returns the tensors in their common element type.
  static Tensor[] promoted(String who, List<Tensor> all) {
    if (all.isEmpty()) {
      throw new AutogradException(
          ErrorKind.ARGUMENT, who + ": takes at least one tensor, got none");
    }
    DType common = all.get(0).dtype();
    for (Tensor x : all) {
      common = DType.promote(common, x.dtype());
    }
    Tensor[] same = new Tensor[all.size()];
    for (int k = 0; k < same.length; k++) {
      same[k] = all.get(k).to(common);
    }
    return same;
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Shape to = joined(shapes(in));
    int axis = to.axis("cat", dim);
    Storage y = Storage.empty(in[0].dtype(), to.numel());
    int[] strides = to.strides();
    int at = 0;
    for (Tensor x : in) {
      TensorCopy.into(x, y, at * strides[axis], strides);
      at += x.size(axis);
    }
    return Tensor.of(y, to);
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    int axis = g.shape().axis("cat", dim);
    @Nullable Tensor[] grads = new Tensor[ctx.inputCount()];
    int at = 0;
    for (int k = 0; k < grads.length; k++) {
      int n = ctx.inputShape(k).size(axis);
      if (ctx.needs(k)) {
        grads[k] = Slice.slice(g, axis, at, at + n, 1);
      }
      at += n;
    }
    return grads;
  }

  private static Shape[] shapes(Tensor[] in) {
    Shape[] shapes = new Shape[in.length];
    for (int k = 0; k < in.length; k++) {
      shapes[k] = in[k].shape();
    }
    return shapes;
  }

  private Shape joined(Shape[] all) {
    Shape first = all[0];
    if (first.rank() == 0) {
      throw new AutogradException(
          ErrorKind.SHAPE, "cat: a scalar has no dimension to join along. Use stack.");
    }
    int axis = first.axis("cat", dim);
    long total = 0;
    for (int k = 0; k < all.length; k++) {
      Shape x = all[k];
      if (x.rank() != first.rank() || !x.with(axis, 0).equals(first.with(axis, 0))) {
        throw new AutogradException(
            ErrorKind.SHAPE,
            "cat: sizes must match except in dimension "
                + axis
                + ", got "
                + first
                + " and, at position "
                + k
                + ", "
                + x);
      }
      total += x.size(axis);
    }
    return first.with(axis, Math.toIntExact(total));
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    Tensor[] all = batch.repeated(in);
    return new Cat(Batch.dim("cat", dim, all[0])).apply(all);
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    Shape[] shapes = new Shape[in.length];
    for (int k = 0; k < in.length; k++) {
      shapes[k] = in[k].shape();
    }
    Shape to = joined(shapes);
    return graph.node("Concat", Map.of("axis", to.axis("cat", dim)), in[0].dtype(), to, in);
  }

  @Override
  public void samples(Samples s) {
    s.add(new Cat(0), s.randn(2, 3), s.randn(1, 3));
    s.add(new Cat(-1), s.randn(2, 3), s.randn(1, 2).transpose(0, 1), s.randn(2, 0));
    s.add(new Cat(0), s.randn(2));
    s.add(new Cat(1), s.randn(0, 1), s.randn(0, 2));
    Tensor x = s.randn(2, 2);
    s.add(new Cat(1), x, x);
    s.reject(new Cat(0), "sizes must match except", s.randn(2, 3), s.randn(2, 2));
    s.reject(new Cat(0), "sizes must match except", s.randn(2, 3), s.randn(2));
    s.reject(new Cat(0), "no dimension", s.randn());
  }
}
