package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Tensor;
import org.jspecify.annotations.Nullable;

/// The index of the maximum: the first on ties, the first NaN if there is one.
///
/// - **Formula** `y = min {i : xᵢ = max x}`, no gradient
/// - **Shapes** `x: [.., n, ..] → y: [.., ..]`, or `[.., 1, ..]`
/// - **DType** all but f16, bf16; the result is i64
/// - **Smooth** nowhere: not differentiable
/// - **ONNX** ArgMax (13)
/// - **Source** https://numpy.org/doc/stable/reference/generated/numpy.argmax.html
///
/// @param dim the dimension, negative counting from the end; `null` for the flat index among all
/// @param keepDim whether it stays, with size 1
public record Argmax(@Nullable Integer dim, boolean keepDim) implements ArgExtremum {

  /// Makes the prototype, which looks at everything.
  public Argmax() {
    this(null, false);
  }

  /// Returns the index of the greatest element of `x` along `dim`, the flat index if that is
  /// `null`.
  ///
  /// @throws AutogradException (`SHAPE`) if there is nothing to choose from, (`INDEX`) if there is
  ///   no such dimension
  public static Tensor argmax(Tensor x, @Nullable Integer dim, boolean keepDim) {
    return new Argmax(dim, keepDim).apply(x);
  }

  @Override
  public boolean greatest() {
    return true;
  }

  @Override
  public Argmax along(@Nullable Integer dim, boolean keepDim) {
    return new Argmax(dim, keepDim);
  }
}
