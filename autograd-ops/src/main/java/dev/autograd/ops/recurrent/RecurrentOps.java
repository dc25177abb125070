package dev.autograd.ops.recurrent;

import dev.autograd.Operation;
import java.util.List;

/// The operations of this package.
public final class RecurrentOps {
  private RecurrentOps() {}

  /// Returns one prototype of each operation.
  public static List<Operation> all() {
    return List.of(new Lstm());
  }
}
