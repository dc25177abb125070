package dev.autograd.spi;

import dev.autograd.Node;

/// Is told of every node that a backward pass runs on its thread, by
/// [dev.autograd.Autograd#listen].
public interface WalkListener {
  /// A node is about to run, with its hooks.
  void before(Node node);

  /// The node has run, or has failed.
  void after(Node node);
}
