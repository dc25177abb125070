package dev.autograd;

import org.jspecify.annotations.Nullable;

/// Finds out who holds the arrays of gradients on their way through the graph. See Note [Arrays
/// used again] in [Recycler].
final class GradientHolders {
  private static final ClassValue<Boolean> RELEASES =
      new ClassValue<>() {
        @Override
        protected Boolean computeValue(Class<?> type) {
          return Tensor.operations().releasesGradients(type);
        }
      };

  private GradientHolders() {}

  /// Tells who can hold the array of a gradient that `node` returned. If it was made while the node
  /// ran and goes to one input only, or was given to the node and is handed on, that is the engine.
  /// An older array may be the seed, a saved value, or a constant of the function.
  ///
  /// @param madeBefore how many storages there were before the node ran
  /// @param releases whether the node keeps nothing, as [#releases] tells
  static Holding of(
      Node node,
      Tensor grad,
      int index,
      @Nullable Tensor[] out,
      Visit v,
      long madeBefore,
      boolean releases) {
    if (!grad.ownsWholeStorage() || grad.tangents() != null) {
      return Holding.SHARED;
    }
    Storage storage = grad.sharedStorage();
    Node.Extras extras = node.extrasOrNull();
    if (extras != null && !extras.postHooks.isEmpty()) {
      return Holding.SHARED;
    }
    for (int i = 0; i < out.length; i++) {
      Tensor other = out[i];
      if (i != index && other != null && other.sharedStorage() == storage) {
        return Holding.SHARED;
      }
    }
    if (storage.isMadeAfter(madeBefore)) {
      return releases ? Holding.SOLE : Holding.FRESH;
    }
    for (int i = 0; i < v.outputs(); i++) {
      if (v.grad(i) == grad) {
        return releases ? v.held(i) : Holding.SHARED;
      }
    }
    return Holding.SHARED;
  }

  /// Tells whether a node keeps nothing of the gradients that pass through it, and nobody looks on.
  static boolean releases(Node node, ThreadState state) {
    return node instanceof FunctionNode f
        && node.extrasOrNull() == null
        && OperationLibrary.loadedOrNull() != null
        && RELEASES.get(f.operation().getClass())
        && state.interceptors == null;
  }

  /// Makes the memory of gradients free to be used again that have served at a node which releases
  /// them.
  static void recycle(@Nullable Tensor[] out, Visit v) {
    for (int i = 0; i < v.outputs(); i++) {
      Tensor g = v.grad(i);
      if (g != null && v.held(i) == Holding.SOLE) {
        boolean handedOn = false;
        for (Tensor grad : out) {
          handedOn |= grad != null && grad.sharedStorage() == g.sharedStorage();
        }
        if (!handedOn) {
          g.sharedStorage().spend();
        }
      }
    }
  }
}
