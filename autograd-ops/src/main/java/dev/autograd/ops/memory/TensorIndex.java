package dev.autograd.ops.memory;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.index.AxisIndex;
import dev.autograd.kernel.index.FlatIndex;
import dev.autograd.kernel.index.SliceIndex;

/// Reads and writes of elements at given indices; nothing is recorded.
///
/// Indices are the [#positions] of a tensor. Whoever asks is named in messages.
public final class TensorIndex {
  private TensorIndex() {}

  /// Returns the elements of an index tensor as contiguous `i64`.
  ///
  /// @throws AutogradException (`DTYPE`) if it is neither `i64` nor `i32`
  public static long[] positions(String who, Tensor index) {
    Tensor dense =
        switch (index.dtype()) {
          case I64 -> isWhole(index) ? index : TensorCopy.contiguous(index);
          case I32 -> TensorCast.cast(index, DType.I64);
          case BOOL, U8, F16, BF16, F32, F64 ->
              throw new AutogradException(
                  ErrorKind.DTYPE, who + ": indices must be i64 or i32, got " + index.dtype());
        };
    return dense.memory().longs();
  }

  /// Tells whether the elements are all there is in their array, in row-major order.
  private static boolean isWhole(Tensor x) {
    return x.isContiguous() && x.offset() == 0 && x.memory().length() == x.numel();
  }

  /// Returns `x` with its elements in row-major order, of a type that can be indexed.
  private static Tensor indexed(String who, Tensor x) {
    if (x.dtype() == DType.F16 || x.dtype() == DType.BF16) {
      throw new AutogradException(
          ErrorKind.DTYPE,
          who + ": " + x.dtype() + " is kept in files, not computed with. Cast to f32 first.");
    }
    return x;
  }

  /// Refuses the index at flat place `bad` of an index tensor, unless that is negative.
  public static void check(String who, int bad, long[] index, Shape shape, int axis, int size) {
    if (bad < 0) {
      return;
    }
    StringBuilder place = new StringBuilder("[");
    int[] strides = shape.strides();
    int left = bad;
    for (int d = 0; d < strides.length; d++) {
      place.append(d == 0 ? "" : ", ").append(left / strides[d]);
      left %= strides[d];
    }
    throw new AutogradException(
        ErrorKind.INDEX,
        who
            + ": indices must lie in [0, "
            + size
            + "), the size of dimension "
            + axis
            + ", got "
            + index[bad]
            + " at position "
            + place.append(']'));
  }

  /// Returns `x[.., index[..], ..]`, one element for each index.
  ///
  /// @param index positions along `axis`, contiguous of `shape`
  public static Storage gather(String who, Tensor x, int axis, long[] index, Shape shape) {
    Tensor from = indexed(who, x);
    int size = from.rank() == 0 ? 1 : from.size(axis);
    int[] s = shape.dims();
    int[] strides = from.strides();
    int at = from.offset();
    Storage v = from.memory();
    Storage y = Storage.empty(v.dtype(), shape.numel());
    int bad =
        switch (v.dtype()) {
          case F32 ->
              AxisIndex.gather(s, axis, size, v.floats(), at, strides, index, 0, y.floats(), 0);
          case F64 ->
              AxisIndex.gather(s, axis, size, v.doubles(), at, strides, index, 0, y.doubles(), 0);
          case I64 ->
              AxisIndex.gather(s, axis, size, v.longs(), at, strides, index, 0, y.longs(), 0);
          case I32 -> AxisIndex.gather(s, axis, size, v.ints(), at, strides, index, 0, y.ints(), 0);
          case U8, BOOL ->
              AxisIndex.gather(s, axis, size, v.bytes(), at, strides, index, 0, y.bytes(), 0);
          case F16, BF16 -> throw new IllegalStateException("was refused");
        };
    check(who, bad, index, shape, axis, size);
    return y;
  }

