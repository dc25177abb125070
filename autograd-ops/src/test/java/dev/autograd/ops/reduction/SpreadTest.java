package dev.autograd.ops.reduction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Autograd;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Var, Std, VarMean, Norm, Logsumexp.
class SpreadTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  private static double[] gradient(UnaryOperator<Tensor> f, double... values) {
    Tensor x = Tensor.of(values).requiresGrad(true);
    f.apply(x).backward();
    return x.grad().toDoubleArray();
  }

  /// Returns the gradient of the sum of the gradient.
  private static double[] second(UnaryOperator<Tensor> f, double... values) {
    Tensor x = Tensor.of(values).requiresGrad(true);
    Tensor g = Autograd.grad(f.apply(x), List.of(x), GradOptions.createGraph()).get(0);
    g.sum().backward();
    return x.grad().toDoubleArray();
  }

  @Test
  void q54_variance_and_deviation_of_one_two_three() {
    assertThat(gradient(Tensor::var, 1, 2, 3)).containsExactly(-1, 0, 1);
    assertThat(gradient(x -> x.var(new int[0], 0, false), 1, 2, 3))
        .containsExactly(new double[] {-2. / 3, 0, 2. / 3}, within(1e-15));
    assertThat(gradient(Tensor::std, 1, 2, 3)).containsExactly(-.5, 0, .5);
  }

  @Test
  void q55_the_deviation_of_a_constant_has_gradient_zero() {
    assertThat(gradient(Tensor::std, 2, 2, 2)).containsExactly(0, 0, 0);
    assertThat(gradient(Tensor::var, 2, 2, 2)).containsExactly(0, 0, 0);
    assertThat(second(Tensor::std, 2, 2, 2)).containsExactly(0, 0, 0);
  }

  @Test
  void q56_the_unbiased_variance_of_one_element_is_nan_and_so_is_its_gradient() {
    Tensor x = Tensor.of(new double[] {3}).requiresGrad(true);
    assertThat(x.var().item()).isNaN();
    assertThat(x.std().item()).isNaN();
    x.var().backward();
    assertThat(x.grad().item()).isNaN();
    assertThat(x.var(new int[0], 0, false).item()).isZero();
  }

  @Test
  void variances_follow_dimensions_and_layout() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 6, 8}, 2, 3);
    assertThat(x.var(1).toDoubleArray()).containsExactly(1, 4);
    assertThat(x.transpose(0, 1).std(new int[] {0}, 1, true).toDoubleArray()).containsExactly(1, 2);
    assertThat(x.transpose(0, 1).std(new int[] {0}, 1, true).shape()).isEqualTo(Shape.of(1, 2));
    assertThat(Tensor.of(new float[] {1e8f, 1e8f + 8, 1e8f + 16}).var().item()).isEqualTo(64);
  }

  @Test
  void b10_variance_and_mean_share_a_node_and_either_may_stay_unused() {
    Tensor x = Tensor.of(new double[] {1, 2, 3}).requiresGrad(true);
    var both = VarMean.varMean(x, new int[0], 1, false);
    assertThat(both.variance().item()).isEqualTo(1);
    assertThat(both.mean().item()).isEqualTo(2);
    assertThat(both.mean().gradFn()).isSameAs(both.variance().gradFn());
    assertThat(both.variance().outputNr()).isZero();
    assertThat(both.mean().outputNr()).isEqualTo(1);
    both.mean().mul(3).backward(new GradOptions(true, false, false));
    assertThat(x.grad().toDoubleArray()).containsExactly(1, 1, 1);
    x.zeroGrad();
    both.variance().backward(new GradOptions(true, false, false));
    assertThat(x.grad().toDoubleArray()).containsExactly(-1, 0, 1);
    x.zeroGrad();
    both.variance().add(both.mean().mul(3)).backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(0, 1, 2);
  }

  @Test
  void q16_the_gradient_of_a_norm_at_the_zero_vector_is_zero() {
    assertThat(gradient(Tensor::norm, 0, 0)).containsExactly(0, 0);
    assertThat(gradient(Tensor::norm, 3, 4)).containsExactly(new double[] {.6, .8}, within(1e-15));
    assertThat(gradient(x -> x.norm(1.5), 0, 0)).containsExactly(0, 0);
    assertThat(gradient(x -> x.norm(3), 0, 0)).containsExactly(0, 0);
    assertThat(gradient(x -> x.norm(INF), 0, 0)).containsExactly(0, 0);
    assertThat(second(Tensor::norm, 0, 0)).doesNotContain(Double.NaN);
  }

  @Test
  void q17_norms_one_infinity_and_zero() {
    assertThat(gradient(x -> x.norm(1), -2, 0, 3)).containsExactly(-1, 0, 1);
    assertThat(gradient(x -> x.norm(INF), 3, -3, 1)).containsExactly(.5, -.5, 0);
    assertThat(gradient(x -> x.norm(-INF), 3, -3, 1))
        .containsExactly(new double[] {0, 0, 1}, within(0.));
    Tensor x = Tensor.of(new double[] {3, 0, 1}).requiresGrad(true);
    Tensor y = x.norm(0);
    assertThat(y.item()).isEqualTo(2);
    assertThat(
            Autograd.grad(List.of(y), List.of(x), List.of(), new GradOptions(false, false, true)))
        .containsExactly((Tensor) null);
  }

  @Test
  void q18_a_zero_component_of_a_fractional_norm_gets_zero() {
    assertThat(gradient(x -> x.norm(1.5), 0, 1)).containsExactly(0, 1);
    assertThat(gradient(x -> x.norm(0.5), 0, 1)).containsExactly(0, 1);
    assertThat(second(x -> x.norm(1.5), 0, 1)).doesNotContain(Double.NaN, INF);
  }

  @Test
  void norms_follow_dimensions() {
    Tensor x = Tensor.of(new double[] {3, 4, 6, 8}, 2, 2);
    assertThat(x.norm(2, 1).toDoubleArray()).containsExactly(5, 10);
    assertThat(x.norm(1, 0).toDoubleArray()).containsExactly(9, 12);
    assertThat(x.norm(3, 0, 1).item()).isCloseTo(Math.cbrt(27 + 64 + 216 + 512), within(1e-12));
    assertThat(Tensor.zeros(0).norm().item()).isZero();
    assertThatThrownBy(() -> Tensor.zeros(0).norm(INF)).hasMessageContaining("no elements");
    assertThatThrownBy(() -> Tensor.arange(2).norm()).hasMessageContaining("floating-point");
  }

  @Test
  void q38_logsumexp_neither_overflows_nor_loses_rows_of_minus_infinity() {
    assertThat(gradient(Tensor::logsumexp, -INF, 0)).containsExactly(0, 1);
    assertThat(gradient(Tensor::logsumexp, 1000, 1000))
        .containsExactly(new double[] {.5, .5}, within(1e-12));
    Tensor x = Tensor.of(new double[] {-INF, -INF, 1000, 1000}, 2, 2).requiresGrad(true);
    Tensor y = x.logsumexp(1);
    assertThat(y.toDoubleArray())
        .containsExactly(new double[] {-INF, 1000 + Math.log(2)}, within(1e-12));
    y.sum().backward();
    assertThat(x.grad().toDoubleArray())
        .containsExactly(new double[] {0, 0, .5, .5}, within(1e-12));
    assertThat(second(Tensor::logsumexp, -INF, -INF)).containsExactly(0, 0);
    assertThat(second(Tensor::logsumexp, -INF, 0)).doesNotContain(Double.NaN);
  }
}
