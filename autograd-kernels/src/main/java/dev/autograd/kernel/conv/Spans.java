package dev.autograd.kernel.conv;

/// The output positions whose input element lies inside the image.
final class Spans {
  private Spans() {}

  /// Returns the first position p with `p * stride + shift >= 0`.
  static int low(int shift, int stride) {
    return shift >= 0 ? 0 : (-shift + stride - 1) / stride;
  }

  /// Returns the first position p with `p * stride + shift >= size`.
  static int high(int shift, int stride, int size) {
    return size - shift <= 0 ? 0 : (size - shift + stride - 1) / stride;
  }
}
