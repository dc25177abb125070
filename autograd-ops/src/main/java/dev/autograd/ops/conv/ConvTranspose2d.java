package dev.autograd.ops.conv;

import dev.autograd.Tensor;
import dev.autograd.ops.operand.Operands;
import org.jspecify.annotations.Nullable;

/// Transposed two-dimensional convolution, which is the [Conv2dInputGrad] of a convolution.
///
/// - **Shapes** `x [N, C, H, W], w [C, K / groups, KH, KW], b [K] → y [N, K, OH, OW]`, `OH = (H −
///   1) s − top − bottom + d (KH − 1) + 1 + extra`
/// - **DType** f32, f64, promoted to one
public final class ConvTranspose2d {
  private ConvTranspose2d() {}

  /// Returns the transposed convolution.
  ///
  /// @param extra rows and columns to add to the size of the result, of those that the stride
  ///   leaves open
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the sizes do not fit, (`ARGUMENT`) if
  ///   `extra` is not less than the stride
  public static Tensor convTranspose2d(
      Tensor x, Tensor weight, @Nullable Tensor bias, ConvGeometry geometry, Extent extra) {
    if (x.rank() != 4 || weight.rank() != 4 || x.size(1) != weight.size(0)) {
      throw Operands.shape(
          "conv_transpose2d: takes an input [N, C, H, W] and a weight [C, K / groups, KH, KW], got"
              + " input "
              + x.shape()
              + " and weight "
              + weight.shape());
    }
    Extent stride = geometry.stride();
    if (!extra.atLeast(0) || extra.height() >= stride.height() || extra.width() >= stride.width()) {
      throw Operands.argument(
          "conv_transpose2d: the extra size must lie in [0, stride), got extra "
              + extra
              + " and stride "
              + stride);
    }
    Padding p = geometry.padding();
    Extent dilation = geometry.dilation();
    int h =
        (x.size(2) - 1) * stride.height()
            - p.top()
            - p.bottom()
            + dilation.height() * (weight.size(2) - 1)
            + 1
            + extra.height();
    int w =
        (x.size(3) - 1) * stride.width()
            - p.left()
            - p.right()
            + dilation.width() * (weight.size(3) - 1)
            + 1
            + extra.width();
    Tensor y =
        new Conv2dInputGrad(geometry, h, w).apply(Operands.promoted("conv_transpose2d", x, weight));
    if (bias == null) {
      return y;
    }
    int k = weight.size(1) * geometry.groups();
    Operands.vector("conv_transpose2d", "bias", bias, k, "channel of the result");
    return y.add(bias.reshape(1, k, 1, 1));
  }
}
