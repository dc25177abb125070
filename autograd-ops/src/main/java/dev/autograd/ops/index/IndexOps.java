package dev.autograd.ops.index;

import dev.autograd.Operation;
import java.util.List;

/// The operations of this package.
public final class IndexOps {
  private IndexOps() {}

  /// Returns a prototype of each.
  public static List<Operation> all() {
    return List.of(
        new IndexSelect(),
        new IndexAdd(),
        new Take(),
        new Gather(),
        new Scatter(),
        new ScatterAdd(),
        new OneHot(),
        new Embedding(),
        new MaskedSelect(),
        new MaskedScatter(),
        new PadBorder());
  }
}
