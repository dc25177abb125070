package dev.autograd;

import java.util.ArrayList;
import java.util.List;

/// Takes what the nodes save that are recorded while it is in force; the innermost one only.
///
/// See Note [Saved values in custody] in [SavedTensor].
interface SavingScope {
  /// Takes over what `node`, just recorded, saved.
  void recorded(FunctionNode node, Tensor[] in, Tensor[] out);

  /// Puts off the taking over until an in-place operation has copied what it is about to overwrite.
  final class Deferred implements SavingScope {
    private record Pending(FunctionNode node, Tensor[] in, Tensor[] out) {}

    private final List<Pending> pending = new ArrayList<>(1);

    @Override
    public void recorded(FunctionNode node, Tensor[] in, Tensor[] out) {
      pending.add(new Pending(node, in, out));
    }

    void handTo(SavingScope scope) {
      for (Pending p : pending) {
        scope.recorded(p.node, p.in, p.out);
      }
    }
  }
}
