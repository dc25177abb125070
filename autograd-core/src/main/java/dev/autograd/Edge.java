package dev.autograd;

/// Where the gradient of an input goes: output `outputNr` of `node`.
///
/// @param node the node that made the input, or accumulates into it
/// @param outputNr which of the node's outputs the input was
public record Edge(Node node, int outputNr) implements GraphPlace {
  @Override
  public Edge gradientEdge() {
    return this;
  }

  @Override
  public Shape shape() {
    return node.outputShape(outputNr);
  }

  @Override
  public DType dtype() {
    return node.outputType(outputNr);
  }
}
