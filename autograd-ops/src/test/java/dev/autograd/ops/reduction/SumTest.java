package dev.autograd.ops.reduction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/// Sum, SumTo, Mean, Cumsum.
class SumTest {
  private static Tensor counting(int... shape) {
    int n = Shape.of(shape).numel();
    double[] v = new double[n];
    for (int i = 0; i < n; i++) {
      v[i] = i + 1;
    }
    return Tensor.of(v, shape);
  }

  @Test
  void dimensions_may_be_negative_several_kept_or_all() {
    Tensor x = counting(2, 3);
    assertThat(x.sum().shape()).isEqualTo(Shape.SCALAR);
    assertThat(x.sum().item()).isEqualTo(21);
    assertThat(x.sum(0).toDoubleArray()).containsExactly(5, 7, 9);
    assertThat(x.sum(-1).toDoubleArray()).containsExactly(6, 15);
    assertThat(x.sum(new int[] {1}, true).shape()).isEqualTo(Shape.of(2, 1));
    assertThat(x.sum(new int[] {}, true).shape()).isEqualTo(Shape.of(1, 1));
    assertThat(x.transpose(0, 1).sum(0).toDoubleArray()).containsExactly(6, 15);
    assertThat(counting(2, 3, 2).sum(0, -1).toDoubleArray()).containsExactly(18, 26, 34);
    assertThat(Tensor.scalar(3).sum(0).item()).isEqualTo(3);
    assertThat(x.slice(1, 0, 3, 2).sum(1).toDoubleArray()).containsExactly(4, 10);
  }

  @Test
  void the_gradient_of_a_sum_takes_no_memory() {
    Tensor g = Tensor.scalar(2);
    Tensor x = Tensor.ones(1000, 1000).requiresGrad(true);
    Tensor y = x.sum();
    // A hook sees the gradient as it arrives, before the leaf makes it its own.
    int[] length = new int[1];
    x.registerHook(
        arriving -> {
          length[0] = arriving.storage().length();
          return arriving;
        });
    y.backward(g);
    assertThat(length[0]).isEqualTo(1);
    assertThat(x.grad().at(999, 999)).isEqualTo(2);
  }

  @Test
  void q57_nothing_sums_to_zero_averages_to_nan_and_multiplies_to_one() {
    Tensor x = Tensor.zeros(0).requiresGrad(true);
    Tensor y = x.sum();
    assertThat(y.item()).isZero();
    y.backward();
    assertThat(x.grad().shape()).isEqualTo(Shape.of(0));
    assertThat(x.mean().item()).isNaN();
    assertThat(x.prod().item()).isEqualTo(1);
    assertThat(Tensor.zeros(0, 2).sum(0).toFloatArray()).containsExactly(0, 0);
    assertThat(Tensor.zeros(0, 2).sum(1).shape()).isEqualTo(Shape.of(0));
  }

  @Test
  void integers_sum_to_i64_and_truths_are_counted() {
    Tensor big = Tensor.of(new int[] {Integer.MAX_VALUE, Integer.MAX_VALUE});
    assertThat(big.sum().dtype()).isEqualTo(DType.I64);
    assertThat(big.sum().itemLong()).isEqualTo(2L * Integer.MAX_VALUE);
    assertThat(Tensor.of(new long[] {Long.MAX_VALUE - 1, 1}).sum().itemLong())
        .isEqualTo(Long.MAX_VALUE);
    Tensor truths = Tensor.of(new boolean[] {true, false, true, true}, 2, 2);
    assertThat(truths.sum(0).toLongArray()).containsExactly(2, 1);
    assertThat(truths.sum().dtype()).isEqualTo(DType.I64);
    assertThat(truths.to(DType.U8).mul(200).sum().itemLong()).isEqualTo(600);
  }

  @Test
  void a_long_sum_of_single_precision_keeps_its_digits() {
    int n = 1 << 20;
    float[] v = new float[n];
    Arrays.fill(v, 0.1f);
    double exact = 0.1f * (double) n;
    assertThat(Tensor.of(v).sum().item() / exact - 1).isBetween(-5e-7, 5e-7);
  }

  @Test
  void q54_the_mean_spreads_its_gradient_evenly() {
    Tensor x = counting(4).requiresGrad(true);
    x.mean().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(.25, .25, .25, .25);
    assertThat(counting(2, 3).mean(new int[] {0}, true).toDoubleArray())
        .containsExactly(2.5, 3.5, 4.5);
    assertThatThrownBy(() -> Tensor.arange(3).mean())
        .hasMessage("mean: takes a floating-point tensor, got i64. Cast it first, to f32 say.");
  }

