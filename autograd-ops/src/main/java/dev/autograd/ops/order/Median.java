package dev.autograd.ops.order;

import dev.autograd.AutogradException;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.spi.OnnxGraph;
import java.util.Map;

/// The median of all elements, its gradient spread evenly over ties.
///
/// - **Formula** `y` = element `⌊(n − 1) / 2⌋` in ascending order, the lower one of two in the
///   middle; `dx = g / (number of ties)` where `x = y`, 0 elsewhere; a NaN wins, and then the NaNs
///   share
/// - **Shapes** `x: [*] → y: []`
/// - **DType** all but f16, bf16
/// - **Smooth** where the median is unique
/// - **ONNX** Reshape, TopK (11), Slice
/// - **Source** the subgradient of least norm
public record Median() implements MiddleElement {

  /// Returns the median of all elements, the lower one of two in the middle.
  ///
  /// @throws AutogradException (`SHAPE`) if there are none
  public static Tensor median(Tensor x) {
    return new Median().apply(x);
  }

  @Override
  public boolean ignoresNan() {
    return false;
  }

  @Override
  public OnnxGraph.Value onnx(OnnxGraph graph, OnnxGraph.Value... in) {
    OnnxGraph.Value x = in[0];
    int n = x.shape().numel();
    OnnxGraph.Value line =
        graph.node("Reshape", Map.of(), x.dtype(), Shape.of(n), x, graph.constant(-1));
    OnnxGraph.Value[] median = OnnxOrder.median(graph, line, 0);
    return graph.node("Squeeze", Map.of(), x.dtype(), Shape.SCALAR, median[0], graph.constant(0));
  }
}
