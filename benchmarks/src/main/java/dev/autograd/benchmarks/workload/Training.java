package dev.autograd.benchmarks.workload;

import dev.autograd.Tensor;
import dev.autograd.TensorScope;
import dev.autograd.optim.Optimizer;
import java.util.function.Supplier;

/// A model in training, always on the same batch.
///
/// @param optimizer has the model's parameters
/// @param loss what is made smaller
record Training(Optimizer optimizer, Supplier<Tensor> loss) implements Runnable {

  /// Takes one step.
  @Override
  public void run() {
    optimizer.zeroGrad();
    try (var _ = TensorScope.open()) {
      loss.get().backward();
      optimizer.step();
    }
  }
}
