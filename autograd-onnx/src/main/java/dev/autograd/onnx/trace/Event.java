package dev.autograd.onnx.trace;

import dev.autograd.Operation;
import dev.autograd.Storage;
import dev.autograd.Tensor;
import java.util.List;

/// What happened while a model ran.
sealed interface Event {
  /// One application of an operation.
  ///
  /// @param source the line of the program that applied it
  record Call(Operation operation, List<Tensor> inputs, List<Tensor> outputs, String source)
      implements Event {}

  /// A result written over everything that an array held.
  record Write(Storage target, Tensor result) implements Event {}
}
