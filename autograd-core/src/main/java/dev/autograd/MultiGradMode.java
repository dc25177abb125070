package dev.autograd;

/// When a hook on several tensors is called.
public enum MultiGradMode {
  /// Once in each backward, when all the gradients that it computes are there.
  ALL,
  /// Once in each backward, with the first gradient that is there.
  ANY
}
