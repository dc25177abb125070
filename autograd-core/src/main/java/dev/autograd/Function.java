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
  ///
  /// Without it the function can be applied, and differentiated forwards if it has a [#jvp].
  default @Nullable Tensor[] backward(Context ctx, Tensor g) {
    throw FunctionContractException.noBackward(this);
  }

  /// Returns the tangent of the output, given those of the inputs, or `null` for none.
  ///
  /// Derived from [#backward], unless a rule is given here that is cheaper. Needed only where
  /// backward is missing or cannot be differentiated.
  ///
  /// @param ctx what forward left; [Context#needs] was true for every input with a tangent
  /// @param tangents one for each input, `null` where there is none
  default @Nullable Tensor jvp(Context ctx, @Nullable Tensor... tangents) {
    return Tangents.transposed((FunctionNode) ctx, tangents)[0];
  }

  /// Returns the output for a whole batch, with the batch as its first dimension, or `null` to have
  /// the function applied to the samples one by one.
  ///
  /// Recorded: written with operations, often this one with its dimensions moved by one.
  ///
  /// @param inputs those that [Batch#has] have the batch as their first dimension, before the
  ///   dimensions of one sample; the others are the same for all samples
  default @Nullable Tensor batched(Batch batch, Tensor... inputs) {
    return null;
  }

  /// Runs the function on the inputs and, where gradients are wanted, links it into the graph.
  default Tensor apply(Tensor... inputs) {
    return Doorway.apply(this, inputs);
  }

  /// Returns the operation as ONNX nodes, or `null` if it has no such form.
  default OnnxGraph.@Nullable Value onnx(OnnxGraph graph, OnnxGraph.Value... inputs) {
    return null;
  }
}
