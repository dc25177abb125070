package dev.autograd.ops.conv;

import dev.autograd.Shape;
import dev.autograd.kernel.conv.ConvShape;
import dev.autograd.ops.operand.Operands;

/// How a convolution's filter moves over its input.
///
/// @param stride the step of the filter
/// @param padding the zeros added around the input
/// @param dilation the distance of neighbouring filter elements in the input
/// @param groups the number of groups that channels and filters are cut into; a filter sees the
///   channels of its group
public record ConvGeometry(Extent stride, Padding padding, Extent dilation, int groups) {
  /// Step 1, no padding, one group.
  public static final ConvGeometry PLAIN =
      new ConvGeometry(Extent.of(1), Padding.NONE, Extent.of(1), 1);

  /// Checks the numbers.
  ///
  /// @throws dev.autograd.AutogradException (`ARGUMENT`) if a stride, dilation or the groups are
  ///   less than 1, or a padding is negative
  public ConvGeometry {
    if (!stride.atLeast(1) || !dilation.atLeast(1) || groups < 1 || padding.negative()) {
      throw Operands.argument(
          "conv2d: stride, dilation and groups must be at least 1 and padding at least 0, got"
              + " stride "
              + stride
              + ", dilation "
              + dilation
              + ", groups "
              + groups
              + ", padding "
              + padding);
    }
  }

  /// Returns this with another stride.
  public ConvGeometry stride(int both) {
    return new ConvGeometry(Extent.of(both), padding, dilation, groups);
  }

  /// Returns this with the same padding on every side.
  public ConvGeometry padding(int every) {
    return new ConvGeometry(stride, Padding.of(every), dilation, groups);
  }

  /// Returns this with another dilation.
  public ConvGeometry dilation(int both) {
    return new ConvGeometry(stride, padding, Extent.of(both), groups);
  }

  /// Returns this with another number of groups.
  public ConvGeometry groups(int count) {
    return new ConvGeometry(stride, padding, dilation, count);
  }

  /// Returns the sizes of a convolution of `x [N, C, H, W]` with `w [K, C / groups, KH, KW]`.
  ConvShape shape(String op, Shape x, Shape w) {
    if (x.rank() != 4 || w.rank() != 4) {
      throw Operands.shape(
          op
              + ": takes an input [N, C, H, W] and a weight [K, C / groups, KH, KW], got input "
              + x
              + " and weight "
              + w);
    }
    int c = x.size(1);
    int k = w.size(0);
    if (c != w.size(1) * groups || k % groups != 0) {
      throw Operands.shape(
          op
              + ": the input must have groups times the weight's channels, and the filters divide"
              + " by groups, got input "
              + x
              + ", weight "
              + w
              + " and groups "
              + groups
              + " ("
              + c
              + " channels, "
              + w.size(1) * groups
              + " expected)");
    }
    if (w.size(2) == 0 || w.size(3) == 0) {
      throw Operands.shape(op + ": the weight must have elements, got weight " + w);
    }
    ConvShape s =
        new ConvShape(
            x.size(0),
            c,
            x.size(2),
            x.size(3),
            k,
            w.size(2),
            w.size(3),
            stride.height(),
            stride.width(),
            padding.top(),
            padding.left(),
            padding.bottom(),
            padding.right(),
            dilation.height(),
            dilation.width(),
            groups);
    if (s.outH() == 0 || s.outW() == 0) {
      throw Operands.shape(
          op
              + ": the dilated filter must fit into the padded input, got input "
              + x
              + ", weight "
              + w
              + ", dilation "
              + dilation
              + " and padding "
              + padding
              + ". Pad more?");
    }
    return s;
  }

  static Shape output(ConvShape s) {
    return Shape.of(s.n(), s.k(), s.outH(), s.outW());
  }

  static Shape weight(ConvShape s) {
    return Shape.of(s.k(), s.c() / s.groups(), s.kh(), s.kw());
  }
}
