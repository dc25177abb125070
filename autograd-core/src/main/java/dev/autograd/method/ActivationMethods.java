package dev.autograd.method;

import dev.autograd.Tensor;

/// Activation functions.
public sealed interface ActivationMethods extends Self permits Tensor {
  /// Returns `max(0, x)`; the gradient at 0 is 0.
  default Tensor relu() {
    return Self.ops().relu(Self.self(this));
  }

  /// Returns `x` where positive, `slope · x` elsewhere.
  default Tensor leakyRelu(double slope) {
    return Self.ops().leakyRelu(Self.self(this), slope);
  }

  /// Returns `x` where positive, `alpha · (e^x − 1)` elsewhere.
  default Tensor elu(double alpha) {
    return Self.ops().elu(Self.self(this), alpha);
  }

  /// Returns `x · Φ(x)`, by the error function.
  default Tensor gelu() {
    return Self.ops().gelu(Self.self(this));
  }

  /// Returns `x · sigmoid(x)`.
  default Tensor silu() {
    return Self.ops().silu(Self.self(this));
  }

  /// Returns `ln(1 + e^x)`.
  default Tensor softplus() {
    return Self.ops().softplus(Self.self(this));
  }

  /// Returns `1 / (1 + e^−x)`.
  default Tensor sigmoid() {
    return Self.ops().sigmoid(Self.self(this));
  }

  /// Returns the hyperbolic tangent.
  default Tensor tanh() {
    return Self.ops().tanh(Self.self(this));
  }

  /// Returns the softmax along `dim`.
  default Tensor softmax(int dim) {
    return Self.ops().softmax(Self.self(this), dim);
  }

  /// Returns the logarithm of the softmax along `dim`.
  default Tensor logSoftmax(int dim) {
    return Self.ops().logSoftmax(Self.self(this), dim);
  }
}
