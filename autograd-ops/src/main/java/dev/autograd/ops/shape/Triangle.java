package dev.autograd.ops.shape;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Shape;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorCopy;
import dev.autograd.spi.OnnxGraph;
import java.util.Map;

/// The triangles on either side of a diagonal of the last two dimensions.
final class Triangle {
  private Triangle() {}

  /// Returns the elements of `x` on the diagonal and on one side of it, zeros on the other.
  static Tensor of(String who, Tensor x, long diagonal, boolean upper) {
    Shape shape = checked(who, x.shape());
    Storage y = Storage.zeros(x.dtype(), shape.numel());
    int rows = shape.size(-2);
    int columns = shape.size(-1);
    int[] row = shape.dims();
    row[row.length - 2] = 1;
    int[] strides = shape.strides();
    int[] from = x.strides();
    int last = row.length - 1;
    for (int i = 0; i < rows; i++) {
      int edge = Math.clamp(i + diagonal + (upper ? 0 : 1), 0, columns);
      int first = upper ? edge : 0;
      row[last] = upper ? columns - edge : edge;
      TensorCopy.copy(
          row,
          x.memory(),
          x.offset() + i * from[last - 1] + first * from[last],
          from,
          y,
          i * columns + first,
          strides);
    }
    return Tensor.of(y, shape);
  }

  private static Shape checked(String who, Shape shape) {
    if (shape.rank() < 2) {
      throw refused(who, shape);
    }
    return shape;
  }

  static AutogradException refused(String who, Shape shape) {
    return new AutogradException(
        ErrorKind.SHAPE, who + ": takes a tensor of at least two dimensions, got shape " + shape);
  }

  static OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value x, int diagonal, boolean upper) {
    return graph.node(
        "Trilu",
        Map.of("upper", upper ? 1 : 0),
        x.dtype(),
        x.shape(),
        x,
        graph.scalar(DType.I64, diagonal));
  }
}