  /// Writes the elements of `source` over `y[.., index[..], ..]`; the last of equal positions
  /// stays.
  ///
  /// @param y a contiguous tensor of the type of `source`
  /// @param index positions along `axis`, contiguous of the shape of `source`
  public static void scatter(String who, Tensor source, int axis, long[] index, Tensor y) {
    Tensor from = TensorCopy.dense(indexed(who, source));
    int size = y.rank() == 0 ? 1 : y.size(axis);
    int[] s = from.shape().dims();
    int[] strides = y.strides();
    int at = from.offset();
    Storage v = from.memory();
    Storage to = y.memory();
    int bad =
        switch (v.dtype()) {
          case F32 ->
              AxisIndex.scatter(s, axis, size, v.floats(), at, index, 0, to.floats(), 0, strides);
          case F64 ->
              AxisIndex.scatter(s, axis, size, v.doubles(), at, index, 0, to.doubles(), 0, strides);
          case I64 ->
              AxisIndex.scatter(s, axis, size, v.longs(), at, index, 0, to.longs(), 0, strides);
          case I32 ->
              AxisIndex.scatter(s, axis, size, v.ints(), at, index, 0, to.ints(), 0, strides);
          case U8, BOOL ->
              AxisIndex.scatter(s, axis, size, v.bytes(), at, index, 0, to.bytes(), 0, strides);
          case F16, BF16 -> throw new IllegalStateException("was refused");
        };
    check(who, bad, index, from.shape(), axis, size);
  }

  /// Adds the elements of `source` to `y[.., index[..], ..]`, in row-major order.
  ///
  /// @param y a contiguous tensor of the type of `source`
  /// @param index positions along `axis`, contiguous of the shape of `source`
  public static void scatterAdd(String who, Tensor source, int axis, long[] index, Tensor y) {
    Tensor from = TensorCopy.dense(indexed(who, source));
    int size = y.rank() == 0 ? 1 : y.size(axis);
    int[] s = from.shape().dims();
    int[] strides = y.strides();
    int at = from.offset();
    Storage v = from.memory();
    Storage to = y.memory();
    int bad =
        switch (v.dtype()) {
          case F32 ->
              AxisIndex.scatterAdd(
                  s, axis, size, v.floats(), at, index, 0, to.floats(), 0, strides);
          case F64 ->
              AxisIndex.scatterAdd(
                  s, axis, size, v.doubles(), at, index, 0, to.doubles(), 0, strides);
          case I64 ->
              AxisIndex.scatterAdd(s, axis, size, v.longs(), at, index, 0, to.longs(), 0, strides);
          case I32 ->
              AxisIndex.scatterAdd(s, axis, size, v.ints(), at, index, 0, to.ints(), 0, strides);
          case U8, BOOL, F16, BF16 -> throw notAdded(who, v.dtype());
        };
    check(who, bad, index, from.shape(), axis, size);
  }

  /// Returns whole slices `x[.., index[i], ..]`.
  ///
  /// @param shape the shape of the index tensor, which takes the place of `axis`
  public static Storage select(String who, Tensor x, int axis, long[] index, Shape shape) {
    Tensor from = TensorCopy.dense(indexed(who, x));
    Middle m = Middle.of(from.shape(), axis);
    int n = index.length;
    int at = from.offset();
    Storage v = from.memory();
    Storage y = Storage.empty(v.dtype(), Math.toIntExact((long) m.outer * n * m.inner));
    int bad =
        switch (v.dtype()) {
          case F32 ->
              SliceIndex.select(
                  m.outer, m.axis, m.inner, v.floats(), at, index, 0, n, y.floats(), 0);
          case F64 ->
              SliceIndex.select(
                  m.outer, m.axis, m.inner, v.doubles(), at, index, 0, n, y.doubles(), 0);
          case I64 ->
              SliceIndex.select(m.outer, m.axis, m.inner, v.longs(), at, index, 0, n, y.longs(), 0);
          case I32 ->
              SliceIndex.select(m.outer, m.axis, m.inner, v.ints(), at, index, 0, n, y.ints(), 0);
          case U8, BOOL ->
              SliceIndex.select(m.outer, m.axis, m.inner, v.bytes(), at, index, 0, n, y.bytes(), 0);
          case F16, BF16 -> throw new IllegalStateException("was refused");
        };
    check(who, bad, index, shape, axis, m.axis);
    return y;
  }

