package dev.autograd.kernel.conv;

/// The sizes of a two-dimensional convolution of `x: [n, c, h, w]` with `weight: [k, c / groups, kh,
/// kw]` to `y: [n, k, outH, outW]`.
///
/// Padding counts zeros per side and may differ between sides; a convolution in one dimension has
/// `h == kh == 1`.
public record ConvShape(
    int n,
    int c,
    int h,
    int w,
    int k,
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
    int groups) {

  /// Checks the sizes.
  ///
  /// @throws IllegalArgumentException naming the rule that is broken
  public ConvShape {
    require(n >= 0 && c >= 0 && h >= 0 && w >= 0 && k >= 0, "sizes must not be negative", n, c, h, w, k);
    require(kh > 0 && kw > 0, "the kernel must have elements", kh, kw);
    require(strideH > 0 && strideW > 0, "strides must be at least 1", strideH, strideW);
    require(dilationH > 0 && dilationW > 0, "dilations must be at least 1", dilationH, dilationW);
    require(
        padTop >= 0 && padLeft >= 0 && padBottom >= 0 && padRight >= 0,
        "padding must not be negative",
        padTop,
        padLeft,
        padBottom,
        padRight);
    require(groups > 0, "groups must be at least 1", groups);
    require(c % groups == 0 && k % groups == 0, "channels must divide by groups", c, k, groups);
  }

  /// Returns a convolution without groups, with equal padding on opposite sides.
  public static ConvShape of(
      int n, int c, int h, int w, int k, int kh, int kw, int stride, int padding) {
    return new ConvShape(
        n, c, h, w, k, kh, kw, stride, stride, padding, padding, padding, padding, 1, 1, 1);
  }

  /// Returns the rows of y; 0 if the kernel is larger than the padded image.
  public int outH() {
    return out(h + padTop + padBottom, dilationH * (kh - 1) + 1, strideH);
  }

  /// Returns the columns of y; 0 if the kernel is larger than the padded image.
  public int outW() {
    return out(w + padLeft + padRight, dilationW * (kw - 1) + 1, strideW);
  }

  int outArea() {
    return outH() * outW();
  }

  int channelsPerGroup() {
    return c / groups;
  }

  int filtersPerGroup() {
    return k / groups;
  }

  /// Returns the elements of one filter.
  int depth() {
    return channelsPerGroup() * kh * kw;
  }

  boolean pointwise() {
    return kh == 1
        && kw == 1
        && strideH == 1
        && strideW == 1
        && padTop == 0
        && padLeft == 0
        && padBottom == 0
        && padRight == 0;
  }

  private static int out(int padded, int span, int stride) {
    return padded < span ? 0 : (padded - span) / stride + 1;
  }

  private static void require(boolean holds, String rule, int... got) {
    if (!holds) {
      throw new IllegalArgumentException(
          "conv2d: " + rule + ", got " + java.util.Arrays.toString(got));
    }
  }
}
