package dev.autograd.ops.reduction;

import static dev.autograd.ops.reduction.Cumprod.cumprod;
import static dev.autograd.ops.reduction.LinearRecurrence.linearRecurrence;
import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Autograd;
import dev.autograd.DType;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class CumprodTest {
  private static double[] gradient(double... values) {
    Tensor x = Tensor.of(values).requiresGrad(true);
    cumprod(x, 0).sum().backward();
    return x.grad().toDoubleArray();
  }

  @Test
  void q35_zeros_have_exact_gradients() {
    assertThat(gradient(2, 0, 3)).containsExactly(1, 8, 0);
    assertThat(gradient(0, 0, 3)).containsExactly(1, 0, 0);
    assertThat(gradient(2, 3, 4)).containsExactly(1 + 3 + 12, 2 + 8, 6);
    assertThat(gradient(0)).containsExactly(1);
  }

  @Test
  void q35_the_second_derivative_is_exact_with_zeros_too() {
    Tensor x = Tensor.of(new double[] {2, 0, 0, 5}).requiresGrad(true);
    Tensor g =
        Autograd.grad(cumprod(x, 0).select(0, 3), List.of(x), GradOptions.createGraph()).get(0);
    assertThat(g.toDoubleArray()).containsExactly(0, 0, 0, 0);
    // The sum of x_b x_c x_d + x_a x_c x_d + x_a x_b x_d + x_a x_b x_c, derived by each.
    g.sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(0, 10, 10, 0);
  }

  @Test
  void the_product_runs_along_one_dimension() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
    assertThat(cumprod(x, 0).toDoubleArray()).containsExactly(1, 2, 3, 4, 10, 18);
    assertThat(cumprod(x, -1).toDoubleArray()).containsExactly(1, 2, 6, 4, 20, 120);
    Tensor whole = cumprod(Tensor.of(new int[] {2, 3, 4}), 0);
    assertThat(whole.dtype()).isEqualTo(DType.I64);
    assertThat(whole.toLongArray()).containsExactly(2, 6, 24);
  }

  @Test
  void recurrences_decay_and_add() {
    Tensor a = Tensor.full(Shape.of(4), 0.5, DType.F64).requiresGrad(true);
    Tensor b = Tensor.of(new double[] {8, 0, 0, 1}).requiresGrad(true);
    Tensor y = linearRecurrence(a, b, 0, false);
    assertThat(y.toDoubleArray()).containsExactly(8, 4, 2, 2);
    y.select(0, 3).backward();
    assertThat(b.grad().toDoubleArray()).containsExactly(0.125, 0.25, 0.5, 1);
    assertThat(a.grad().toDoubleArray()).containsExactly(0, 2, 2, 2);
    assertThat(linearRecurrence(a, b, 0, true).toDoubleArray())
        .containsExactly(8.125, 0.25, 0.5, 1);
  }

  @Test
  void the_first_factor_meets_nothing_even_if_it_is_infinite() {
    Tensor a = Tensor.of(new double[] {Double.POSITIVE_INFINITY, 2});
    Tensor b = Tensor.of(new double[] {1, 1});
    assertThat(linearRecurrence(a, b, 0, false).toDoubleArray()).containsExactly(1, 3);
  }
}
