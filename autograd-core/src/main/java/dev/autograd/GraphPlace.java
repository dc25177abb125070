package dev.autograd;

/// A place in the graph where a gradient starts or arrives: a tensor, meaning where it stands now,
/// or an [Edge], which stays where it is whatever is written into the tensor later.
public sealed interface GraphPlace permits Tensor, Edge {
  /// Returns this place as an edge, which keeps the graph behind it alive.
  ///
  /// @throws AutogradException (`INPUT_NO_GRAD`) on a tensor that does not require grad
  Edge gradientEdge();

  /// Returns the shape of the tensor here, and so of its gradient.
  Shape shape();

  /// Returns the element type of the tensor here.
  DType dtype();
}
