package dev.autograd.nn;

import dev.autograd.Tensor;

/// Normalises each sample over its last dimension: Ba, Kiros and Hinton 2016. **Shapes** `[*, size]
/// → [*, size]`.
public final class LayerNorm extends Layer {
  private static final double EPSILON = 1e-5;

  private final int size;
  private final Tensor weight;
  private final Tensor bias;

  /// Makes a layer for this size of the last dimension.
  public LayerNorm(int size) {
    this.size = size;
    this.weight = parameter("weight", Tensor.ones(size));
    this.bias = parameter("bias", Tensor.zeros(size));
  }

  @Override
  public Tensor forward(Tensor x) {
    return dev.autograd.ops.normalization.LayerNorm.layerNorm(x, weight, bias, EPSILON);
  }

  @Override
  protected String describe() {
    return "LayerNorm(" + size + ")";
  }
}
