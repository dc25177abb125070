package dev.autograd.spi;

import dev.autograd.Operation;
import dev.autograd.Tensor;

/// Collects the inputs on which an operation is checked, and makes them.
///
/// Everything made here follows one seed. Floating tensors are made in the type that the checker
/// works in, and the checker decides which of them require grad.
public interface Samples {
  /// Adds a case: an application of `operation`, an instance with the attributes to try.
  void add(Operation operation, Tensor... inputs);

  /// Adds a case of a function whose inputs it is differentiable in only partly; `smooth` tells for
  /// each input whether its gradient may be compared with finite differences.
  void add(Operation operation, boolean[] smooth, Tensor... inputs);

  /// Adds inputs that the operation must refuse with a message that contains `message`.
  void reject(Operation operation, String message, Tensor... inputs);

  /// Returns standard normal values.
  Tensor randn(int... shape);

  /// Returns values uniform in `[low, high)`.
  Tensor uniform(double low, double high, int... shape);

  /// Returns distinct values at least `1/numel` apart, in random order, between -2 and 2: for
  /// operations that order their inputs.
  Tensor distinct(int... shape);

  /// Returns `i64` values in `[0, bound)`, each of them as likely.
  Tensor indices(int bound, int... shape);

  /// Returns random truth values.
  Tensor bools(int... shape);

  /// Returns a random size in `[low, high]`, for generated shapes.
  int size(int low, int high);
}
