package dev.autograd.ops.conv;

import dev.autograd.Shape;
import dev.autograd.kernel.pool.PoolShape;
import dev.autograd.ops.operand.Operands;

/// How a pool's window moves over its input.
///
/// @param kernel the size of the window
/// @param stride the step of the window
/// @param padding the elements added around the input, at most half a window
/// @param dilation the distance of neighbouring window elements in the input
/// @param ceil whether a last window may hang over the end of the input
public record PoolGeometry(
    Extent kernel, Extent stride, Padding padding, Extent dilation, boolean ceil) {

  /// Checks the numbers.
  ///
  /// @throws dev.autograd.AutogradException (`ARGUMENT`) if a kernel, stride or dilation is less
  ///   than 1, or the padding is negative or more than half the window
  public PoolGeometry {
    if (!kernel.atLeast(1) || !stride.atLeast(1) || !dilation.atLeast(1) || padding.negative()) {
      throw Operands.argument(
          "pool2d: kernel, stride and dilation must be at least 1 and padding at least 0, got"
              + " kernel "
              + kernel
              + ", stride "
              + stride
              + ", dilation "
              + dilation
              + ", padding "
              + padding);
    }
    int h = (dilation.height() * (kernel.height() - 1) + 1) / 2;
    int w = (dilation.width() * (kernel.width() - 1) + 1) / 2;
    if (Math.max(padding.top(), padding.bottom()) > h
        || Math.max(padding.left(), padding.right()) > w) {
      throw Operands.argument(
          "pool2d: padding must be at most half of the window, got padding "
              + padding
              + " and kernel "
              + kernel);
    }
  }

  /// Returns windows that lie side by side.
  public static PoolGeometry of(int kernel) {
    return of(kernel, kernel, 0);
  }

  /// Returns square windows without dilation.
  public static PoolGeometry of(int kernel, int stride, int padding) {
    return new PoolGeometry(
        Extent.of(kernel), Extent.of(stride), Padding.of(padding), Extent.of(1), false);
  }

  /// Returns this with another dilation.
  public PoolGeometry dilation(int both) {
    return new PoolGeometry(kernel, stride, padding, Extent.of(both), ceil);
  }

  /// Returns this with a last window that may hang over the end, or not.
  public PoolGeometry ceil(boolean hangs) {
    return new PoolGeometry(kernel, stride, padding, dilation, hangs);
  }

  /// Returns the sizes of a pool of `x [N, C, H, W]`.
  PoolShape shape(String op, Shape x) {
    if (x.rank() != 4) {
      throw Operands.shape(op + ": takes an input [N, C, H, W], got " + x);
    }
    PoolShape s = planes(x.size(0) * x.size(1), x.size(2), x.size(3));
    if (s.outH() == 0 || s.outW() == 0) {
      throw Operands.shape(
          op
              + ": the window must fit into the padded input, got input "
              + x
              + ", kernel "
              + kernel
              + ", dilation "
              + dilation
              + " and padding "
              + padding);
    }
    return s;
  }

  /// Returns the sizes of the pool of which `g` is the gradient, of an image of `height`, `width`.
  PoolShape shapeOfGradient(String op, Shape g, int height, int width) {
    if (g.rank() != 4) {
      throw Operands.shape(op + ": takes a gradient [N, C, OH, OW], got " + g);
    }
    Shape x = Shape.of(g.size(0), g.size(1), height, width);
    PoolShape s = shape(op, x);
    if (s.outH() != g.size(2) || s.outW() != g.size(3)) {
      throw Operands.shape(
          op
              + ": the gradient must have the shape of the pool of "
              + x
              + ", "
              + output(x, s)
              + ", got "
              + g);
    }
    return s;
  }

  private PoolShape planes(int planes, int h, int w) {
    return new PoolShape(
        planes,
        h,
        w,
        kernel.height(),
        kernel.width(),
        stride.height(),
        stride.width(),
        padding.top(),
        padding.left(),
        padding.bottom(),
        padding.right(),
        dilation.height(),
        dilation.width(),
        ceil);
  }

  static Shape output(Shape x, PoolShape s) {
    return Shape.of(x.size(0), x.size(1), s.outH(), s.outW());
  }
}
