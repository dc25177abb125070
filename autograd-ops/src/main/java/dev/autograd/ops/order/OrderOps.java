package dev.autograd.ops.order;

import dev.autograd.Operation;
import java.util.List;

/// The operations of this package.
public final class OrderOps {
  private OrderOps() {}

  /// Returns a prototype of each.
  public static List<Operation> all() {
    return List.of(
        new Median(),
        new Nanmedian(),
        new MedianDim(),
        new NanmedianDim(),
        new Quantile(),
        new Nanquantile());
  }
}
