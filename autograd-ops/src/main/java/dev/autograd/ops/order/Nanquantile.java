package dev.autograd.ops.order;

import dev.autograd.AutogradException;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Ints;

/// A quantile of the numbers over dimensions, by linear interpolation between neighbours.
///
/// - **Formula** as [Quantile] without the NaNs; NaN where there is nothing else
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`, or `[.., 1, ..]`
/// - **DType** f32, f64
/// - **Smooth** where the elements differ
/// - **ONNX** none: the place of the quantile depends on values
/// - **Source** as [Quantile]
///
/// @param q which quantile, in `[0, 1]`: 0.5 is the median
/// @param dims the dimensions; none means all
/// @param keepDim whether they stay, with size 1
public record Nanquantile(double q, Ints dims, boolean keepDim) implements Interpolated {

  /// Checks `q`.
  ///
  /// @throws AutogradException (`ARGUMENT`) if it is not in `[0, 1]`
  public Nanquantile {
    Interpolated.require(q);
  }

  /// Makes the prototype, the interpolated median of everything.
  public Nanquantile() {
    this(0.5, Ints.NONE, false);
  }

  /// Returns the `q`-quantile of what is not NaN in `x` over `dims`, or over all dimensions if none
  /// are given.
  ///
  /// @throws AutogradException (`ARGUMENT`) if `q` is not in `[0, 1]`, (`DTYPE`) if `x` is not
  ///   floating, (`SHAPE`) if there are no elements, (`INDEX`, `ARGUMENT`) if `dims` does not name
  ///   dimensions once each
  public static Tensor nanquantile(Tensor x, double q, int[] dims, boolean keepDim) {
    return new Nanquantile(q, Ints.of(dims), keepDim).apply(x);
  }

  @Override
  public boolean ignoresNan() {
    return true;
  }

  @Override
  public Nanquantile with(double q, Ints dims, boolean keepDim) {
    return new Nanquantile(q, dims, keepDim);
  }

  @Override
  public Nanquantile over(Ints dims, boolean keepDim) {
    return new Nanquantile(q, dims, keepDim);
  }
}
