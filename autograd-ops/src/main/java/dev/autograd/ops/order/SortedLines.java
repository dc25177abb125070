package dev.autograd.ops.order;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.kernel.sort.Sort;
import dev.autograd.ops.memory.TensorCast;
import dev.autograd.ops.memory.TensorCopy;

/// The lines of `[outer, n, inner]` in ascending order; equal elements keep their order and NaNs
/// come last.
///
/// @param outer the number of elements before the sorted dimension
/// @param n the length of a line, at least 1 if there are lines
/// @param inner the number of elements after the sorted dimension
/// @param values the elements, contiguous
/// @param index where in its line each of them was
record SortedLines(int outer, int n, int inner, Storage values, long[] index) {

  /// Sorts a tensor as `[outer, n, inner]`.
  ///
  /// @throws AutogradException (`DTYPE`) if the type is not computed with, (`SHAPE`) if lines are
  ///   empty
  static SortedLines of(String who, Tensor x, int outer, int n, int inner) {
    if (x.dtype() == DType.F16 || x.dtype() == DType.BF16) {
      throw new AutogradException(
          ErrorKind.DTYPE,
          who + ": " + x.dtype() + " is kept in files, not computed with. Cast to f32 first.");
    }
    if (n == 0 && outer * inner > 0) {
      throw new AutogradException(
          ErrorKind.SHAPE,
          who
              + ": no elements to choose from in shape "
              + x.shape()
              + ". Take dimensions that are not empty.");
    }
    Tensor dense = TensorCopy.dense(x.dtype().isFloating() ? x : TensorCast.to(x, DType.I64));
    Storage v = dense.memory();
    int at = dense.offset();
    int count = outer * n * inner;
    Storage values = Storage.zeros(dense.dtype(), count);
    long[] index = new long[count];
    switch (dense.dtype()) {
      case F32 ->
          Sort.sort(v.floats(), at, outer, n, inner, false, n, values.floats(), 0, index, 0);
      case F64 ->
          Sort.sort(v.doubles(), at, outer, n, inner, false, n, values.doubles(), 0, index, 0);
      case I64 -> Sort.sort(v.longs(), at, outer, n, inner, false, n, values.longs(), 0, index, 0);
      case BOOL, U8, I32, F16, BF16 -> throw new IllegalStateException("was cast or refused");
    }
    return new SortedLines(outer, n, inner, values, index);
  }

  /// Returns how many lines there are.
  int lines() {
    return outer * inner;
  }

  /// Returns where element `i` of a line is.
  int at(int line, int i) {
    return (line / inner * n + i) * inner + line % inner;
  }

  /// Returns how many elements of a line are numbers.
  int numbers(int line) {
    int m = n;
    if (values.dtype().isFloating()) {
      while (m > 0 && Double.isNaN(values.getDouble(at(line, m - 1)))) {
        m--;
      }
    }
    return m;
  }

  /// Returns the place of the lower median of a line: of its numbers if NaNs are ignored, else a
  /// NaN if there is one.
  int median(int line, boolean ignoringNan) {
    int m = numbers(line);
    return m == 0 ? 0 : m < n && !ignoringNan ? n - 1 : (m - 1) / 2;
  }
}
