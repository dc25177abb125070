package dev.autograd;

import org.jspecify.annotations.Nullable;

/// What a function's forward leaves for its backward.
public sealed interface Context permits FunctionNode, Untracked {

  /// Saves tensors for backward: inputs, outputs or intermediate values. Called at most once.
  ///
  /// Backward reads them by [#saved]; if one of them was written in place in between, that read is
  /// an error instead of a wrong gradient.
  ///
  /// Gradients flow on through inputs and outputs that were saved. A floating-point tensor that is
  /// neither, an intermediate value of forward, has no history: a second derivative that would need
  /// it is an error (`SAVED_INTERMEDIATE`), unless the function saves `t.detach()` and so declares
  /// it a constant.
  void save(@Nullable Tensor... tensors);

  /// Returns the saved tensor `index`, in backward.
  ///
  /// @throws AutogradException (`GRAPH_FREED`) if an earlier backward freed it,
  ///   (`VERSION_MISMATCH`) if it was written in place since
  Tensor saved(int index);

  /// Returns the saved tensor `index`, or `null` if that was saved.
  ///
  /// @throws AutogradException as [#saved]
  @Nullable Tensor savedOrNull(int index);

  /// Lets each saved tensor be read once only, and lets go of it with that read, so that backward
  /// can free memory while it runs. Without effect where the graph is retained.
  void clearSavedOnAccess();

  /// Tells whether the gradient of input `index` is wanted. Always false where nothing is recorded,
  /// so a forward can skip what only backward needs.
  boolean needs(int index);

  /// Keeps any other value for backward, such as an array of indices; replaces the last one.
  void keep(Object value);

  /// Returns what [#keep] kept.
  ///
  /// @throws AutogradException (`GRAPH_FREED`) if an earlier backward freed it
  <T> T kept(Class<T> type);

  /// Declares that forward wrote into this input, which it must also return.
  void markDirty(Tensor input);

  /// Declares that this output never requires grad.
  void markNonDifferentiable(Tensor output);

  /// Sets whether gradients of unused outputs arrive as zeros (the default) or as `null`.
  void materializeGrads(boolean materialize);

  /// Returns how many inputs the function was applied to.
  int inputCount();

  /// Returns the shape of input `index`.
  Shape inputShape(int index);

  /// Returns the element type of input `index`.
  DType inputType(int index);
}
