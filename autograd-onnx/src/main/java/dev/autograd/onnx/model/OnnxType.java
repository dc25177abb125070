package dev.autograd.onnx.model;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The type of a value in a graph.
public sealed interface OnnxType {
  /// A dense tensor; `dims` is null where even the rank is unknown.
  record Tensor(ElementType elementType, @Nullable List<Dim> dims) implements OnnxType {
    public Tensor {
      dims = dims == null ? null : List.copyOf(dims);
    }

    @Override
    public String toString() {
      return elementType + shape(dims);
    }
  }

  /// A sparse tensor.
  record SparseTensor(ElementType elementType, @Nullable List<Dim> dims) implements OnnxType {
    public SparseTensor {
      dims = dims == null ? null : List.copyOf(dims);
    }

    @Override
    public String toString() {
      return "sparse " + elementType + shape(dims);
    }
  }

  /// A list of values of one type.
  record Sequence(OnnxType element) implements OnnxType {}

  /// A value that may be absent.
  record Optional(OnnxType element) implements OnnxType {}

  /// A map from integers or strings to values of one type.
  record Mapping(ElementType key, OnnxType value) implements OnnxType {}

  private static String shape(@Nullable List<Dim> dims) {
    return dims == null
        ? "[...]"
        : dims.stream().map(Dim::toString).collect(Collectors.joining(", ", "[", "]"));
  }
}
