package dev.autograd.spi;

import dev.autograd.Tensor;

/// The origin of values that are computed when somebody needs them.
@FunctionalInterface
public interface Pending {
  /// Computes the values and hands them to their storages by
  /// [dev.autograd.Storage#complete(Object)]; does nothing where that was done already, and may be
  /// called by several threads at once.
  void compute();

  /// Tells whether the values of `result`, which come from here, can be computed straight into
  /// `target`, of the same shape and type, although they may be computed from it.
  default boolean canComputeInto(Tensor result, Tensor target) {
    return false;
  }

  /// Computes the values of `result` into `target`; they are not kept anywhere else.
  default void computeInto(Tensor result, Tensor target) {
    throw new UnsupportedOperationException("pending: the values cannot go to a given place");
  }
}
