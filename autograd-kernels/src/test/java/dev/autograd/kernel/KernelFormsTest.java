package dev.autograd.kernel;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.kernel.KernelForms.Form;
import org.junit.jupiter.api.Test;

class KernelFormsTest {

  @Test
  void aFamilyIsAsFarAsTheMemberInUseThatIsFurthestBehind() {
    KernelForms.add("of three", () -> Form.UNUSED);
    assertThat(KernelForms.now()).containsEntry("of three", Form.UNUSED);
    KernelForms.add("of three", () -> Form.VECTOR);
    assertThat(KernelForms.now()).containsEntry("of three", Form.VECTOR);
    KernelForms.add("of three", () -> Form.WARMING);
    assertThat(KernelForms.now()).containsEntry("of three", Form.WARMING);
  }
}
