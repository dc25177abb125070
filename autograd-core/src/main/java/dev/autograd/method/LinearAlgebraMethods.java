package dev.autograd.method;

import dev.autograd.Tensor;

/// Products of matrices and vectors.
public sealed interface LinearAlgebraMethods extends Self permits Tensor {
  /// Returns the product: dot for two vectors, matrix product for matrices, with leading dimensions
  /// broadcast.
  default Tensor matmul(Tensor other) {
    return Self.ops().matmul(Self.self(this), other);
  }

  /// Returns the outer product of two vectors.
  default Tensor outer(Tensor other) {
    return Self.ops().outer(Self.self(this), other);
  }

  /// Transposes a matrix; leaves a vector as it is.
  default Tensor t() {
    return Self.self(this).rank() < 2 ? Self.self(this) : Self.self(this).transpose(-2, -1);
  }
}
