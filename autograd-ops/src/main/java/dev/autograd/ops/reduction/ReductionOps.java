package dev.autograd.ops.reduction;

import dev.autograd.Operation;
import java.util.List;

/// The operations of this package.
public final class ReductionOps {
  private ReductionOps() {}

  /// Returns a prototype of each.
  public static List<Operation> all() {
    return List.of(
        new Sum(),
        new SumTo(),
        new Mean(),
        new Prod(),
        new Amax(),
        new Amin(),
        new MaxDim(),
        new MinDim(),
        new Argmax(),
        new Argmin(),
        new Var(),
        new Std(),
        new VarMean(),
        new Norm(),
        new Logsumexp(),
        new Cumsum(),
        new Cumprod(),
        new LinearRecurrence(),
        new All(),
        new Any());
  }
}
