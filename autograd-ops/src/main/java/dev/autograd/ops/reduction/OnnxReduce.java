package dev.autograd.ops.reduction;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.ops.shape.Ints;
import dev.autograd.spi.OnnxGraph;
import java.util.LinkedHashMap;
import java.util.Map;

/// Reductions as ONNX nodes.
final class OnnxReduce {
  /// The operator set in which all reductions but ReduceSum got their axes as an input.
  private static final int AXES_AS_INPUT = 18;

  private OnnxReduce() {}

  /// Adds a reducing node of the type of `x`.
  static OnnxGraph.Value reduce(
      OnnxGraph graph, String opType, OnnxGraph.Value x, boolean[] gone, boolean keepDim) {
    Shape to = Dims.left(x.shape(), gone, keepDim);
    int[] axes = Dims.list(gone);
    if (axes.length == 0 && gone.length > 0) {
      return identity(graph, x);
    }
    Map<String, Object> attributes = new LinkedHashMap<>();
    attributes.put("keepdims", keepDim ? 1 : 0);
    if (axes.length == 0) {
      return graph.node(opType, attributes, x.dtype(), to, x);
    }
    if (opType.equals("ReduceSum") || graph.opset() >= AXES_AS_INPUT) {
      return graph.node(
          opType, attributes, x.dtype(), to, x, graph.constant(Ints.of(axes).toLongs()));
    }
    attributes.put("axes", axes);
    return graph.node(opType, attributes, x.dtype(), to, x);
  }

  static OnnxGraph.Value identity(OnnxGraph graph, OnnxGraph.Value x) {
    return graph.node("Identity", Map.of(), x.dtype(), x.shape(), x);
  }

  static OnnxGraph.Value cast(OnnxGraph graph, OnnxGraph.Value x, DType dtype) {
    return x.dtype() == dtype ? x : graph.node("Cast", Map.of("to", dtype), dtype, x.shape(), x);
  }

  /// Returns `x` in the type that its sum has.
  static OnnxGraph.Value summable(OnnxGraph graph, OnnxGraph.Value x) {
    return x.dtype().isFloating() ? x : cast(graph, x, DType.I64);
  }

  /// Reduces in a number type if `x` holds truth values, and casts back.
  static OnnxGraph.Value extreme(
      OnnxGraph graph, String opType, OnnxGraph.Value x, boolean[] gone, boolean keepDim) {
    OnnxGraph.Value number = x.dtype() == DType.BOOL ? cast(graph, x, DType.I32) : x;
    return cast(graph, reduce(graph, opType, number, gone, keepDim), x.dtype());
  }

  /// Adds the number of elements of one result, as a scalar that follows dynamic sizes.
  static OnnxGraph.Value count(OnnxGraph graph, Shape from, boolean[] gone, DType dtype) {
    OnnxGraph.Value n =
        graph.node(
            "Squeeze",
            Map.of(),
            DType.I64,
            Shape.SCALAR,
            graph.constant(Dims.count(from, gone)),
            graph.constant(0));
    return cast(graph, n, dtype);
  }

  static OnnxGraph.Value binary(
      OnnxGraph graph, String opType, OnnxGraph.Value a, OnnxGraph.Value b) {
    return graph.node(
        opType, Map.of(), a.dtype(), Shape.broadcast(opType, a.shape(), b.shape()), a, b);
  }

  static OnnxGraph.Value unary(OnnxGraph graph, String opType, OnnxGraph.Value x) {
    return graph.node(opType, Map.of(), x.dtype(), x.shape(), x);
  }
}
