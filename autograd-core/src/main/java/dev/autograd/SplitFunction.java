package dev.autograd;

/// A [Function] whose computation and whose preparation of backward are apart.
///
/// ```java
/// public record Square() implements SplitFunction {
///   public Tensor compute(Tensor... in) {
///     return in[0].mul(in[0]);
///   }
///
///   public void setupContext(Context ctx, Tensor[] in, Tensor y) {
///     ctx.save(in[0]);
///   }
///
///   public Tensor[] backward(Context ctx, Tensor g) {
///     return new Tensor[] {ctx.saved(0).mul(2).mul(g)};
///   }
/// }
/// ```
public interface SplitFunction extends Function {

  /// Computes the output. Gradient recording is off inside.
  Tensor compute(Tensor... inputs);

  /// Saves what backward needs. Called after [#compute], whether anything is recorded or not.
  void setupContext(Context ctx, Tensor[] inputs, Tensor output);

  @Override
  default Tensor forward(Context ctx, Tensor... inputs) {
    Tensor output = compute(inputs);
    setupContext(ctx, inputs, output);
    return output;
  }
}
