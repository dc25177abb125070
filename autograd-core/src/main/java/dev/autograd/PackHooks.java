package dev.autograd;

import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A pair of user's hooks in force.
///
/// @param pack turns a saved tensor into what is kept in its stead
/// @param unpack turns that back into a tensor of the same type and shape
record PackHooks<P extends @Nullable Object>(
    Function<? super Tensor, ? extends P> pack,
    Function<? super P, ? extends @Nullable Tensor> unpack)
    implements SavingScope {

  @Override
  public void recorded(FunctionNode node, Tensor[] in, Tensor[] out) {
    node.custody(saved -> packed(saved, node));
  }

  /// Returns `saved` in the care of these hooks.
  SavedTensor packed(SavedTensor saved, FunctionNode node) {
    Tensor tensor = saved.value(node);
    if (tensor == null) {
      return saved;
    }
    Storage storage = tensor.sharedStorage();
    int version = storage.version();
    Tensor given = tensor.detach();
    P kept = unrecorded(() -> pack.apply(given));
    if (storage.version() != version) {
      throw new AutogradException(
          ErrorKind.PACK_HOOK_INPLACE,
          node.name()
              + ": a pack hook wrote in place into the "
              + tensor.dtype()
              + " tensor of shape "
              + tensor.shape()
              + " that it was given. Clone it first.");
    }
    // What still shares memory with the original can be overwritten through it.
    boolean shared = kept instanceof Tensor t && t.sharedStorage() == storage;
    var source = new Packed<>(this, kept, shared ? version : -1);
    return saved.in(tensor, source);
  }

  /// Runs a hook as no part of the computation that saves or reads the value.
  private static <T extends @Nullable Object> T unrecorded(Supplier<? extends T> hook) {
    ThreadState state = ThreadState.current();
    SavingScope scope = state.saving;
    state.saving = null;
    try (var _ = GradMode.noGrad()) {
      return hook.get();
    } finally {
      state.saving = scope;
    }
  }

  /// A value as the pack hook left it.
  private record Packed<P extends @Nullable Object>(PackHooks<P> hooks, P value, int version)
      implements PackedTensor.Source {
    @Override
    public @Nullable Tensor fetch(FunctionNode saver) {
      if (version >= 0 && value instanceof Tensor t && t.version() != version) {
        throw StaleValue.of(t, null, saver, version);
      }
      return unrecorded(() -> hooks.unpack.apply(value));
    }
  }
}
