package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Ints;

/// Whether every element is true over dimensions; numbers are true if they are not 0.
///
/// - **Formula** `y = ∧ x ≠ 0`, no gradient; of nothing true
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`, or `[.., 1, ..]`
/// - **DType** all; the result is bool
/// - **Smooth** nowhere: not differentiable
/// - **ONNX** ReduceMin (13) over i32
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.all.html
///
/// @param dims the dimensions; none means all
/// @param keepDim whether they stay, with size 1
public record All(Ints dims, boolean keepDim) implements TruthReduction {

  /// Makes the prototype, which looks at everything.
  public All() {
    this(Ints.NONE, false);
  }

  /// Tells whether every element of `x` is true.
  public static Tensor all(Tensor x) {
    return new All().apply(x);
  }

  /// Tells whether every element of `x` is true over `dims`, or over all dimensions if none are
  /// given.
  ///
  /// @throws AutogradException (`INDEX`, `ARGUMENT`) as [Sum#sum]
  public static Tensor all(Tensor x, int[] dims, boolean keepDim) {
    return new All(Ints.of(dims), keepDim).apply(x);
  }

  @Override
  public boolean every() {
    return true;
  }

  @Override
  public All over(Ints dims, boolean keepDim) {
    return new All(dims, keepDim);
  }
}
