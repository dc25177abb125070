package dev.autograd.ops.reduction;

import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.shape.Cast;

/// The gradient of a choice of one value, shared by all elements that have it.
final class Ties {
  private Ties() {}

  /// Returns `g` divided evenly among the elements of `x` that equal the chosen `y`; among the NaNs
  /// where that is NaN.
  static Tensor spread(Reduction r, Tensor x, Tensor y, Tensor g) {
    Shape from = x.shape();
    Tensor chosen = x.detach().eq(r.restored(y.detach(), from)).logicalOr(x.detach().isNan());
    Tensor weights = Cast.cast(chosen, g.dtype());
    Tensor ties = weights.sum(Dims.list(r.gone(from)), true);
    return weights.mul(r.restored(g, from).div(ties));
  }
}
