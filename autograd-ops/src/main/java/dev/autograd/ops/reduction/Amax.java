package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Ints;

/// The maximum over dimensions, its gradient spread evenly over ties.
///
/// - **Formula** `y = max x`, `dx = g / (number of ties)` where `x = y`, 0 elsewhere; a NaN wins,
///   and then the NaNs share
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`, or `[.., 1, ..]`
/// - **DType** all but f16, bf16
/// - **Smooth** where the maximum is unique
/// - **ONNX** ReduceMax (13)
/// - **Source** the subgradient of least norm
///
/// @param dims the dimensions to compare over; none means all
/// @param keepDim whether they stay, with size 1
public record Amax(Ints dims, boolean keepDim) implements Extremum {

  /// Makes the prototype, which compares everything.
  public Amax() {
    this(Ints.NONE, false);
  }

  /// Takes the greatest element of `x` over `dims`, or over all dimensions if none are given.
  ///
  /// @throws AutogradException (`SHAPE`) if there is nothing to choose from, (`INDEX`, `ARGUMENT`)
  ///   as [Sum#sum]
  public static Tensor amax(Tensor x, int[] dims, boolean keepDim) {
    return new Amax(Ints.of(dims), keepDim).apply(x);
  }

  @Override
  public boolean greatest() {
    return true;
  }

  @Override
  public Amax over(Ints dims, boolean keepDim) {
    return new Amax(dims, keepDim);
  }
}
