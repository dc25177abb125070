package dev.autograd.ops.order;

import static dev.autograd.ops.order.Median.median;
import static dev.autograd.ops.order.Nanmedian.nanmedian;
import static dev.autograd.ops.order.NanmedianDim.nanmedian;
import static dev.autograd.ops.order.Nanquantile.nanquantile;
import static dev.autograd.ops.order.Quantile.quantile;
import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Tensor;
import dev.autograd.method.ValuesAndIndices;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class OrderStatisticsTest {
  private static double[] gradient(UnaryOperator<Tensor> f, double... at) {
    Tensor x = Tensor.of(at).requiresGrad(true);
    return Autograd.grad(f.apply(x).sum(), List.of(x)).get(0).toDoubleArray();
  }

  @Test
  void q10_the_median_of_all_spreads_its_gradient_over_ties() {
    assertThat(gradient(x -> median(x), 1, 3, 3, 4)).containsExactly(0, 0.5, 0.5, 0);
    assertThat(gradient(x -> median(x), 4, 1, 3)).containsExactly(0, 0, 1);
    assertThat(median(Tensor.of(new double[] {4, 1, 3, 2})).item()).isEqualTo(2);
    assertThat(gradient(x -> nanmedian(x), NaN, 3, 3, 4)).containsExactly(0, 0.5, 0.5, 0);
    assertThat(gradient(x -> median(x), NaN, 1, NaN, 2)).containsExactly(0.5, 0, 0.5, 0);
    assertThat(median(Tensor.of(new double[] {NaN, 1})).item()).isNaN();
    assertThat(nanmedian(Tensor.of(new double[] {NaN, NaN})).item()).isNaN();
    assertThat(gradient(x -> nanmedian(x), NaN, NaN)).containsExactly(0.5, 0.5);
  }

  @Test
  void q11_the_median_along_a_dimension_sends_its_gradient_to_one_index() {
    Tensor x = Tensor.of(new double[] {3, 1, 3, 9, 7, 8}, 2, 3).requiresGrad(true);
    ValuesAndIndices m = MedianDim.median(x, 1, false);
    assertThat(m.values().toDoubleArray()).containsExactly(3, 8);
    assertThat(m.indices().toLongArray()).containsExactly(0, 2);
    m.values().mul(Tensor.of(new double[] {1, 10})).sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(1, 0, 0, 0, 0, 10);
    assertThat(MedianDim.median(x, 0, true).values().toDoubleArray()).containsExactly(3, 1, 3);
  }

  @Test
  void nan_wins_or_is_passed_over_along_a_dimension() {
    Tensor x = Tensor.of(new double[] {5, NaN, 4, NaN, NaN, NaN}, 2, 3);
    ValuesAndIndices strict = MedianDim.median(x, 1, false);
    assertThat(strict.values().toDoubleArray()).containsOnly(NaN);
    assertThat(strict.indices().at(0)).isEqualTo(1);
    ValuesAndIndices lenient = nanmedian(x, 1, false);
    assertThat(lenient.values().toDoubleArray()).containsExactly(4, NaN);
    assertThat(lenient.indices().at(0)).isEqualTo(2);
  }

  @Test
  void whole_numbers_and_truth_values_have_medians() {
    Tensor m = median(Tensor.of(new long[] {1L << 60, (1L << 60) + 1, (1L << 60) + 2}));
    assertThat(m.itemLong()).isEqualTo((1L << 60) + 1);
    assertThat(median(Tensor.of(new boolean[] {true, false, true})).dtype()).isEqualTo(DType.BOOL);
    assertThat(MedianDim.median(Tensor.of(new int[] {3, 1, 2}), 0, false).values().itemLong())
        .isEqualTo(2);
  }

  @Test
  void q90_a_quantile_between_two_elements_splits_its_gradient() {
    assertThat(gradient(x -> quantile(x, 0.5), 1, 2, 3, 4)).containsExactly(0, 0.5, 0.5, 0);
    assertThat(quantile(Tensor.of(new double[] {4, 1, 3, 2}), 0.5).item()).isEqualTo(2.5);
    double[] quarter = gradient(x -> quantile(x, 0.3), 4, 1, 3, 2);
    assertThat(quarter[0]).isZero();
    assertThat(quarter[1]).isCloseTo(0.1, within(1e-15));
    assertThat(quarter[2]).isZero();
    assertThat(quarter[3]).isCloseTo(0.9, within(1e-15));
    assertThat(gradient(x -> quantile(x, 1), 1, 5, 2)).containsExactly(0, 1, 0);
    assertThat(gradient(x -> quantile(x, 0), 1, 5, 2)).containsExactly(1, 0, 0);
  }

  @Test
  void quantiles_go_over_any_dimensions() {
    Tensor x = Tensor.of(new double[] {1, 5, 2, 8, 3, 9}, 2, 3).requiresGrad(true);
    Tensor y = quantile(x, 0.25, new int[] {0}, true);
    assertThat(y.toDoubleArray()).containsExactly(2.75, 3.5, 3.75);
    assertThat(y.shape().dims()).containsExactly(1, 3);
    y.sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(0.75, 0.25, 0.75, 0.25, 0.75, 0.25);
    assertThat(quantile(x, 0.5, new int[] {1, 0}, false).item()).isEqualTo(4);
  }

  @Test
  void nan_makes_a_quantile_nan_unless_it_is_passed_over() {
    assertThat(quantile(Tensor.of(new double[] {1, NaN, 3}), 0).item()).isNaN();
    assertThat(gradient(x -> nanquantile(x, 0.5, new int[0], false), 1, NaN, 3))
        .containsExactly(0.5, 0, 0.5);
    Tensor none = Tensor.of(new double[] {NaN, NaN});
    assertThat(nanquantile(none, 0.5, new int[0], false).item()).isNaN();
  }

  @Test
  void infinities_do_not_spoil_a_quantile_that_is_one_of_them() {
    Tensor x = Tensor.of(new double[] {NEGATIVE_INFINITY, 0, POSITIVE_INFINITY});
    assertThat(quantile(x, 0.5).item()).isZero();
    assertThat(quantile(x, 0.9).item()).isEqualTo(POSITIVE_INFINITY);
    Tensor equal = Tensor.of(new double[] {POSITIVE_INFINITY, POSITIVE_INFINITY});
    assertThat(quantile(equal, 0.5).item()).isEqualTo(POSITIVE_INFINITY);
  }

  @Test
  void percentiles_are_refused_with_the_way_to_mend_them() {
    assertThatThrownBy(() -> quantile(Tensor.ones(3), 50))
        .isInstanceOfSatisfying(
            AutogradException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.ARGUMENT))
        .hasMessage("quantile: q must lie in [0, 1], got 50.0. Divide percentiles by 100.");
  }
}
