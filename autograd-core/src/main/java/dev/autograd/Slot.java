package dev.autograd;

import org.jspecify.annotations.Nullable;

/// What a node knows of one of its inputs or outputs: where its gradient goes, and what it is like.
/// Not the tensor itself, so that that can be collected. All nodes that take an output share its
/// slot.
///
/// @param node what made it or, for a leaf, accumulates its gradient; `null` if it has none
/// @param outputNr which output of `node` it is
record Slot(@Nullable Node node, int outputNr, Shape shape, DType dtype) {
  static Slot of(Tensor t) {
    Node node = t.gradientNode();
    return node == null ? new Slot(null, 0, t.shape(), t.dtype()) : node.slot(t.outputNr());
  }
}
