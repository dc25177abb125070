package dev.autograd.ops.elementary;

import dev.autograd.Operation;
import java.util.List;

/// The powers, roots, exponentials, logarithms and error functions.
public final class ElementaryOps {
  private ElementaryOps() {}

  /// Returns a prototype of each.
  public static List<Operation> all() {
    return List.of(
        new Pow(),
        new PowScalar(),
        new ScalarPow(),
        new Square(),
        new Reciprocal(),
        new Sqrt(),
        new Rsqrt(),
        new Exp(),
        new Exp2(),
        new Expm1(),
        new Log(),
        new Log1p(),
        new Log2(),
        new Log10(),
        new Erf(),
        new Erfc());
  }
}
