package dev.autograd.nn;

import dev.autograd.Tensor;
import org.jspecify.annotations.Nullable;

/// `y = x · Wᵀ + b`
///
/// - **Shapes** `x: [*, in] → y: [*, out]`, weight `[out, in]`, bias `[out]`. Both start uniform
///   within `±1/√in`.
public final class Linear extends Layer {
  private final int in;
  private final int out;
  private final Tensor weight;
  private final @Nullable Tensor bias;

  /// Makes a layer with bias.
  public Linear(int in, int out) {
    this(in, out, true);
  }

  /// Makes a layer, with or without bias.
  public Linear(int in, int out, boolean withBias) {
    this.in = in;
    this.out = out;
    Initializer start = Initializer.fanInUniform(in);
    this.weight = parameter("weight", start.make(out, in));
    this.bias = withBias ? parameter("bias", start.make(out)) : null;
  }

  /// Returns the weight, `[out, in]`.
  public Tensor weight() {
    return weight;
  }

  /// Returns the bias, `[out]`, or `null`.
  public @Nullable Tensor bias() {
    return bias;
  }

  @Override
  public Tensor forward(Tensor x) {
    return dev.autograd.ops.linalg.Linear.linear(x, weight, bias);
  }

  @Override
  protected String describe() {
    return "Linear(" + in + ", " + out + (bias == null ? ", bias=false)" : ")");
  }
}
