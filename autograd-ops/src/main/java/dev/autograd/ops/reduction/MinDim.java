package dev.autograd.ops.reduction;

import dev.autograd.AutogradException;
import dev.autograd.Tensor;
import dev.autograd.method.ValuesAndIndices;

/// The minimum along a dimension and where it is; the gradient goes to that place.
///
/// - **Formula** `v = min x`, `i` = the first place of it; `dx = g_v` at `i`, 0 elsewhere; a NaN
///   wins
/// - **Shapes** `x: [.., n, ..] → v, i: [.., ..]`, or `[.., 1, ..]`
/// - **DType** all but f16, bf16; `i` is i64
/// - **Smooth** where the minimum is unique; `i` is not differentiable
/// - **ONNX** ReduceMin (13) + ArgMin (13)
/// - **Source** one subgradient among many: ties go to the first, where Amin shares
///
/// @param dim the dimension; negative counts from the end
/// @param keepDim whether it stays, with size 1
public record MinDim(int dim, boolean keepDim) implements Chosen {

  /// Makes the prototype, which looks along the last dimension.
  public MinDim() {
    this(-1, false);
  }

  /// Returns the least elements of `x` along `dim` and their indices.
  ///
  /// @throws AutogradException (`SHAPE`) if there is nothing to choose from, (`INDEX`) if there is
  ///   no such dimension
  public static ValuesAndIndices min(Tensor x, int dim, boolean keepDim) {
    Tensor[] y = new MinDim(dim, keepDim).apply(x);
    return new ValuesAndIndices(y[0], y[1]);
  }

  @Override
  public boolean greatest() {
    return false;
  }

  @Override
  public MinDim along(int dim, boolean keepDim) {
    return new MinDim(dim, keepDim);
  }
}
