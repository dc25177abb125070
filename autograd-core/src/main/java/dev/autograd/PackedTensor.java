package dev.autograd;

import org.jspecify.annotations.Nullable;

/// A saved tensor that something else has in custody, and its place in the graph.
///
/// See Note [Saved values in custody] in [SavedTensor].
final class PackedTensor {

  /// Has the value.
  interface Source {
    /// Returns the value, of the type and shape that were saved; its history is of no account.
    @Nullable Tensor fetch(FunctionNode saver);

    /// Tells whether hooks can no longer be set on the value.
    default boolean isForGood() {
      return true;
    }

    /// Lets go of the value: its node was freed.
    default void release() {}
  }

  private final Shape shape;
  private final DType dtype;
  private final @Nullable Node node;
  private final int outputNr;
  private final Source source;

  /// Takes the place of `tensor` in the graph.
  PackedTensor(Tensor tensor, Source source) {
    this(tensor, tensor.gradientNode(), tensor.outputNr(), source);
  }

  /// Takes another place in the graph than `tensor` has.
  PackedTensor(Tensor tensor, @Nullable Node node, int outputNr, Source source) {
    this.shape = tensor.shape();
    this.dtype = tensor.dtype();
    this.node = node;
    this.outputNr = outputNr;
    this.source = source;
  }

  /// Returns the value at its place in the graph.
  Tensor unpack(FunctionNode saver) {
    Tensor value = source.fetch(saver);
    if (value == null || !value.shape().equals(shape) || value.dtype() != dtype) {
      throw new AutogradException(
          ErrorKind.UNPACK_BAD_RETURN,
          saver.name()
              + ": an unpack hook must return a "
              + dtype
              + " tensor of shape "
              + shape
              + ", as it was saved, got "
              + (value == null ? "null" : value.dtype() + " " + value.shape()));
    }
    Tensor placed = value.detach();
    if (node != null) {
      placed.setHistory(node.slot(outputNr));
    }
    return placed;
  }

  /// Returns the place in the graph, or `null` if no gradient flows to it.
  @Nullable Edge edge() {
    return node == null ? null : new Edge(node, outputNr);
  }

  Source source() {
    return source;
  }

  /// Returns the same place with another source.
  PackedTensor from(Tensor like, Source other) {
    return new PackedTensor(like, node, outputNr, other);
  }

  void release() {
    source.release();
  }
}
