package dev.autograd.nn;

import dev.autograd.Tensor;

/// Joins all dimensions after the first. **Shapes** `[N, …] → [N, rest]`.
public final class Flatten extends Layer {
  /// Makes the layer.
  public Flatten() {}

  @Override
  public Tensor forward(Tensor x) {
    return x.flatten(1, -1);
  }
}
