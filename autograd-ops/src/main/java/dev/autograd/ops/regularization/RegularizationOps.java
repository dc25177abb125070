package dev.autograd.ops.regularization;

import dev.autograd.Operation;
import java.util.List;

/// The operations of this package.
public final class RegularizationOps {
  private RegularizationOps() {}

  /// Returns one prototype of each operation.
  public static List<Operation> all() {
    return List.of(new Dropout());
  }
}
