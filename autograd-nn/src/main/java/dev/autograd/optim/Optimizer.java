package dev.autograd.optim;

import dev.autograd.Tensor;
import java.util.Map;

/// Moves parameters against their gradients.
public interface Optimizer {
  /// Takes one step; a parameter without gradient stays where it is.
  void step();

  /// Drops the gradients of all parameters.
  void zeroGrad();

  /// Returns the learning rate of the next step.
  double learningRate();

  /// Sets the learning rate of the next steps.
  ///
  /// @throws dev.autograd.AutogradException (`ARGUMENT`) if it is negative or not finite
  void learningRate(double learningRate);

  /// Returns how many steps were taken.
  long steps();

  /// Returns what the optimizer remembers, by `parameter/slot`; the tensors are the live ones.
  Map<String, Tensor> state();

  /// Takes over what [#state] and [#steps] told, so that the next step is the one that would have
  /// followed.
  ///
  /// @throws dev.autograd.AutogradException (`ARGUMENT`) if a name belongs to no parameter,
  ///   (`SHAPE`) if a shape differs
  void load(Map<String, Tensor> state, long steps);
}
