package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Ints;

/// Whether some element is true over dimensions; numbers are true if they are not 0.
///
/// - **Formula** `y = ∨ x ≠ 0`, no gradient; of nothing false
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`, or `[.., 1, ..]`
/// - **DType** all; the result is bool
/// - **Smooth** nowhere: not differentiable
/// - **ONNX** ReduceMax (13) over i32
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.any.html
///
/// @param dims the dimensions; none means all
/// @param keepDim whether they stay, with size 1
public record Any(Ints dims, boolean keepDim) implements TruthReduction {

  /// Makes the prototype, which looks at everything.
  public Any() {
    this(Ints.NONE, false);
  }

  /// Tells whether some element of `x` is true.
  public static Tensor any(Tensor x) {
    return new Any().apply(x);
  }

  /// Tells whether some element of `x` is true over `dims`, or over all dimensions if none are
  /// given.
  ///
  /// @throws AutogradException (`INDEX`, `ARGUMENT`) as [Sum#sum]
  public static Tensor any(Tensor x, int[] dims, boolean keepDim) {
    return new Any(Ints.of(dims), keepDim).apply(x);
  }

  @Override
  public boolean every() {
    return false;
  }

  @Override
  public Any over(Ints dims, boolean keepDim) {
    return new Any(dims, keepDim);
  }
}