  @Test
  void p03_the_gradient_of_a_broadcast_operand_is_summed_to_its_shape() {
    Tensor b = Tensor.ones(4).requiresGrad(true);
    Tensor.ones(2, 3, 4).add(b).sum().backward();
    assertThat(b.grad().toFloatArray()).containsExactly(6, 6, 6, 6);
  }

  @Test
  void p05_the_gradient_of_a_broadcast_batch_is_summed_over_it() {
    Tensor a = Tensor.ones(2, 3, 4).requiresGrad(true);
    Tensor b = Tensor.ones(4, 5).requiresGrad(true);
    a.matmul(b).sum().backward();
    assertThat(a.grad().shape()).isEqualTo(Shape.of(2, 3, 4));
    assertThat(a.grad().toFloatArray()).containsOnly(5);
    assertThat(b.grad().shape()).isEqualTo(Shape.of(4, 5));
    assertThat(b.grad().toFloatArray()).containsOnly(6);
  }

  @Test
  void i08_empty_broadcasts_have_gradients_of_their_shapes() {
    Tensor a = Tensor.zeros(4, 0).requiresGrad(true);
    Tensor b = Tensor.ones(4, 1).requiresGrad(true);
    a.add(b).sum().backward();
    assertThat(a.grad().shape()).isEqualTo(Shape.of(4, 0));
    assertThat(b.grad().shape()).isEqualTo(Shape.of(4, 1));
    assertThat(b.grad().toFloatArray()).containsExactly(0, 0, 0, 0);
  }

  @Test
  void sum_to_folds_what_broadcasting_made_and_expands_gradients_back() {
    Tensor x = counting(2, 3).requiresGrad(true);
    Tensor y = SumTo.sumTo(x, Shape.of(1, 3));
    assertThat(y.toDoubleArray()).containsExactly(5, 7, 9);
    y.mul(counting(1, 3)).sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(1, 2, 3, 1, 2, 3);
    assertThat(SumTo.sumTo(x, x.shape())).isSameAs(x);
    assertThat(SumTo.sumTo(Tensor.of(new int[] {1, 2}), Shape.SCALAR).dtype()).isEqualTo(DType.I32);
    assertThatThrownBy(() -> SumTo.sumTo(x, Shape.of(2)))
        .hasMessageContaining("must broadcast to the shape of x, got [2]");
  }

  @Test
  void q36_the_gradient_of_a_running_sum_runs_the_other_way() {
    Tensor x = counting(3).requiresGrad(true);
    Tensor y = x.cumsum(0);
    assertThat(y.toDoubleArray()).containsExactly(1, 3, 6);
    y.backward(Tensor.of(new double[] {1, 1, 1}));
    assertThat(x.grad().toDoubleArray()).containsExactly(3, 2, 1);
  }

  @Test
  void running_sums_take_any_dimension_and_layout() {
    Tensor x = counting(2, 3);
    assertThat(x.cumsum(0).toDoubleArray()).containsExactly(1, 2, 3, 5, 7, 9);
    assertThat(x.transpose(0, 1).cumsum(-1).toDoubleArray()).containsExactly(1, 5, 2, 7, 3, 9);
    assertThat(new Cumsum(1, true).apply(x).toDoubleArray()).containsExactly(6, 5, 3, 15, 11, 6);
    assertThat(Tensor.of(new boolean[] {true, true}).cumsum(0).toLongArray()).containsExactly(1, 2);
    assertThat(Tensor.scalar(4).cumsum(0).item()).isEqualTo(4);
    assertThat(Tensor.zeros(2, 0).cumsum(1).shape()).isEqualTo(Shape.of(2, 0));
  }

  @Test
  void dimensions_that_do_not_exist_or_repeat_are_refused() {
    Tensor x = counting(2, 3);
    assertThatThrownBy(() -> x.sum(2))
        .hasMessage("sum: dimension must lie in [-2, 1] for a tensor of shape [2, 3], got 2");
    assertThatThrownBy(() -> x.sum(0, -2))
        .hasMessage("sum: every dimension may be named once, got [0, -2] for shape [2, 3]");
    assertThatThrownBy(() -> x.to(DType.F16).sum()).hasMessageContaining("Cast to f32 first");
  }
}
