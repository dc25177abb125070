package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Ints;

/// The minimum over dimensions, its gradient spread evenly over ties.
///
/// - **Formula** `y = min x`, `dx = g / (number of ties)` where `x = y`, 0 elsewhere; a NaN wins,
///   and then the NaNs share
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`, or `[.., 1, ..]`
/// - **DType** all but f16, bf16
/// - **Smooth** where the minimum is unique
/// - **ONNX** ReduceMin (13)
/// - **Source** the subgradient of least norm
///
/// @param dims the dimensions to compare over; none means all
/// @param keepDim whether they stay, with size 1
public record Amin(Ints dims, boolean keepDim) implements Extremum {

  /// Makes the prototype, which compares everything.
  public Amin() {
    this(Ints.NONE, false);
  }

  /// Takes the least element of `x` over `dims`, or over all dimensions if none are given.
  ///
  /// @throws AutogradException (`SHAPE`) if there is nothing to choose from, (`INDEX`, `ARGUMENT`)
  ///   as [Sum#sum]
  public static Tensor amin(Tensor x, int[] dims, boolean keepDim) {
    return new Amin(Ints.of(dims), keepDim).apply(x);
  }

  @Override
  public boolean greatest() {
    return false;
  }

  @Override
  public Amin over(Ints dims, boolean keepDim) {
    return new Amin(dims, keepDim);
  }
}
