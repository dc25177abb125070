package dev.autograd.kernel.conv;

import dev.autograd.kernel.reduce.Axes;
import dev.autograd.kernel.reduce.Reduce;
import org.jspecify.annotations.Nullable;

/// Two-dimensional cross-correlation, as deep learning calls convolution, and its gradients.
///
/// All arrays are contiguous NCHW, results are overwritten. The transposed convolution is
/// [#inputGradient] of the shape that maps its output to its input.
///
/// The algorithm depends on the sizes alone: filters of three by three with stride 1 by Winograd's
/// `F(4x4, 3x3)`, whose error is some 2.3 times that of the plain sum (see Note [Winograd's
/// points]) and which spreads an infinity over its tile; others directly, with neighbouring outputs
/// side by side where filters are few and with filters side by side where they are many; and where
/// neither pays or the filter is one element, as a matrix product. Sums never depend on threads or
/// vector width.
public final class Conv2d {
  private Conv2d() {}

  // Twins: f32 as f64.

  /// Computes `y = conv(x, weight) + bias` in f32.
  public static void forward(
      ConvShape s,
      float[] x,
      int xOffset,
      float[] weight,
      int weightOffset,
      float @Nullable [] bias,
      int biasOffset,
      float[] y,
      int yOffset) {
    if (WinogradF32.suits(s)) {
      WinogradF32.forward(s, x, xOffset, weight, weightOffset, bias, biasOffset, y, yOffset);
    } else if (SideBySideF32.suits(s)) {
      SideBySideF32.forward(s, x, xOffset, weight, weightOffset, bias, biasOffset, y, yOffset);
    } else if (PlanarF32.suits(s)) {
      PlanarF32.forward(s, x, xOffset, weight, weightOffset, bias, biasOffset, y, yOffset);
    } else if (thin(s)) {
      DepthwiseF32.forward(s, x, xOffset, weight, weightOffset, bias, biasOffset, y, yOffset);
    } else if (DirectF32.suits(s)) {
      DirectF32.forward(s, x, xOffset, weight, weightOffset, bias, biasOffset, y, yOffset);
    } else {
      ConvF32.forward(s, x, xOffset, weight, weightOffset, bias, biasOffset, y, yOffset);
    }
  }

  /// Computes the f32 gradient by x from the gradient `g` by y.
  public static void inputGradient(
      ConvShape s,
      float[] g,
      int gOffset,
      float[] weight,
      int weightOffset,
      float[] dx,
      int dxOffset) {
    if (WinogradF32.suits(s)) {
      WinogradF32.inputGradient(s, g, gOffset, weight, weightOffset, dx, dxOffset);
    } else if (SideBySideF32.suitsInputGradient(s)) {
      SideBySideF32.inputGradient(s, g, gOffset, weight, weightOffset, dx, dxOffset);
    } else if (PlanarF32.suitsInputGradient(s)) {
      PlanarF32.inputGradient(s, g, gOffset, weight, weightOffset, dx, dxOffset);
    } else if (thin(s)) {
      DepthwiseF32.inputGradient(s, g, gOffset, weight, weightOffset, dx, dxOffset);
    } else if (DirectF32.suitsInputGradient(s)) {
      DirectF32.inputGradient(s, g, gOffset, weight, weightOffset, dx, dxOffset);
    } else {
      ConvF32.inputGradient(s, g, gOffset, weight, weightOffset, dx, dxOffset);
    }
  }

  /// Computes the f32 gradient by the weight, summed over the batch.
  public static void weightGradient(
      ConvShape s, float[] g, int gOffset, float[] x, int xOffset, float[] dw, int dwOffset) {
    if (SideBySideF32.suits(s)) {
      SideBySideF32.weightGradient(s, g, gOffset, x, xOffset, dw, dwOffset);
    } else if (thin(s)) {
      DepthwiseF32.weightGradient(s, g, gOffset, x, xOffset, dw, dwOffset);
    } else if (WinogradGradientF32.suits(s)) {
      WinogradGradientF32.weightGradient(s, g, gOffset, x, xOffset, dw, dwOffset);
    } else if (DirectGradientF32.suits(s)) {
      DirectGradientF32.weightGradient(s, g, gOffset, x, xOffset, dw, dwOffset);
    } else {
      ConvF32.weightGradient(s, g, gOffset, x, xOffset, dw, dwOffset);
    }
  }

  /// Computes the f32 gradient by the bias: the sum of g over images and positions.
  public static void biasGradient(ConvShape s, float[] g, int gOffset, float[] db, int dbOffset) {
    Reduce.sum(g, gOffset, perFilter(s), db, dbOffset);
  }

  // End of twins.

  private static boolean thin(ConvShape s) {
    return s.groups() > 1 && s.channelsPerGroup() == 1;
  }

  private static Axes perFilter(ConvShape s) {
    int area = s.outArea();
    return Axes.of(
        new int[] {s.n(), s.k(), area},
        new int[] {s.k() * area, area, 1},
        new boolean[] {true, false, true});
  }
}
