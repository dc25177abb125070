package dev.autograd.ops.memory;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.index.StridedCopy;

/// Copies of elements between tensors of one element type; nothing is recorded.
public final class TensorCopy {
  private TensorCopy() {}

  /// Returns the elements of `x` in row-major order, a fresh tensor.
  public static Tensor contiguous(Tensor x) {
    Shape shape = x.shape();
    Storage y = Storage.empty(x.dtype(), shape.numel());
    into(x, y, 0, shape.strides());
    return Tensor.of(y, shape);
  }

  /// Returns `x` if its elements lie in row-major order without gaps, else [#contiguous].
  public static Tensor dense(Tensor x) {
    return x.isContiguous() ? x : contiguous(x);
  }

  /// Copies `source` to the place in `target` that starts at `offset` and has these strides.
  public static void into(Tensor source, Storage target, int offset, int[] strides) {
    copy(
        source.shape().dims(),
        source.memory(),
        source.offset(),
        source.strides(),
        target,
        offset,
        strides);
  }

  /// Copies `shape` elements; strides of 0 or less may be read, not written.
  public static void copy(
      int[] shape, Storage x, int xOffset, int[] xStrides, Storage y, int yOffset, int[] yStrides) {
    switch (x.dtype()) {
      case F32 ->
          StridedCopy.copy(shape, x.floats(), xOffset, xStrides, y.floats(), yOffset, yStrides);
      case F64 ->
          StridedCopy.copy(shape, x.doubles(), xOffset, xStrides, y.doubles(), yOffset, yStrides);
      case I64 ->
          StridedCopy.copy(shape, x.longs(), xOffset, xStrides, y.longs(), yOffset, yStrides);
      case I32 -> StridedCopy.copy(shape, x.ints(), xOffset, xStrides, y.ints(), yOffset, yStrides);
      case U8, BOOL ->
          StridedCopy.copy(shape, x.bytes(), xOffset, xStrides, y.bytes(), yOffset, yStrides);
      case F16, BF16 ->
          StridedCopy.copy(
              shape,
              (short[]) x.array(),
              xOffset,
              xStrides,
              (short[]) y.array(),
              yOffset,
              yStrides);
    }
  }

  /// Writes `value`, converted as [TensorCast] does, into `shape` elements.
  public static void fill(int[] shape, double value, Storage y, int yOffset, int[] yStrides) {
    Storage one = TensorCast.cast(Storage.of(new double[] {value}, DType.F64), 0, 1, y.dtype());
    copy(shape, one, 0, new int[shape.length], y, yOffset, yStrides);
  }
}
