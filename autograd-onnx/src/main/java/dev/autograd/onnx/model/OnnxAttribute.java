package dev.autograd.onnx.model;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/// The value of a node's attribute.
public sealed interface OnnxAttribute {
  /// The kinds of attribute values.
  enum Kind {
    FLOAT,
    INT,
    STRING,
    TENSOR,
    GRAPH,
    FLOATS,
    INTS,
    STRINGS,
    TENSORS,
    GRAPHS,
    SPARSE,
    TYPE,
    TYPES;

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /// Returns the kind of this value.
  Kind kind();

  /// One number.
  record FloatValue(float value) implements OnnxAttribute {
    @Override
    public Kind kind() {
      return Kind.FLOAT;
    }
  }

  /// One 64-bit integer.
  record IntValue(long value) implements OnnxAttribute {
    @Override
    public Kind kind() {
      return Kind.INT;
    }
  }

  /// One string of UTF-8 text.
  record StringValue(String value) implements OnnxAttribute {
    @Override
    public Kind kind() {
      return Kind.STRING;
    }
  }

  /// One tensor.
  record TensorValue(OnnxTensor value) implements OnnxAttribute {
    @Override
    public Kind kind() {
      return Kind.TENSOR;
    }
  }

  /// One graph: a branch or a loop's body.
  record GraphValue(OnnxGraph value) implements OnnxAttribute {
    @Override
    public Kind kind() {
      return Kind.GRAPH;
    }
  }

  /// A list of numbers.
  record FloatList(List<Float> values) implements OnnxAttribute {
    public FloatList {
      values = List.copyOf(values);
    }

    @Override
    public Kind kind() {
      return Kind.FLOATS;
    }
  }

  /// A list of 64-bit integers.
  record IntList(List<Long> values) implements OnnxAttribute {
    public IntList {
      values = List.copyOf(values);
    }

    @Override
    public Kind kind() {
      return Kind.INTS;
    }
  }

  /// A list of strings of UTF-8 text.
  record StringList(List<String> values) implements OnnxAttribute {
    public StringList {
      values = List.copyOf(values);
    }

    @Override
    public Kind kind() {
      return Kind.STRINGS;
    }
  }

  /// A list of tensors.
  record TensorList(List<OnnxTensor> values) implements OnnxAttribute {
    public TensorList {
      values = List.copyOf(values);
    }

    @Override
    public Kind kind() {
      return Kind.TENSORS;
    }
  }

  /// A list of graphs.
  record GraphList(List<OnnxGraph> values) implements OnnxAttribute {
    public GraphList {
      values = List.copyOf(values);
    }

    @Override
    public Kind kind() {
      return Kind.GRAPHS;
    }
  }

  /// A sparse tensor: `values` is 1-D, `indices` linear or one row per value.
  record SparseValue(OnnxTensor values, OnnxTensor indices, List<Long> dims)
      implements OnnxAttribute {
    public SparseValue {
      dims = List.copyOf(dims);
    }

    @Override
    public Kind kind() {
      return Kind.SPARSE;
    }
  }

  /// A type.
  record TypeValue(OnnxType value) implements OnnxAttribute {
    @Override
    public Kind kind() {
      return Kind.TYPE;
    }
  }

  /// A list of types.
  record TypeList(List<OnnxType> values) implements OnnxAttribute {
    public TypeList {
      values = List.copyOf(values);
    }

    @Override
    public Kind kind() {
      return Kind.TYPES;
    }
  }

  /// Inside a function: the value that the call gives to the function's attribute `attribute`.
  record Reference(String attribute, Kind kind) implements OnnxAttribute {}

  /// Returns a float attribute.
  static OnnxAttribute of(float value) {
    return new FloatValue(value);
  }

  /// Returns an int attribute.
  static OnnxAttribute of(long value) {
    return new IntValue(value);
  }

  /// Returns a string attribute.
  static OnnxAttribute of(String value) {
    return new StringValue(value);
  }

  /// Returns a tensor attribute.
  static OnnxAttribute of(OnnxTensor value) {
    return new TensorValue(value);
  }

  /// Returns a graph attribute.
  static OnnxAttribute of(OnnxGraph value) {
    return new GraphValue(value);
  }

  /// Returns a list of ints.
  static OnnxAttribute of(long[] values) {
    return new IntList(Arrays.stream(values).boxed().toList());
  }

  /// Returns a list of floats.
  static OnnxAttribute of(float[] values) {
    return new FloatList(IntStream.range(0, values.length).mapToObj(i -> values[i]).toList());
  }

  /// Returns a list of strings.
  static OnnxAttribute of(List<String> values) {
    return new StringList(values);
  }

  /// Returns the type of the elements this value stands for, or null where it stands for none.
  default @Nullable ElementType elementType() {
    return switch (this) {
      case FloatValue f -> ElementType.FLOAT;
      case FloatList f -> ElementType.FLOAT;
      case IntValue i -> ElementType.INT64;
      case IntList i -> ElementType.INT64;
      case StringValue s -> ElementType.STRING;
      case StringList s -> ElementType.STRING;
      case TensorValue t -> t.value().elementType();
      case SparseValue s -> s.values().elementType();
      case GraphValue g -> null;
      case TensorList t -> null;
      case GraphList g -> null;
      case TypeValue t -> null;
      case TypeList t -> null;
      case Reference r -> null;
    };
  }
}
