package dev.autograd;

import dev.autograd.spi.OnnxGraph;
import org.jspecify.annotations.Nullable;

/// A differentiable operation with several outputs, which share one [Node].
public non-sealed interface MultiFunction extends Operation {

  /// Computes the outputs. Gradient recording is off inside.
  Tensor[] forward(Context ctx, Tensor... inputs);

  /// Returns the gradient of every input, given the gradients of the outputs. An output that nobody
  /// used has a gradient of zeros, or `null` after [Context#materializeGrads] was set to false.
  @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g);

  /// Runs the function on the inputs and, where gradients are wanted, links it into the graph.
  default Tensor[] apply(Tensor... inputs) {
    return Doorway.apply(this, inputs);
  }

  /// Returns the operation as ONNX nodes, or `null` if it has no such form.
  default OnnxGraph.Value @Nullable [] onnx(OnnxGraph graph, OnnxGraph.Value... inputs) {
    return null;
  }
}
