package dev.autograd.gradcheck.junit;

import dev.autograd.Operation;
import dev.autograd.gradcheck.OperationCheck;
import dev.autograd.gradcheck.OperationCheckOptions;
import dev.autograd.gradcheck.OperationReport;
import java.util.Collection;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Runs the gradient checker on operations, one test for each.
///
/// ```java
/// final class MyOpsTest implements OperationContract {
///   public Collection<Operation> operations() {
///     return new MyOps().operations();
///   }
/// }
/// ```
public interface OperationContract {
  /// Returns prototypes of the operations to check.
  Collection<Operation> operations();

  /// Returns what is checked, and how hard.
  default OperationCheckOptions options() {
    return OperationCheckOptions.DEFAULTS;
  }

  /// Makes one test for each operation.
  @TestFactory
  @SuppressWarnings("exports") // only who implements this needs JUnit, and requires it then
  default Stream<DynamicTest> keepsTheContract() {
    return operations().stream().map(op -> DynamicTest.dynamicTest(op.name(), () -> passes(op)));
  }

  private void passes(Operation op) {
    OperationReport report = OperationCheck.check(op, options());
    if (!report.passed()) {
      Assertions.fail(
          report.findings().stream()
              .map(f -> f.describe() + " [seed " + f.seed() + ", sample " + f.sample() + "]")
              .collect(Collectors.joining("\n", "findings of " + op.name() + ":\n", "")));
    }
  }
}
