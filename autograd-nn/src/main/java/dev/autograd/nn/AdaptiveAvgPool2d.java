package dev.autograd.nn;

import dev.autograd.Tensor;

/// Means over windows chosen so that the output has a given size. **Shapes** `[N, C, H, W] → [N, C,
/// height, width]`.
public final class AdaptiveAvgPool2d extends Layer {
  private final int height;
  private final int width;

  /// Makes a layer with this output size.
  public AdaptiveAvgPool2d(int height, int width) {
    this.height = height;
    this.width = width;
  }

  @Override
  public Tensor forward(Tensor x) {
    return dev.autograd.ops.conv.AdaptiveAvgPool2d.adaptiveAvgPool2d(x, height, width);
  }

  @Override
  protected String describe() {
    return "AdaptiveAvgPool2d(" + height + ", " + width + ")";
  }
}
