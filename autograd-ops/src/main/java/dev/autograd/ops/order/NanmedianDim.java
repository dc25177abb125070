package dev.autograd.ops.order;

import dev.autograd.AutogradException;
import dev.autograd.Tensor;
import dev.autograd.method.ValuesAndIndices;

/// The median of the numbers along a dimension and where it is; the gradient goes to that place.
///
/// - **Formula** as [MedianDim] without the NaNs; NaN where there is nothing else
/// - **Shapes** `x: [.., n, ..] → v, i: [.., ..]`, or `[.., 1, ..]`
/// - **DType** all but f16, bf16; `i` is i64
/// - **Smooth** where the median is unique; `i` is not differentiable
/// - **ONNX** none: the place of the median depends on values
/// - **Source** as [MedianDim]
///
/// @param dim the dimension; negative counts from the end
/// @param keepDim whether it stays, with size 1
public record NanmedianDim(int dim, boolean keepDim) implements MiddleAlong {

  /// Makes the prototype, which looks along the last dimension.
  public NanmedianDim() {
    this(-1, false);
  }

  /// Returns the medians of what is not NaN in `x` along `dim`, and their indices.
  ///
  /// @throws AutogradException (`SHAPE`) if there is nothing to choose from, (`INDEX`) if there is
  ///   no such dimension
  public static ValuesAndIndices nanmedian(Tensor x, int dim, boolean keepDim) {
    return new NanmedianDim(dim, keepDim).of(x);
  }

  @Override
  public boolean ignoresNan() {
    return true;
  }

  @Override
  public NanmedianDim along(int dim, boolean keepDim) {
    return new NanmedianDim(dim, keepDim);
  }
}
