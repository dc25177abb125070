package dev.autograd.ops.comparison;

import dev.autograd.Operation;
import java.util.List;

/// The operations that compare and select.
public final class ComparisonOps {
  private ComparisonOps() {}

  /// Returns a prototype of each.
  public static List<Operation> all() {
    return List.of(
        new Eq(),
        new EqScalar(),
        new Ne(),
        new NeScalar(),
        new Lt(),
        new LtScalar(),
        new Le(),
        new LeScalar(),
        new Gt(),
        new GtScalar(),
        new Ge(),
        new GeScalar(),
        new IsNan(),
        new LogicalAnd(),
        new LogicalOr(),
        new LogicalNot(),
        new Where(),
        new MaskedFill());
  }
}
