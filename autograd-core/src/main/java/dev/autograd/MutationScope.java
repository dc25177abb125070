package dev.autograd;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.WeakHashMap;

/// Copies saved tensors at the moment when they are about to be overwritten.
final class MutationScope implements SavingScope {

  /// The saves of one storage; those whose graph was collected are swept out as the list grows.
  private static final class Saves {
    private List<WeakReference<Held>> all = new ArrayList<>(2);
    private int sweepAt = 16;

    void add(Held held) {
      if (all.size() >= sweepAt) {
        all = new ArrayList<>(all.stream().filter(r -> r.get() != null).toList());
        sweepAt = Math.max(16, 2 * all.size());
      }
      all.add(new WeakReference<>(held));
    }
  }

  /// A saved tensor, or the copy that took its place.
  private static final class Held implements PackedTensor.Source {
    private final MutationScope scope;
    private Tensor tensor;
    private int version;

    Held(MutationScope scope, Tensor tensor) {
      this.scope = scope;
      this.tensor = tensor;
      this.version = tensor.version();
    }

    @Override
    public Tensor fetch(FunctionNode saver) {
      if (ThreadState.current().mutations != scope) {
        throw new AutogradException(
            ErrorKind.ARGUMENT,
            saver.name()
                + ": its graph was recorded inside a scope of allowMutationOnSavedTensors, and"
                + " backward runs outside of it. Call backward before the scope closes.");
      }
      if (tensor.version() != version) {
        throw StaleValue.of(tensor, null, saver, version);
      }
      return tensor;
    }
  }

  private final Map<Storage, Saves> saves = new WeakHashMap<>();

  @Override
  public void recorded(FunctionNode node, Tensor[] in, Tensor[] out) {
    node.custody(
        saved -> {
          Tensor tensor = saved.tensorOrNull();
          if (tensor == null) {
            return saved;
          }
          Held held = new Held(this, tensor);
          saves.computeIfAbsent(tensor.sharedStorage(), _ -> new Saves()).add(held);
          return saved.in(tensor, held);
        });
  }

  /// Copies what was saved of `storage`; called before each write into it.
  void beforeWrite(Storage storage) {
    Saves of = saves.remove(storage);
    if (of == null) {
      return;
    }
    IdentityHashMap<Tensor, Tensor> copies = new IdentityHashMap<>();
    for (WeakReference<Held> reference : of.all) {
      Held held = reference.get();
      if (held != null && held.version == storage.version()) {
        held.tensor = copies.computeIfAbsent(held.tensor, MutationScope::copy);
        held.version = held.tensor.version();
      }
    }
  }

  private static Tensor copy(Tensor tensor) {
    try (var _ = GradMode.noGrad()) {
      return tensor.detach().clone();
    }
  }
}
