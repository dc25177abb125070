package dev.autograd.spi;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.Map;

/// A graph of ONNX nodes under construction, as an operation sees it when it is exported.
///
/// Attribute values are `Long` or `Integer`, `Float` or `Double`, `String`, `int[]`, `long[]`,
/// `float[]`, or [DType] for attributes that name an element type.
public interface OnnxGraph {

  /// A value in the graph, with the type and shape that the traced tensor had.
  interface Value {
    /// Returns the element type.
    DType dtype();

    /// Returns the shape seen while tracing. Sizes that depend on a dynamic dimension may still be
    /// used in [OnnxGraph#constant(long...)]: the exporter finds out how they depend.
    Shape shape();
  }

  /// Returns the version of the default operator set that is being written.
  int opset();

  /// Adds a node with one output of the given type and shape.
  Value node(String opType, Map<String, ?> attributes, DType dtype, Shape shape, Value... inputs);

  /// Adds a node with several outputs, typed and shaped in turn.
  Value[] nodes(
      String opType, Map<String, ?> attributes, DType[] dtypes, Shape[] shapes, Value... inputs);

  /// Adds a one-dimensional `i64` constant: axes, sizes, indices.
  Value constant(long... values);

  /// Adds a scalar constant of the given type.
  Value scalar(DType dtype, double value);

  /// Adds a constant tensor.
  Value constant(Tensor tensor);

  /// Returns a value that stands for an input that is left out.
  Value absent();
}
