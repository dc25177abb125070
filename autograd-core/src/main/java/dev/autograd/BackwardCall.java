package dev.autograd;

/// The facts of one walk through the graph that nodes need to know.
///
/// @param id tells one walk from another, in messages
/// @param retainGraph whether saved values stay
/// @param createGraph whether the walk is itself recorded
record BackwardCall(long id, boolean retainGraph, boolean createGraph) {
  /// The call in whose name a user runs a single node by hand.
  static BackwardCall outside() {
    return new BackwardCall(0, true, GradMode.isEnabled());
  }

  /// The call in whose name a single node runs whose gradients are differentiated in turn.
  static BackwardCall recorded() {
    return new BackwardCall(0, true, true);
  }
}
