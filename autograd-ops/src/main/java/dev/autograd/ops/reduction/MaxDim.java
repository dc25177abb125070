package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Tensor;
import dev.autograd.method.ValuesAndIndices;

/// The maximum along a dimension and where it is; the gradient goes to that place.
///
/// - **Formula** `v = max x`, `i` = the first place of it; `dx = g_v` at `i`, 0 elsewhere; a NaN
///   wins
/// - **Shapes** `x: [.., n, ..] → v, i: [.., ..]`, or `[.., 1, ..]`
/// - **DType** all but f16, bf16; `i` is i64
/// - **Smooth** where the maximum is unique; `i` is not differentiable
/// - **ONNX** ReduceMax (13) + ArgMax (13)
/// - **Source** one subgradient among many: ties go to the first, where Amax shares
///
/// @param dim the dimension; negative counts from the end
/// @param keepDim whether it stays, with size 1
public record MaxDim(int dim, boolean keepDim) implements Chosen {

  /// Makes the prototype, which looks along the last dimension.
  public MaxDim() {
    this(-1, false);
  }

  /// Returns the greatest elements of `x` along `dim` and their indices.
  ///
  /// @throws AutogradException (`SHAPE`) if there is nothing to choose from, (`INDEX`) if there is
  ///   no such dimension
  public static ValuesAndIndices max(Tensor x, int dim, boolean keepDim) {
    Tensor[] y = new MaxDim(dim, keepDim).apply(x);
    return new ValuesAndIndices(y[0], y[1]);
  }

  @Override
  public boolean greatest() {
    return true;
  }

  @Override
  public MaxDim along(int dim, boolean keepDim) {
    return new MaxDim(dim, keepDim);
  }
}
