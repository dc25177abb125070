package dev.autograd.ops.normalization;

import dev.autograd.Operation;
import java.util.List;

/// The operations of this package.
public final class NormalizationOps {
  private NormalizationOps() {}

  /// Returns one prototype of each operation.
  public static List<Operation> all() {
    return List.of(
        new Softmax(),
        new SoftmaxGrad(),
        new LogSoftmax(),
        new LogSoftmaxGrad(),
        new LayerNorm(),
        new BatchNorm(),
        new BatchNormEval());
  }
}
