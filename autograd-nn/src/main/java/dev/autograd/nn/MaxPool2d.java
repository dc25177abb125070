package dev.autograd.nn;

import dev.autograd.Tensor;

/// The maximum of every window. **Shapes** `[N, C, H, W] → [N, C, H', W']`.
public final class MaxPool2d extends Layer {
  private final int kernel;
  private final int stride;
  private final int padding;

  /// Makes a layer whose windows do not overlap.
  public MaxPool2d(int kernel) {
    this(kernel, kernel, 0);
  }

  /// Makes a layer; padding counts as −∞.
  public MaxPool2d(int kernel, int stride, int padding) {
    this.kernel = kernel;
    this.stride = stride;
    this.padding = padding;
  }

  @Override
  public Tensor forward(Tensor x) {
    return dev.autograd.ops.conv.MaxPool2d.maxPool2d(x, kernel, stride, padding);
  }

  @Override
  protected String describe() {
    return "MaxPool2d(" + kernel + ", stride=" + stride + ", padding=" + padding + ")";
  }
}
