package dev.autograd;

import dev.autograd.spi.OnnxGraph;
import org.jspecify.annotations.Nullable;

/// A differentiable operation with one output: most operations, and most custom ones.
///
/// While the forward pass runs, every [#apply] on an input that requires grad leaves a [Node] that
/// remembers the function, what it saved and where its inputs came from; `backward` is called with
/// the gradient of the output when the graph is walked.
///
/// ```java
/// public record Square() implements Function {
///   public Tensor forward(Context ctx, Tensor... in) {
///     ctx.save(in[0]);
///     return in[0].mul(in[0]);
///   }
///
///   public Tensor[] backward(Context ctx, Tensor g) {
///     return new Tensor[] {ctx.saved(0).mul(2).mul(g)};
///   }
/// }
///
/// Tensor y = new Square().apply(x);
/// ```
public non-sealed interface Function extends Operation {

  /// Computes the output. Gradient recording is off inside.
  Tensor forward(Context ctx, Tensor... inputs);

  /// Returns the gradient of every input, given `g`, the gradient of the output; `null` where an
  /// input has none or [Context#needs] says that nobody asks.
  ///
  /// Written with tensor operations, so that it can be differentiated in turn. A gradient may have
  /// a shape that its input broadcasts to; the engine sums it down.
  @Nullable Tensor[] backward(Context ctx, Tensor g);

  /// Runs the function on the inputs and, where gradients are wanted, links it into the graph.
  default Tensor apply(Tensor... inputs) {
    return Doorway.apply(this, inputs);
  }

  /// Returns the operation as ONNX nodes, or `null` if it has no such form.
  default OnnxGraph.@Nullable Value onnx(OnnxGraph graph, OnnxGraph.Value... inputs) {
    return null;
  }
}
