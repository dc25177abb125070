package dev.autograd.ops.conv;

import dev.autograd.Tensor;
import dev.autograd.ops.operand.Operands;
import org.jspecify.annotations.Nullable;

/// One-dimensional convolution, as [Conv2d] over images of one row.
///
/// - **Shapes** `x [N, C, L], w [K, C / groups, KL], b [K] → y [N, K, OL]`
/// - **DType** f32, f64
public final class Conv1d {
  private Conv1d() {}

  /// Returns the convolution of step 1 without padding.
  public static Tensor conv1d(Tensor x, Tensor weight, @Nullable Tensor bias) {
    return conv1d(x, weight, bias, 1, 0, 1, 1);
  }

  /// Returns the convolution; an input `[C, L]` is one sequence.
  ///
  /// @throws dev.autograd.AutogradException (`SHAPE`) if the sizes do not fit, as for [Conv2d]
  public static Tensor conv1d(
      Tensor x,
      Tensor weight,
      @Nullable Tensor bias,
      int stride,
      int padding,
      int dilation,
      int groups) {
    if (x.rank() < 2 || x.rank() > 3 || weight.rank() != 3) {
      throw Operands.shape(
          "conv1d: takes an input [N, C, L] and a weight [K, C / groups, KL], got input "
              + x.shape()
              + " and weight "
              + weight.shape());
    }
    var geometry =
        new ConvGeometry(
            new Extent(1, stride), Padding.of(0, padding), new Extent(1, dilation), groups);
    return Conv2d.conv2d(x.unsqueeze(-2), weight.unsqueeze(-2), bias, geometry).squeeze(-2);
  }
}
