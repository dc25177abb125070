package dev.autograd;

import org.jspecify.annotations.Nullable;

/// What a node knows of one of its inputs or outputs: where its gradient goes, and what it is like.
/// Not the tensor itself, so that that can be collected. All nodes that take an output share its
/// slot.
///
/// # Note [Slots and nodes]
///
/// Graphs of small tensors are made of little else than nodes and slots, so that hardly any slot is
/// an object of its own: a node is the slot of its first output, nearly always the only one, and
/// what has no gradient is known well enough by its [TensorType], which all tensors of a shape
/// share. Only further outputs of a node have an [OutputSlot] each.
abstract sealed class Slot implements Origin permits Node, OutputSlot, TensorType {

  /// Returns what made it or, for a leaf, accumulates its gradient; `null` if it has none.
  abstract @Nullable Node node();

  /// Returns which output of [#node] it is.
  abstract int outputNr();

  abstract Shape shape();

  abstract DType dtype();
}
