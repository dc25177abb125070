package dev.autograd.ops.conv;

/// How many elements are added around an image on each side.
public record Padding(int top, int left, int bottom, int right) {
  /// No padding.
  public static final Padding NONE = of(0);

  /// Returns the same padding on every side.
  public static Padding of(int every) {
    return of(every, every);
  }

  /// Returns `height` above and below, `width` left and right.
  public static Padding of(int height, int width) {
    return new Padding(height, width, height, width);
  }

  /// Returns the padding that lets a convolution of stride 1 keep the size; where it is odd, the
  /// greater half is below and right.
  public static Padding same(Extent kernel, Extent dilation) {
    int h = dilation.height() * (kernel.height() - 1);
    int w = dilation.width() * (kernel.width() - 1);
    return new Padding(h / 2, w / 2, h - h / 2, w - w / 2);
  }

  boolean negative() {
    return top < 0 || left < 0 || bottom < 0 || right < 0;
  }

  long[] longs() {
    return new long[] {top, left, bottom, right};
  }

  @Override
  public String toString() {
    return "[" + top + ", " + left + ", " + bottom + ", " + right + "]";
  }
}
