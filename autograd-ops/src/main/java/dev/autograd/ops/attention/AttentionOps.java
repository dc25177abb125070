package dev.autograd.ops.attention;

import dev.autograd.Operation;
import java.util.List;

/// The operations of this package.
public final class AttentionOps {
  private AttentionOps() {}

  /// Returns one prototype of each operation.
  public static List<Operation> all() {
    return List.of(new ScaledDotProductAttention());
  }
}
