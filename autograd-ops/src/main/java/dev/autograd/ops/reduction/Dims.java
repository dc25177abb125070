package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.reduce.Axes;
import dev.autograd.ops.shape.Ints;
import java.util.Arrays;

/// Which dimensions a reduction removes, and what is left.
final class Dims {
  private Dims() {}

  /// Marks the dimensions that go: those named, or all if none are.
  static boolean[] gone(String who, Shape shape, Ints dims) {
    boolean[] gone = new boolean[shape.rank()];
    if (dims.isEmpty()) {
      Arrays.fill(gone, true);
    }
    for (int i = 0; i < dims.size(); i++) {
      int d = shape.axis(who, dims.get(i));
      if (d >= gone.length) {
        continue; // a scalar passes as a tensor of one dimension of size 1
      }
      if (gone[d]) {
        throw new AutogradException(
            ErrorKind.ARGUMENT,
            who + ": every dimension may be named once, got " + dims + " for shape " + shape);
      }
      gone[d] = true;
    }
    return gone;
  }

  /// Returns the shape with the dimensions that go set to 1.
  static Shape kept(Shape shape, boolean[] gone) {
    int[] sizes = shape.dims();
    for (int d = 0; d < sizes.length; d++) {
      sizes[d] = gone[d] ? 1 : sizes[d];
    }
    return Shape.of(sizes);
  }

  /// Returns the shape of the result.
  static Shape left(Shape shape, boolean[] gone, boolean keepDim) {
    if (keepDim) {
      return kept(shape, gone);
    }
    int[] sizes = new int[gone.length];
    int n = 0;
    for (int d = 0; d < gone.length; d++) {
      if (!gone[d]) {
        sizes[n++] = shape.size(d);
      }
    }
    return Shape.of(Arrays.copyOf(sizes, n));
  }

  /// Returns how many elements make one result.
  static int count(Shape shape, boolean[] gone) {
    int n = 1;
    for (int d = 0; d < gone.length; d++) {
      n *= gone[d] ? shape.size(d) : 1;
    }
    return n;
  }

  /// Returns the dimensions that go, in order.
  static int[] list(boolean[] gone) {
    int[] dims = new int[gone.length];
    int n = 0;
    for (int d = 0; d < gone.length; d++) {
      if (gone[d]) {
        dims[n++] = d;
      }
    }
    return Arrays.copyOf(dims, n);
  }

  static Axes axes(Tensor x, boolean[] gone) {
    return Axes.of(x.shape().dims(), x.strides(), gone);
  }

  /// Refuses a tensor whose type has no arithmetic of its own here.
  static void requireComputed(String who, Tensor x) {
    if (x.dtype() == DType.F16 || x.dtype() == DType.BF16) {
      throw new AutogradException(
          ErrorKind.DTYPE,
          who + ": " + x.dtype() + " is kept in files, not computed with. Cast to f32 first.");
    }
  }

  /// Refuses a tensor that is not `f32` or `f64`.
  static void requireFloating(String who, Tensor x) {
    requireComputed(who, x);
    if (!x.dtype().isFloating()) {
      throw new AutogradException(
          ErrorKind.DTYPE,
          who
              + ": takes a floating-point tensor, got "
              + x.dtype()
              + ". Cast it first, to f32 say.");
    }
  }

  /// Refuses to choose from nothing.
  static void requireElements(String who, Shape shape, boolean[] gone) {
    if (count(shape, gone) == 0 && left(shape, gone, false).numel() > 0) {
      throw new AutogradException(
          ErrorKind.SHAPE,
          who
              + ": no elements to choose from along dimensions "
              + Arrays.toString(list(gone))
              + " of shape "
              + shape
              + ". Reduce over dimensions that are not empty.");
    }
  }
}
