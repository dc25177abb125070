package dev.autograd.ops.order;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import java.util.Map;

/// Order statistics as ONNX nodes.
final class OnnxOrder {
  private OnnxOrder() {}

  /// Adds the `k` least elements along `axis`, in ascending order, and their indices.
  static Value[] least(OnnxGraph graph, Value x, int axis, int k) {
    Shape shape = x.shape().with(axis, k);
    return graph.nodes(
        "TopK",
        Map.of("axis", axis, "largest", 0, "sorted", 1),
        new DType[] {x.dtype(), DType.I64},
        new Shape[] {shape, shape},
        x,
        graph.constant(k));
  }

  /// Adds the lower median along `axis`, which stays with size 1, and its index.
  static Value[] median(OnnxGraph graph, Value x, int axis) {
    int k = (x.shape().size(axis) + 1) / 2;
    Value[] lower = least(graph, x, axis, k);
    return new Value[] {last(graph, lower[0], axis), last(graph, lower[1], axis)};
  }

  private static Value last(OnnxGraph graph, Value x, int axis) {
    return graph.node(
        "Slice",
        Map.of(),
        x.dtype(),
        x.shape().with(axis, 1),
        x,
        graph.constant(-1),
        graph.constant(Integer.MAX_VALUE),
        graph.constant(axis));
  }

  /// Adds element `i` along `axis`, which stays with size 1.
  static Value element(OnnxGraph graph, Value x, int axis, int i) {
    return graph.node(
        "Gather", Map.of("axis", axis), x.dtype(), x.shape().with(axis, 1), x, graph.constant(i));
  }
}
