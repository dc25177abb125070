package dev.autograd.ops.conv;

import dev.autograd.Operation;
import java.util.List;

/// The operations of this package.
public final class ConvOps {
  private ConvOps() {}

  /// Returns one prototype of each operation.
  public static List<Operation> all() {
    return List.of(
        new Conv2d(),
        new Conv2dInputGrad(),
        new Conv2dWeightGrad(),
        new MaxPool2d(),
        new MaxPool2dInputGrad(),
        new AvgPool2d(),
        new AvgPool2dInputGrad(),
        new AdaptiveAvgPool2d(),
        new AdaptiveAvgPool2dInputGrad());
  }
}
