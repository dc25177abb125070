package dev.autograd.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Operation;
import dev.autograd.gradcheck.junit.OperationContract;
import dev.autograd.spi.OpRegistry;
import java.util.Collection;
import org.junit.jupiter.api.Test;

/// Every operation of the library passes the checker, first and second order, on its own samples.
class AllOperationsTest implements OperationContract {
  @Override
  public Collection<Operation> operations() {
    return OpRegistry.load().entries().stream().map(OpRegistry.Entry::prototype).toList();
  }

  @Override
  public OperationCheckOptions options() {
    return OperationCheckOptions.DEFAULTS.withSeed(20261123).withRounds(1);
  }

  @Test
  void theLibraryIsThereWhole() {
    assertThat(OpRegistry.load().problems()).isEmpty();
    assertThat(operations()).hasSizeGreaterThan(100);
  }
}
