package dev.autograd.spi;

import dev.autograd.Tensor;

/// Sees every operation of a thread as it passes the doorway: a tracer, a profiler, a detector.
@FunctionalInterface
public interface Interceptor {
  /// Handles one call and returns its results, usually those of [OpCall#proceed].
  ///
  /// Operations that the interceptor itself applies are seen only by the interceptors outside it.
  Tensor[] intercept(OpCall call);

  /// Sees the program, not an operation, take elements out of a tensor: what it does from there on
  /// may depend on their values. Printing a tensor does not count.
  ///
  /// @param reader the method of [Tensor] that reads, such as `item`
  default void read(String reader, Tensor tensor) {}
}
