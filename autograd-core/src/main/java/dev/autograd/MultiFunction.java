package dev.autograd;

import dev.autograd.spi.OnnxGraph;
import org.jspecify.annotations.Nullable;

/// A differentiable operation with several outputs, which share one [Node].
public non-sealed interface MultiFunction extends Operation {

  /// Computes the outputs. Gradient recording is off inside.
  Tensor[] forward(Context ctx, Tensor... inputs);

  /// Returns the gradient of every input, given the gradients of the outputs. An output that nobody
  /// used has a gradient of zeros, or `null` after [Context#materializeGrads] was set to false.
  ///
  /// Without it the function can be applied, and differentiated forwards if it has a [#jvp].
  default @Nullable Tensor[] backward(Context ctx, @Nullable Tensor... g) {
    throw FunctionContractException.noBackward(this);
  }

  /// Returns the tangents of the outputs, given those of the inputs; `null` for none. Derived from
  /// [#backward], unless a rule is given here that is cheaper.
  ///
  /// @param ctx what forward left; [Context#needs] was true for every input with a tangent
  /// @param tangents one for each input, `null` where there is none
  default @Nullable Tensor[] jvp(Context ctx, @Nullable Tensor... tangents) {
    return Tangents.transposed((FunctionNode) ctx, tangents);
  }

  /// Returns the outputs for a whole batch, each with the batch as its first dimension, or `null`
  /// to have the function applied to the samples one by one.
  ///
  /// @param inputs as in [Function#batched]
  default Tensor @Nullable [] batched(Batch batch, Tensor... inputs) {
    return null;
  }

  /// Runs the function on the inputs and, where gradients are wanted, links it into the graph.
  default Tensor[] apply(Tensor... inputs) {
    return Doorway.applyAll(this, inputs);
  }

  /// Returns the operation as ONNX nodes, or `null` if it has no such form.
  default OnnxGraph.Value @Nullable [] onnx(OnnxGraph graph, OnnxGraph.Value... inputs) {
    return null;
  }
}
