package dev.autograd.nn;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;

/// Makes the first values of a parameter.
///
/// The fan-in of a weight of shape `[out, in, …]` is `in` times the size of its kernel, the fan-out
/// `out` times that size.
@FunctionalInterface
public interface Initializer {
  /// Returns a new tensor.
  Tensor make(Shape shape, DType dtype, Generator generator);

  /// Returns `f32` values from the global generator.
  default Tensor make(int... shape) {
    return make(Shape.of(shape), DType.F32, Generator.global());
  }

  /// Zeros.
  static Initializer zeros() {
    return constant(0);
  }

  /// Ones.
  static Initializer ones() {
    return constant(1);
  }

  /// One value everywhere.
  static Initializer constant(double value) {
    return (shape, dtype, _) -> Tensor.full(shape, value, dtype);
  }

  /// Uniform in `[low, high)`.
  static Initializer uniform(double low, double high) {
    return (shape, dtype, generator) -> {
      Tensor t = Tensor.zeros(shape, dtype);
      Tensor.operations().uniformInto(t, low, high, generator);
      return t;
    };
  }

  /// Normal.
  static Initializer normal(double mean, double std) {
    return (shape, dtype, generator) -> {
      Tensor t = Tensor.zeros(shape, dtype);
      Tensor.operations().normalInto(t, mean, std, generator);
      return t;
    };
  }

  /// Uniform with variance `2 / (fan-in + fan-out)`: Glorot and Bengio 2010.
  static Initializer xavierUniform() {
    return (shape, dtype, generator) -> {
      double bound = Math.sqrt(6.0 / (fanIn(shape) + fanOut(shape)));
      return uniform(-bound, bound).make(shape, dtype, generator);
    };
  }

  /// Normal with variance `2 / (fan-in + fan-out)`: Glorot and Bengio 2010.
  static Initializer xavierNormal() {
    return (shape, dtype, generator) ->
        normal(0, Math.sqrt(2.0 / (fanIn(shape) + fanOut(shape)))).make(shape, dtype, generator);
  }

  /// Uniform with variance `2 / fan-in`, for layers before a ReLU: He et al. 2015.
  static Initializer kaimingUniform() {
    return (shape, dtype, generator) -> {
      double bound = Math.sqrt(6.0 / fanIn(shape));
      return uniform(-bound, bound).make(shape, dtype, generator);
    };
  }

  /// Normal with variance `2 / fan-in`, for layers before a ReLU: He et al. 2015.
  static Initializer kaimingNormal() {
    return (shape, dtype, generator) ->
        normal(0, Math.sqrt(2.0 / fanIn(shape))).make(shape, dtype, generator);
  }

  /// Uniform within `±1/√fanIn`, what PyTorch's linear and convolution layers start from.
  static Initializer fanInUniform(int fanIn) {
    double bound = fanIn > 0 ? 1 / Math.sqrt(fanIn) : 0;
    return uniform(-bound, bound);
  }

  private static double fanIn(Shape shape) {
    return shape.rank() < 2 ? Math.max(1, shape.numel()) : (double) shape.numel() / shape.size(0);
  }

  private static double fanOut(Shape shape) {
    return shape.rank() < 2 ? Math.max(1, shape.numel()) : (double) shape.numel() / shape.size(1);
  }
}
