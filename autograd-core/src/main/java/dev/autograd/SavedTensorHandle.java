package dev.autograd;

import java.util.Objects;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One of the values that a node saved for backward.
public final class SavedTensorHandle {
  private final FunctionNode node;
  private final int index;

  SavedTensorHandle(FunctionNode node, int index) {
    this.node = node;
    this.index = index;
  }

  /// Returns the value at its place in the graph; `null` if the function saved `null` here.
  ///
  /// @throws AutogradException (`GRAPH_FREED`) if an earlier backward freed it,
  ///   (`VERSION_MISMATCH`) if it was written in place since
  public @Nullable Tensor value() {
    return node.savedOrNull(index);
  }

  /// Replaces the saved value by `pack` of it, called at once; backward reads `unpack` of that.
  ///
  /// @param pack must not write into its argument
  /// @param unpack must return a tensor of the type and shape that was saved
  /// @throws AutogradException (`SAVED_HOOKS_TWICE`) if the value has hooks already,
  ///   (`GRAPH_FREED`) if it was freed, (`ARGUMENT`) if it is `null`, (`PACK_HOOK_INPLACE`) if
  ///   `pack` writes
  public <P extends @Nullable Object> void registerHooks(
      Function<? super Tensor, ? extends P> pack,
      Function<? super P, ? extends @Nullable Tensor> unpack) {
    node.hookSaved(
        index, new PackHooks<P>(Objects.requireNonNull(pack), Objects.requireNonNull(unpack)));
  }
}
