package dev.autograd.method;

import dev.autograd.Tensor;
import dev.autograd.spi.TensorOperations;

/// The tensor that a family of methods belongs to, and the operations it delegates to.
sealed interface Self
    permits ArithmeticMethods,
        ComparisonMethods,
        ReductionMethods,
        LinearAlgebraMethods,
        ShapeMethods,
        IndexingMethods,
        ActivationMethods,
        InPlaceMethods {

  /// Returns a family's receiver as the tensor it is.
  static Tensor self(Self s) {
    return (Tensor) s;
  }

  /// Returns the installed operations.
  static TensorOperations ops() {
    return Tensor.operations();
  }
}
