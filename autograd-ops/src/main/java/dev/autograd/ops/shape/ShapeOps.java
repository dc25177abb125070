package dev.autograd.ops.shape;

import dev.autograd.Operation;
import java.util.List;

/// The operations of this package.
public final class ShapeOps {
  private ShapeOps() {}

  /// Returns a prototype of each.
  public static List<Operation> all() {
    return List.of(
        new Reshape(),
        new Permute(),
        new Expand(),
        new Repeat(),
        new Squeeze(),
        new Unsqueeze(),
        new Select(),
        new Slice(),
        new Unslice(),
        new SliceScatter(),
        new Diagonal(),
        new Undiagonal(),
        new Split(),
        new Unbind(),
        new Cat(),
        new Stack(),
        new Flip(),
        new Pad(),
        new Tril(),
        new Triu(),
        new Copy(),
        new Cast());
  }
}
