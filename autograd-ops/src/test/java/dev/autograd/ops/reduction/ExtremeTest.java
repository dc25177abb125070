package dev.autograd.ops.reduction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.method.ValuesAndIndices;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Amax, Amin, MaxDim, MinDim, Argmax, Argmin, All, Any.
class ExtremeTest {
  private final Tensor x = Tensor.of(new double[] {1, 3, 3, 2}).requiresGrad(true);

  @Test
  void q10_the_maximum_of_all_spreads_its_gradient_over_ties() {
    x.max().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(0, .5, .5, 0);
    Tensor y = Tensor.of(new double[] {1, 1, 1, 2}).requiresGrad(true);
    y.min().mul(3).backward();
    assertThat(y.grad().toDoubleArray()).containsExactly(1, 1, 1, 0);
  }

  @Test
  void q11_the_maximum_along_a_dimension_sends_its_gradient_to_the_first_index() {
    ValuesAndIndices m = x.max(0);
    assertThat(m.values().item()).isEqualTo(3);
    assertThat(m.indices().itemLong()).isEqualTo(1);
    m.values().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(0, 1, 0, 0);
  }

  @Test
  void q12_amax_along_a_dimension_spreads_its_gradient_over_ties() {
    x.amax(0).backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(0, .5, .5, 0);
    Tensor y = Tensor.of(new double[] {1, 5, 5, 5, 2, 5}, 2, 3).requiresGrad(true);
    y.amax(new int[] {1}, true).mul(Tensor.of(new double[] {6, 8}, 2, 1)).sum().backward();
    assertThat(y.grad().toDoubleArray()).containsExactly(0, 3, 3, 4, 0, 4);
  }

  @Test
  void q12_nan_wins_and_nans_share() {
    Tensor y = Tensor.of(new double[] {1, Double.NaN, 3, Double.NaN}).requiresGrad(true);
    assertThat(y.amax().item()).isNaN();
    y.amax().backward();
    assertThat(y.grad().toDoubleArray()).containsExactly(0, .5, 0, .5);
    assertThat(y.max(0).indices().itemLong()).isEqualTo(1);
    assertThat(y.argmin().itemLong()).isEqualTo(1);
  }

  @Test
  void p12_the_index_has_no_gradient_and_does_not_disturb_that_of_the_value() {
    Tensor y = Tensor.of(new double[] {1, 2, 9}).requiresGrad(true);
    ValuesAndIndices m = y.max(0);
    assertThat(m.indices().requiresGrad()).isFalse();
    assertThat(m.values().requiresGrad()).isTrue();
    m.values().backward();
    assertThat(y.grad().toDoubleArray()).containsExactly(0, 0, 1);
  }

  @Test
  void values_and_indices_follow_any_dimension_and_layout() {
    Tensor y = Tensor.of(new double[] {1, 7, 3, 9, 5, 6}, 2, 3).transpose(0, 1);
    ValuesAndIndices m = y.max(-1, true);
    assertThat(m.values().shape()).isEqualTo(Shape.of(3, 1));
    assertThat(m.values().toDoubleArray()).containsExactly(9, 7, 6);
    assertThat(m.indices().toLongArray()).containsExactly(1, 0, 1);
    assertThat(y.min(0).values().toDoubleArray()).containsExactly(1, 5);
    assertThat(y.min(0).indices().toLongArray()).containsExactly(0, 1);
    assertThat(Tensor.scalar(4).max(0).indices().itemLong()).isZero();
    assertThat(y.argmax().itemLong()).isEqualTo(1);
    assertThat(y.argmax(0).toLongArray()).containsExactly(1, 0);
    assertThat(Argmax.argmax(y, null, true).shape()).isEqualTo(Shape.of(1, 1));
  }

  @Test
  void the_gradient_of_kept_and_dropped_dimensions_lands_at_the_indices() {
    Tensor y = Tensor.of(new double[] {1, 7, 3, 9, 5, 6}, 2, 3).requiresGrad(true);
    y.max(1).values().mul(Tensor.of(new double[] {10, 20})).sum().backward();
    assertThat(y.grad().toDoubleArray()).containsExactly(0, 10, 0, 20, 0, 0);
    y.zeroGrad();
    y.transpose(0, 1).min(1, true).values().sum().backward();
    assertThat(y.grad().toDoubleArray()).containsExactly(1, 0, 1, 0, 1, 0);
  }

  @Test
  void h22_indices_that_were_written_before_backward_are_an_error() {
    ValuesAndIndices m = x.max(0);
    m.indices().fill_(0);
    assertThatThrownBy(() -> m.values().backward())
        .isInstanceOfSatisfying(
            AutogradException.class,
            e -> assertThat(e.kind()).isEqualTo(ErrorKind.VERSION_MISMATCH));
  }

  @Test
  void q57_the_maximum_of_nothing_is_an_error() {
    Tensor empty = Tensor.zeros(2, 0);
    assertThatThrownBy(empty::max)
        .hasMessage(
            "amax: no elements to choose from along dimensions [0, 1] of shape [2, 0]. Reduce over"
                + " dimensions that are not empty.");
    assertThatThrownBy(() -> empty.max(1)).hasMessageContaining("max_dim: no elements");
    assertThatThrownBy(() -> empty.argmin(1)).hasMessageContaining("argmin: no elements");
    assertThat(empty.amax(0).shape()).isEqualTo(Shape.of(0));
    assertThat(empty.max(0).values().shape()).isEqualTo(Shape.of(0));
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F64", "I64", "I32", "U8", "BOOL"})
  void every_computed_type_has_extremes_of_its_own_type(DType type) {
    Tensor y = Tensor.of(new long[] {0, 1, 1, 0}).to(type);
    assertThat(y.max().dtype()).isEqualTo(type);
    assertThat(y.max().itemLong()).isEqualTo(1);
    assertThat(y.min().itemLong()).isZero();
    assertThat(y.argmax().itemLong()).isEqualTo(1);
    assertThat(y.argmin().itemLong()).isZero();
    assertThat(y.max(0).values().dtype()).isEqualTo(type);
    assertThat(y.max(0).indices().itemLong()).isEqualTo(1);
  }

  @Test
  void big_integers_are_compared_exactly_and_bytes_are_unsigned() {
    long big = (1L << 60) + 1;
    assertThat(Tensor.of(new long[] {big - 1, big, big}).argmax().itemLong()).isEqualTo(1);
    assertThat(Tensor.of(new long[] {3, 200}).to(DType.U8).max().itemLong()).isEqualTo(200);
  }

  @Test
  void b16_positions_and_truths_carry_no_gradient() {
    assertThat(x.argmax().requiresGrad()).isFalse();
    assertThat(x.argmin(0).requiresGrad()).isFalse();
    assertThat(x.all().requiresGrad()).isFalse();
    assertThat(x.any().dtype()).isEqualTo(DType.BOOL);
  }

  @Test
  void all_and_any_take_numbers_and_dimensions() {
    Tensor y = Tensor.of(new double[] {0, 2, Double.NaN, 1}, 2, 2);
    assertThat(y.all().item()).isZero();
    assertThat(y.any().item()).isEqualTo(1);
    assertThat(All.all(y, new int[] {1}, false).toLongArray()).containsExactly(0, 1);
    assertThat(Any.any(y.transpose(0, 1), new int[] {-1}, true).shape()).isEqualTo(Shape.of(2, 1));
    assertThat(Tensor.zeros(0).all().item()).isEqualTo(1);
    assertThat(Tensor.zeros(0).any().item()).isZero();
  }
}
