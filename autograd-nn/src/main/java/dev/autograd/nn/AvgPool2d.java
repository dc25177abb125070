package dev.autograd.nn;

import dev.autograd.Tensor;

/// The mean of every window, padding counted as zeros. **Shapes** `[N, C, H, W] → [N, C, H', W']`.
public final class AvgPool2d extends Layer {
  private final int kernel;
  private final int stride;
  private final int padding;

  /// Makes a layer whose windows do not overlap.
  public AvgPool2d(int kernel) {
    this(kernel, kernel, 0);
  }

  /// Makes a layer.
  public AvgPool2d(int kernel, int stride, int padding) {
    this.kernel = kernel;
    this.stride = stride;
    this.padding = padding;
  }

  @Override
  public Tensor forward(Tensor x) {
    return dev.autograd.ops.conv.AvgPool2d.avgPool2d(x, kernel, stride, padding);
  }

  @Override
  protected String describe() {
    return "AvgPool2d(" + kernel + ", stride=" + stride + ", padding=" + padding + ")";
  }
}
