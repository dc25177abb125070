package dev.autograd.kernel.pool;

/// The sizes of a pooling of `planes` images of `h x w`; planes is the product of N and C.
///
/// With `ceil` the last window may hang over the end, unless it would begin in the padding after the
/// image.
public record PoolShape(
    int planes,
    int h,
    int w,
    int kh,
    int kw,
    int strideH,
    int strideW,
    int padTop,
    int padLeft,
    int padBottom,
    int padRight,
    int dilationH,
    int dilationW,
    boolean ceil) {

  /// Checks the sizes.
  ///
  /// @throws IllegalArgumentException naming the rule that is broken
  public PoolShape {
    require(planes >= 0 && h >= 0 && w >= 0, "sizes must not be negative", planes, h, w);
    require(kh > 0 && kw > 0, "the window must have elements", kh, kw);
    require(strideH > 0 && strideW > 0, "strides must be at least 1", strideH, strideW);
    require(dilationH > 0 && dilationW > 0, "dilations must be at least 1", dilationH, dilationW);
    require(
        padTop >= 0 && padLeft >= 0 && padBottom >= 0 && padRight >= 0,
        "padding must not be negative",
        padTop,
        padLeft,
        padBottom,
        padRight);
  }

  /// Returns a pooling with square windows, equal padding, no dilation and floor mode.
  public static PoolShape of(int planes, int h, int w, int window, int stride, int padding) {
    return new PoolShape(
        planes, h, w, window, window, stride, stride, padding, padding, padding, padding, 1, 1,
        false);
  }

  /// Returns the rows of the result; 0 if the window is larger than the padded image.
  public int outH() {
    return out(h, padTop, padBottom, dilationH * (kh - 1) + 1, strideH);
  }

  /// Returns the columns of the result; 0 if the window is larger than the padded image.
  public int outW() {
    return out(w, padLeft, padRight, dilationW * (kw - 1) + 1, strideW);
  }

  private int out(int size, int before, int after, int span, int stride) {
    int room = size + before + after - span;
    if (room < 0) {
      return 0;
    }
    int n = (room + (ceil ? stride - 1 : 0)) / stride + 1;
    return ceil && (n - 1) * stride >= size + before ? n - 1 : n;
  }

  private static void require(boolean holds, String rule, int... got) {
    if (!holds) {
      throw new IllegalArgumentException(
          "pool2d: " + rule + ", got " + java.util.Arrays.toString(got));
    }
  }
}
