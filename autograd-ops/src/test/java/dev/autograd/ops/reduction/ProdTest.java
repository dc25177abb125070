package dev.autograd.ops.reduction;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Autograd;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProdTest {
  private static double[] gradient(double... values) {
    Tensor x = Tensor.of(values).requiresGrad(true);
    x.prod().backward();
    return x.grad().toDoubleArray();
  }

  /// Returns the gradient of the sum of the gradient.
  private static double[] second(double... values) {
    Tensor x = Tensor.of(values).requiresGrad(true);
    Tensor g = Autograd.grad(x.prod(), List.of(x), GradOptions.createGraph()).get(0);
    g.sum().backward();
    return x.grad().toDoubleArray();
  }

  @Test
  void q32_zeros_are_left_out_not_divided_by() {
    assertThat(gradient(2, 3, 4)).containsExactly(12, 8, 6);
    assertThat(gradient(2, 0, 4)).containsExactly(0, 8, 0);
    assertThat(gradient(0, 0, 4)).containsExactly(0, 0, 0);
    assertThat(gradient(5)).containsExactly(1);
    assertThat(gradient(0)).containsExactly(1);
  }

  @Test
  void q33_the_second_derivative_is_exact_without_zeros_and_with_one() {
    // d/dx_k of sum_i prod_{j != i} x_j = sum_{i != k} prod_{j != i, k} x_j
    assertThat(second(2, 3, 4)).containsExactly(7, 6, 5);
    assertThat(second(2, 0, 4)).containsExactly(4, 6, 2);
  }

  @Test
  void q34_the_second_derivative_is_exact_with_two_zeros() {
    assertThat(second(2, 3, 0, 0)).containsExactly(0, 0, 6, 6);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 7, 8, 9, 31, 33})
  void every_length_leaves_one_factor_out(int n) {
    double[] x = new double[n];
    for (int i = 0; i < n; i++) {
      x[i] = i % 2 == 0 ? 2 : 0.5;
    }
    double[] g = gradient(x);
    for (int i = 0; i < n; i++) {
      double want = 1;
      for (int j = 0; j < n; j++) {
        want *= j == i ? 1 : x[j];
      }
      assertThat(g[i]).isEqualTo(want);
    }
  }

  @Test
  void rows_are_multiplied_along_any_dimensions() {
    Tensor x =
        Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3).transpose(0, 1).clone().requiresGrad(true);
    Tensor y = Prod.prod(x, new int[] {0}, true);
    assertThat(y.shape()).isEqualTo(Shape.of(1, 2));
    assertThat(y.toDoubleArray()).containsExactly(6, 120);
    y.mul(Tensor.of(new double[] {1, 10}, 1, 2)).sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(6, 300, 3, 240, 2, 200);
    assertThat(Tensor.of(new int[] {1 << 20, 1 << 20}).prod().itemLong()).isEqualTo(1L << 40);
  }
}
