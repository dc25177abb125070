package dev.autograd.ops.shape;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.Shape;

/// Two dimensions of a tensor and a diagonal in them.
///
/// @param offset which diagonal, 0 the main one
/// @param rowDim the dimension of rows
/// @param columnDim the dimension of columns
/// @param rows its size
/// @param columns its size
record DiagonalPlane(int offset, int rowDim, int columnDim, int rows, int columns) {

  /// Finds the dimensions of a tensor with them.
  static DiagonalPlane in(String who, Shape shape, int offset, int dim1, int dim2) {
    int rowDim = shape.axis(who, dim1);
    int columnDim = shape.axis(who, dim2);
    if (rowDim == columnDim) {
      throw new AutogradException(
          ErrorKind.ARGUMENT,
          who + ": takes two dimensions, got dimension " + rowDim + " twice for shape " + shape);
    }
    return new DiagonalPlane(offset, rowDim, columnDim, shape.size(rowDim), shape.size(columnDim));
  }

  /// Returns how many elements the diagonal has.
  int length() {
    long below = Math.min(rows + (long) Math.min(offset, 0), columns - (long) Math.max(offset, 0));
    return (int) Math.max(0, below);
  }

  /// Returns the shape of the diagonals of a tensor.
  Shape of(Shape shape) {
    int[] sizes = new int[shape.rank() - 1];
    int at = 0;
    for (int d = 0; d < shape.rank(); d++) {
      if (d != rowDim && d != columnDim) {
        sizes[at++] = shape.size(d);
      }
    }
    sizes[at] = length();
    return Shape.of(sizes);
  }

  /// Returns the order of dimensions that puts rows and columns last.
  int[] last(int rank) {
    int[] order = new int[rank];
    int at = 0;
    for (int d = 0; d < rank; d++) {
      if (d != rowDim && d != columnDim) {
        order[at++] = d;
      }
    }
    order[at] = rowDim;
    order[at + 1] = columnDim;
    return order;
  }

  /// Returns where the diagonal is in the plane, row after row.
  long[] positions() {
    long[] at = new long[length()];
    for (int i = 0; i < at.length; i++) {
      at[i] = (i + Math.max(0, -offset)) * (long) columns + i + Math.max(0, offset);
    }
    return at;
  }
}
