package dev.autograd;

/// An output of a node that is not its first one. See Note [Slots and nodes] in [Slot].
final class OutputSlot extends Slot {
  private final Node node;
  private final int outputNr;
  private final TensorType type;

  OutputSlot(Node node, int outputNr, TensorType type) {
    this.node = node;
    this.outputNr = outputNr;
    this.type = type;
  }

  @Override
  Node node() {
    return node;
  }

  @Override
  int outputNr() {
    return outputNr;
  }

  @Override
  Shape shape() {
    return type.shape();
  }

  @Override
  DType dtype() {
    return type.dtype();
  }
}
