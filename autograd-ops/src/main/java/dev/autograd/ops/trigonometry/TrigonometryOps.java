package dev.autograd.ops.trigonometry;

import dev.autograd.Operation;
import java.util.List;

/// The circular and hyperbolic functions and their inverses.
public final class TrigonometryOps {
  private TrigonometryOps() {}

  /// Returns a prototype of each.
  public static List<Operation> all() {
    return List.of(
        new Sin(),
        new Cos(),
        new Tan(),
        new Asin(),
        new Acos(),
        new Atan(),
        new Atan2(),
        new Sinh(),
        new Cosh(),
        new Asinh(),
        new Acosh(),
        new Atanh());
  }
}
