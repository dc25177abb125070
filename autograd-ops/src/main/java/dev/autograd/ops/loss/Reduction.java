package dev.autograd.ops.loss;

import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.spi.OnnxGraph;
import dev.autograd.spi.OnnxGraph.Value;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;

/// What becomes of the losses of the single elements.
public enum Reduction {
  /// They are returned as they are.
  NONE,
  /// They are averaged.
  MEAN,
  /// They are added up.
  SUM;

  /// Returns the losses reduced.
  Tensor reduce(Tensor each) {
    return switch (this) {
      case NONE -> each;
      case MEAN -> each.mean();
      case SUM -> each.sum();
    };
  }

  /// Returns the losses of each sample reduced.
  ///
  /// @param each with the samples along the first dimension
  Tensor reduceSamples(Tensor each) {
    int[] dims = IntStream.range(1, each.rank()).toArray();
    if (dims.length == 0) {
      return each;
    }
    return switch (this) {
      case NONE -> each;
      case MEAN -> each.mean(dims, false);
      case SUM -> each.sum(dims, false);
    };
  }

  /// Returns the gradient of each of `count` losses, given that of the reduced one.
  Tensor spread(Tensor g, int count) {
    return this == MEAN ? g.div((double) count) : g;
  }

  /// Returns the reduced losses as an ONNX node.
  Value onnx(OnnxGraph graph, Value each) {
    return switch (this) {
      case NONE -> each;
      case MEAN ->
          graph.node("ReduceMean", Map.of("keepdims", 0L), each.dtype(), Shape.SCALAR, each);
      case SUM -> graph.node("ReduceSum", Map.of("keepdims", 0L), each.dtype(), Shape.SCALAR, each);
    };
  }

  /// Returns the name that ONNX has for this.
  String onnxName() {
    return name().toLowerCase(Locale.ROOT);
  }
}
