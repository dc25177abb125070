package dev.autograd.ops.shape;

import dev.autograd.AutogradException;
import dev.autograd.Batch;
import dev.autograd.Context;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorCopy;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.Samples;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The same elements, in row-major order, in another shape.
///
/// - **Formula** `y = x`, `dx = g` in the shape of `x`
/// - **Shapes** `x: [*] → y: sizes`, one of which may be −1 and follows from the others
/// - **DType** all
/// - **Smooth** everywhere
/// - **ONNX** Reshape (5)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.reshape.html
///
/// The result is a view where the strides of `x` allow it, else a copy.
///
/// @param sizes the sizes asked for
public record Reshape(Ints sizes) implements Function {

  /// Makes the prototype, which flattens.
  public Reshape() {
    this(Ints.of(-1));
  }

  /// Returns the elements of `x` in another shape; a view if it can be one.
  ///
  /// @param sizes the new sizes; one of them may be −1
  /// @throws AutogradException (`SHAPE`) if the numbers of elements differ or more than one size is
  ///   left open
  public static Tensor reshape(Tensor x, int... sizes) {
    return new Reshape(Ints.of(sizes)).apply(x);
  }

  @Override
  public boolean linear() {
    return true;
  }

  @Override
  public Tensor forward(Context ctx, Tensor... in) {
    Tensor x = in[0];
    Shape to = resolve(x.shape(), sizes);
    int[] strides = strides(x.shape().dims(), x.strides(), to);
    if (strides != null) {
      return x.alias(to, strides, x.offset());
    }
    return Tensor.of(TensorCopy.contiguous(x).memory(), to);
  }

  @Override
  public boolean plainViews() {
    return true;
  }

  @Override
  public @Nullable Tensor[] backward(Context ctx, Tensor g) {
    return new Tensor[] {reshape(g, ctx.inputShape(0).dims())};
  }

  /// Returns the shape that `sizes` ask for.
  private static Shape resolve(Shape from, Ints sizes) {
    int[] dims = sizes.toArray();
    int open = -1;
    long known = 1;
    for (int d = 0; d < dims.length; d++) {
      if (dims[d] == -1 && open < 0) {
        open = d;
      } else if (dims[d] < 0) {
        throw new AutogradException(
            ErrorKind.SHAPE,
            dims[d] == -1
                ? "reshape: only one size may be left open with -1, got " + sizes
                : "reshape: sizes cannot be negative, got "
                    + sizes
                    + ". Only -1 stands for a size.");
      } else {
        known *= dims[d];
      }
    }
    if (open >= 0) {
      if (known == 0) {
        throw new AutogradException(
            ErrorKind.SHAPE,
            "reshape: with a size of 0 any size would fit -1, got "
                + sizes
                + " for a tensor of shape "
                + from
                + ". Name the size.");
      }
      dims[open] = (int) (from.numel() / known);
      known *= dims[open];
    }
    if (known != from.numel()) {
      throw new AutogradException(
          ErrorKind.SHAPE,
          "reshape: the number of elements must stay, got "
              + from
              + " ("
              + from.numel()
              + " elements) into "
              + sizes
              + (open < 0 ? " (" + known + " elements)" : ", whose sizes do not divide it"));
    }
    return Shape.of(dims);
  }

  /// Returns the strides with which elements in these places have the shape `to`, `null` if there
  /// are none: every new dimension must lie inside a group of old ones that are evenly spaced as
  /// one.
  static int @Nullable [] strides(int[] from, int[] strides, Shape to) {
    int[] target = to.dims();
    if (to.numel() == 0) {
      return to.strides();
    }
    int[] result = new int[target.length];
    int d = target.length - 1;
    int i = from.length - 1;
    while (i >= 0) {
      // One group: grow it outwards while the next dimension continues its spacing.
      int step = strides[i];
      long group = from[i];
      while (i > 0 && (from[i - 1] == 1 || strides[i - 1] == group * step || group == 1)) {
        i--;
        if (group == 1) {
          step = strides[i];
        }
        group *= from[i];
      }
      i--;
      long covered = 1;
      while (d >= 0 && (covered < group || target[d] == 1)) {
        result[d] = (int) (step * covered);
        covered *= target[d];
        d--;
      }
      if (covered != group) {
        return null;
      }
    }
    while (d >= 0) {
      result[d--] = 1; // sizes of 1 in front, which address nothing
    }
    return result;
  }

  @Override
  public Tensor batched(Batch batch, Tensor... in) {
    Shape to = resolve(Batch.sampleShape(in[0]), sizes);
    return reshape(in[0], to.prepended(batch.size()).dims());
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    Shape to = resolve(in[0].shape(), sizes);
    long[] dims = sizes.toLongs();
    for (int i = 0; i < dims.length; i++) {
      if (dims[i] == 0) {
        return graph.node(
            "Reshape", Map.of("allowzero", 1), in[0].dtype(), to, in[0], graph.constant(dims));
      }
    }
    return graph.node("Reshape", Map.of(), in[0].dtype(), to, in[0], graph.constant(dims));
  }

  @Override
  public void samples(Samples s) {
    s.add(new Reshape(Ints.of(3, 2)), s.randn(2, 3));
    s.add(new Reshape(Ints.of(-1)), s.randn(2, 3, 2));
    s.add(new Reshape(Ints.of(2, -1, 1)), s.randn(4, 3));
    s.add(new Reshape(Ints.of(6)), s.randn(2, 3).transpose(0, 1));
    s.add(new Reshape(Ints.of(1, 1)), s.randn());
    s.add(new Reshape(Ints.NONE), s.randn(1));
    s.add(new Reshape(Ints.of(3, 0)), s.randn(0, 2));
    s.reject(new Reshape(Ints.of(4)), "number of elements must stay", s.randn(2, 3));
    s.reject(new Reshape(Ints.of(4, -1)), "do not divide", s.randn(2, 3));
    s.reject(new Reshape(Ints.of(-1, -1)), "only one size", s.randn(2, 3));
    s.reject(new Reshape(Ints.of(-1, 0)), "any size would fit", s.randn(0));
  }
}
