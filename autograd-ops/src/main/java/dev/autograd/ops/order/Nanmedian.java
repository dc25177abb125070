package dev.autograd.ops.order;

import dev.autograd.AutogradException;
import dev.autograd.Tensor;

/// The median of all elements that are numbers, its gradient spread evenly over ties.
///
/// - **Formula** as [Median] without the NaNs; NaN if there is nothing else, and then they share
/// - **Shapes** `x: [*] → y: []`
/// - **DType** all but f16, bf16
/// - **Smooth** where the median is unique
/// - **ONNX** none: the place of the median depends on values
/// - **Source** the subgradient of least norm
public record Nanmedian() implements MiddleElement {

  /// Returns the median of the elements that are not NaN, the lower one of two in the middle.
  ///
  /// @throws AutogradException (`SHAPE`) if there are no elements
  public static Tensor nanmedian(Tensor x) {
    return new Nanmedian().apply(x);
  }

  @Override
  public boolean ignoresNan() {
    return true;
  }
}
