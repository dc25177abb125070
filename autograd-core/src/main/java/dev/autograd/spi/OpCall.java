package dev.autograd.spi;

import dev.autograd.Operation;
import dev.autograd.Tensor;

/// One operation on its way through the doorway.
public interface OpCall {
  /// Returns the operation with its attributes.
  Operation operation();

  /// Returns the inputs; the array must not be changed.
  Tensor[] inputs();

  /// Hands the call to the next interceptor or, after the last, runs and records it.
  Tensor[] proceed();

  /// Runs the operation's forward with the interceptors still on, so that the operations it is made
  /// of pass the doorway one by one and take its place.
  Tensor[] decompose();
}
