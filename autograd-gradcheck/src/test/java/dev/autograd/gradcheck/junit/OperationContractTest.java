package dev.autograd.gradcheck.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.Operation;
import dev.autograd.gradcheck.planted.Right;
import dev.autograd.gradcheck.planted.WrongValues;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;

class OperationContractTest implements OperationContract {
  @Override
  public Collection<Operation> operations() {
    return List.of(new Right.Cube(), new Right.Matmul());
  }

  @Test
  void makesATestOfEachOperationByItsName() {
    assertThat(keepsTheContract())
        .extracting(DynamicTest::getDisplayName)
        .containsExactly("cube", "matmul");
  }

  @Test
  void failsWithTheFindingsAndTheirSeeds() {
    OperationContract contract = () -> List.of(new WrongValues.Sign());
    DynamicTest test = contract.keepsTheContract().findFirst().orElseThrow();

    assertThatThrownBy(() -> test.getExecutable().execute())
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining("findings of sign:")
        .hasMessageContaining("GRADCHECK_MISMATCH Sign[] input 0 at [")
        .hasMessageContaining("[seed 0, sample 0]");
  }
}