  /// Adds whole slices of `source` to `y[.., index[i], ..]`, in order.
  ///
  /// @param y a contiguous tensor of the type of `source`
  /// @param shape the shape of the index tensor, which takes the place of `axis` in `source`
  public static void addSlices(
      String who, Tensor source, int axis, long[] index, Shape shape, Tensor y) {
    Tensor from = TensorCopy.dense(indexed(who, source));
    Middle m = Middle.of(y.shape(), axis);
    int n = index.length;
    int at = from.offset();
    Storage v = from.memory();
    Storage to = y.memory();
    int bad =
        switch (v.dtype()) {
          case F32 ->
              SliceIndex.add(m.outer, m.axis, m.inner, v.floats(), at, index, 0, n, to.floats(), 0);
          case F64 ->
              SliceIndex.add(
                  m.outer, m.axis, m.inner, v.doubles(), at, index, 0, n, to.doubles(), 0);
          case I64 ->
              SliceIndex.add(m.outer, m.axis, m.inner, v.longs(), at, index, 0, n, to.longs(), 0);
          case I32 ->
              SliceIndex.add(m.outer, m.axis, m.inner, v.ints(), at, index, 0, n, to.ints(), 0);
          case U8, BOOL, F16, BF16 -> throw notAdded(who, v.dtype());
        };
    check(who, bad, index, shape, axis, m.axis);
  }

  /// Returns the elements of `x` at flat row-major positions that are known to lie inside.
  public static Storage take(String who, Tensor x, long[] index) {
    Tensor from = TensorCopy.dense(indexed(who, x));
    int n = index.length;
    int size = from.numel();
    int at = from.offset();
    Storage v = from.memory();
    Storage y = Storage.empty(v.dtype(), n);
    int bad =
        switch (v.dtype()) {
          case F32 -> FlatIndex.take(v.floats(), at, size, index, 0, n, y.floats(), 0);
          case F64 -> FlatIndex.take(v.doubles(), at, size, index, 0, n, y.doubles(), 0);
          case I64 -> FlatIndex.take(v.longs(), at, size, index, 0, n, y.longs(), 0);
          case I32 -> FlatIndex.take(v.ints(), at, size, index, 0, n, y.ints(), 0);
          case U8, BOOL -> FlatIndex.take(v.bytes(), at, size, index, 0, n, y.bytes(), 0);
          case F16, BF16 -> throw new IllegalStateException("was refused");
        };
    check(who, bad, index, Shape.of(n), 0, size);
    return y;
  }

  /// Writes the elements of `source`, in order, at flat positions of a contiguous `y`.
  public static void put(String who, Tensor source, long[] index, Tensor y) {
    Tensor from = TensorCopy.dense(indexed(who, source));
    int n = index.length;
    int size = y.numel();
    int at = from.offset();
    Storage v = from.memory();
    Storage to = y.memory();
    int bad =
        switch (v.dtype()) {
          case F32 -> FlatIndex.put(v.floats(), at, index, 0, n, to.floats(), 0, size);
          case F64 -> FlatIndex.put(v.doubles(), at, index, 0, n, to.doubles(), 0, size);
          case I64 -> FlatIndex.put(v.longs(), at, index, 0, n, to.longs(), 0, size);
          case I32 -> FlatIndex.put(v.ints(), at, index, 0, n, to.ints(), 0, size);
          case U8, BOOL -> FlatIndex.put(v.bytes(), at, index, 0, n, to.bytes(), 0, size);
          case F16, BF16 -> throw new IllegalStateException("was refused");
        };
    check(who, bad, index, Shape.of(n), 0, size);
  }

  private static AutogradException notAdded(String who, DType dtype) {
    return new AutogradException(
        ErrorKind.DTYPE, who + ": " + dtype + " elements cannot be added. Cast them first.");
  }

  /// A shape seen as `[outer, axis, inner]`.
  private record Middle(int outer, int axis, int inner) {
    static Middle of(Shape shape, int axis) {
      if (shape.rank() == 0) {
        return new Middle(1, 1, 1);
      }
      int outer = 1;
      int inner = 1;
      for (int d = 0; d < shape.rank(); d++) {
        if (d < axis) {
          outer *= shape.size(d);
        } else if (d > axis) {
          inner *= shape.size(d);
        }
      }
      return new Middle(outer, shape.size(axis), inner);
    }
  }
}
