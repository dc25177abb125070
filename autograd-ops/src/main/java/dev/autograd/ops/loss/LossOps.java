package dev.autograd.ops.loss;

import dev.autograd.Operation;
import java.util.List;

/// The operations of this package.
public final class LossOps {
  private LossOps() {}

  /// Returns one prototype of each operation.
  public static List<Operation> all() {
    return List.of(
        new MseLoss(),
        new L1Loss(),
        new SmoothL1Loss(),
        new HuberLoss(),
        new BinaryCrossEntropy(),
        new BinaryCrossEntropyWithLogits(),
        new KlDiv(),
        new NllLoss(),
        new CrossEntropy());
  }
}
