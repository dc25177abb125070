package dev.autograd.ops.special;

import dev.autograd.Operation;
import java.util.List;

/// The operations of this package.
public final class SpecialOps {
  private SpecialOps() {}

  /// Returns a prototype of each.
  public static List<Operation> all() {
    return List.of(
        new Logaddexp(),
        new Logaddexp2(),
        new Xlogy(),
        new Xlog1py(),
        new Entr(),
        new Sinc(),
        new Hypot());
  }
}
