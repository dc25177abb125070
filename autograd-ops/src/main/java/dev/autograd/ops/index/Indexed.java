package dev.autograd.ops.index;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.memory.TensorCopy;
import dev.autograd.spi.OnnxGraph;
import java.util.Arrays;
import java.util.Map;

/// What operations along one dimension ask of their shapes and types.
final class Indexed {
  private Indexed() {}

  /// Checks an index tensor of the rank of `x` and no greater but along `dim`; returns the
  /// dimension.
  static int axis(String who, Shape x, int dim, Shape index) {
    int axis = x.axis(who, dim);
    boolean fits = index.rank() == x.rank();
    for (int d = 0; fits && d < x.rank(); d++) {
      fits = d == axis || index.size(d) <= x.size(d);
    }
    if (!fits) {
      throw new AutogradException(
          ErrorKind.SHAPE,
          who
              + ": index must have the rank of x and be no greater in dimensions other than "
              + axis
              + ", got index "
              + index
              + " and x "
              + x);
    }
    return axis;
  }

  /// Returns the part of `source` that an index tensor of shape `index` reaches.
  static Tensor reached(String who, Tensor source, Shape index, DType dtype) {
    boolean fits = index.rank() == source.rank();
    for (int d = 0; fits && d < index.rank(); d++) {
      fits = index.size(d) <= source.size(d);
    }
    if (!fits) {
      throw new AutogradException(
          ErrorKind.SHAPE,
          who
              + ": source must be at least as great as index, got source "
              + source.shape()
              + " and index "
              + index);
    }
    sameType(who, source, dtype);
    return source.shape().equals(index)
        ? source
        : source.alias(index, source.strides(), source.offset());
  }

  static void sameType(String who, Tensor source, DType dtype) {
    if (source.dtype() != dtype) {
      throw new AutogradException(
          ErrorKind.DTYPE,
          who
              + ": source must have the type of x, "
              + dtype
              + ", got "
              + source.dtype()
              + ". Cast it first.");
    }
  }

  /// Returns the amounts by which `from` falls short of `to`, for [dev.autograd.ops.shape.Pad].
  static int[] shortfall(Shape from, Shape to) {
    int rank = from.rank();
    int[] padding = new int[2 * rank];
    for (int d = 0; d < rank; d++) {
      padding[2 * (rank - 1 - d) + 1] = to.size(d) - from.size(d);
    }
    return padding;
  }

  /// Returns the indices `[B, m]` of whole slices along `axis` as those of every element of them.
  ///
  /// @param x the shape that is indexed, with the batch as its first dimension
  static Tensor everywhere(Tensor index, int axis, Shape x) {
    int[] line = new int[x.rank()];
    Arrays.fill(line, 1);
    line[0] = index.size(0);
    line[axis] = index.size(1);
    return index.reshape(line).expand(x.with(axis, index.size(1)).dims());
  }

  /// Returns a copy of `x` to write into.
  static Tensor copy(Tensor x) {
    return TensorCopy.contiguous(x);
  }

  /// Cuts a value down to the part that an index reaches.
  static OnnxGraph.Value onnxReached(OnnxGraph graph, OnnxGraph.Value source, Shape index) {
    OnnxGraph.Value y = source;
    for (int d = 0; d < index.rank(); d++) {
      if (y.shape().size(d) != index.size(d)) {
        y =
            graph.node(
                "Slice",
                Map.of(),
                y.dtype(),
                y.shape().with(d, index.size(d)),
                y,
                graph.constant(0),
                graph.constant(index.size(d)),
                graph.constant(d));
      }
    }
    return y;
  }
}
