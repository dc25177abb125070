package dev.autograd.ops.index;

import static dev.autograd.ops.index.MaskedScatter.maskedScatter;
import static dev.autograd.ops.index.MaskedSelect.maskedSelect;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import org.junit.jupiter.api.Test;

class MaskTest {
  private final Tensor mask = Tensor.of(new boolean[] {true, false, true});

  @Test
  void true_elements_are_taken_in_row_major_order() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2).transpose(0, 1);
    Tensor y = maskedSelect(x, mask); // broadcast over both rows
    assertThat(y.toDoubleArray()).containsExactly(1, 5, 2, 6);
    assertThat(maskedSelect(x, x.gt(100)).shape()).isEqualTo(Shape.of(0));
  }

  @Test
  void gradients_go_back_to_the_true_places() {
    Tensor x = Tensor.of(new double[] {1, 2, 3}).requiresGrad(true);
    maskedSelect(x, mask).mul(Tensor.of(new double[] {4, 5})).sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(4, 0, 5);
    Tensor one = Tensor.of(new double[] {7}).requiresGrad(true);
    maskedSelect(one, mask).mul(Tensor.of(new double[] {4, 5})).sum().backward();
    assertThat(one.grad().toDoubleArray()).containsExactly(9);
  }

  @Test
  void h22_a_mask_that_was_written_before_backward_is_an_error() {
    Tensor x = Tensor.of(new double[] {1, 2, 3}).requiresGrad(true);
    Tensor y = maskedSelect(x, mask).sum();
    mask.fill_(1);
    assertThatThrownBy(y::backward)
        .isInstanceOfSatisfying(
            AutogradException.class,
            e -> assertThat(e.kind()).isEqualTo(ErrorKind.VERSION_MISMATCH));
  }

  @Test
  void elements_are_written_where_the_mask_is_true() {
    Tensor x = Tensor.of(new double[] {1, 2, 3}).requiresGrad(true);
    Tensor s = Tensor.of(new double[] {7, 8, 9}).requiresGrad(true);
    Tensor y = maskedScatter(x, mask, s);
    assertThat(y.toDoubleArray()).containsExactly(7, 2, 8);
    y.mul(Tensor.of(new double[] {4, 5, 6})).sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(0, 5, 0);
    assertThat(s.grad().toDoubleArray()).containsExactly(4, 6, 0);
  }

  @Test
  void masks_and_sources_that_do_not_fit_are_refused() {
    Tensor x = Tensor.ones(3);
    assertThatThrownBy(() -> maskedSelect(x, x)).hasMessageContaining("must be bool, got f32");
    assertThatThrownBy(() -> maskedSelect(Tensor.ones(2), mask))
        .hasMessageContaining("masked_select: sizes must be equal or 1");
    assertThatThrownBy(() -> maskedScatter(x, mask, Tensor.ones(1)))
        .hasMessageContaining("an element for each that is true, 2, got 1");
  }
}
