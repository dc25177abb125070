package dev.autograd.ops.activation;

import dev.autograd.Operation;
import java.util.List;

/// The activation functions.
public final class ActivationOps {
  private ActivationOps() {}

  /// Returns a prototype of each.
  public static List<Operation> all() {
    return List.of(
        new Relu(),
        new LeakyRelu(),
        new Elu(),
        new Selu(),
        new Gelu(),
        new GeluTanh(),
        new Silu(),
        new Mish(),
        new Softplus(),
        new Sigmoid(),
        new Tanh(),
        new Hardtanh(),
        new Relu6(),
        new Hardsigmoid(),
        new Hardswish(),
        new LogSigmoid());
  }
}
