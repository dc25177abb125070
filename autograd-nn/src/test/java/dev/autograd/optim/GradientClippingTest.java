package dev.autograd.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.AutogradException;
import dev.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GradientClippingTest {
  private static Tensor withGrad(double... grad) {
    Tensor p = Tensor.of(new double[grad.length]).requiresGrad(true);
    p.grad(Tensor.of(grad));
    return p;
  }

  @Test
  void theJointNormIsLimited() {
    Tensor a = withGrad(3, 0);
    Tensor b = withGrad(0, 4);
    double before = GradientClipping.byNorm(List.of(a, b), 1);
    assertThat(before).isEqualTo(5);
    assertThat(a.grad().toDoubleArray()).containsExactly(new double[] {.6, 0}, within(1e-15));
    assertThat(b.grad().toDoubleArray()).containsExactly(new double[] {0, .8}, within(1e-15));
  }

  @Test
  void aSmallNormIsLeftToTheBit() {
    Tensor a = withGrad(0.1, 0.2);
    assertThat(GradientClipping.byNorm(List.of(a), 1)).isCloseTo(Math.sqrt(.05), within(1e-15));
    assertThat(a.grad().toDoubleArray()).containsExactly(0.1, 0.2);
  }

  @Test
  void zeroAndMissingGradientsAreFine() {
    Tensor none = Tensor.of(new double[1]).requiresGrad(true);
    Tensor zero = withGrad(0, 0);
    assertThat(GradientClipping.byNorm(List.of(none, zero), 1)).isZero();
    assertThat(GradientClipping.byNorm(List.of(none, zero), 0)).isZero();
    assertThat(zero.grad().toDoubleArray()).containsOnly(0);
    assertThat(none.grad()).isNull();
    assertThat(GradientClipping.byNorm(List.of(), 1)).isZero();
  }

  @ParameterizedTest
  @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY})
  void aNormThatIsNotFiniteIsToldAndChangesNothing(double bad) {
    Tensor a = withGrad(bad, 2);
    Tensor b = withGrad(7);
    double norm = GradientClipping.byNorm(List.of(a, b), 1);
    assertThat(Double.valueOf(norm)).isEqualTo(Double.valueOf(bad));
    assertThat(b.grad().toDoubleArray()).containsExactly(7);
  }

  @Test
  void hugeFloatGradientsDoNotOverflow() {
    Tensor p = Tensor.zeros(2).requiresGrad(true);
    p.grad(Tensor.of(new float[] {3e30f, 4e30f}));
    assertThat(GradientClipping.byNorm(List.of(p), 1)).isCloseTo(5e30, within(1e25));
    assertThat(p.grad().at(0)).isCloseTo(0.6, within(1e-6));
  }

  @Test
  void aParameterGivenTwiceCountsOnce() {
    Tensor a = withGrad(3, 4);
    assertThat(GradientClipping.byNorm(List.of(a, a), 1)).isEqualTo(5);
    assertThat(a.grad().toDoubleArray()).containsExactly(new double[] {.6, .8}, within(1e-15));
  }

  @Test
  void valuesAreLimitedOnBothSides() {
    Tensor a = withGrad(-3, 0.5, 3, Double.NaN, Double.NEGATIVE_INFINITY);
    GradientClipping.byValue(List.of(a), 1);
    assertThat(a.grad().toDoubleArray()).containsExactly(-1, 0.5, 1, Double.NaN, -1);
  }

  @Test
  void limitsAreNotNegative() {
    Tensor a = withGrad(1);
    for (double limit : new double[] {-1, Double.NaN}) {
      assertThatThrownBy(() -> GradientClipping.byNorm(List.of(a), limit))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("got " + limit);
      assertThatThrownBy(() -> GradientClipping.byValue(List.of(a), limit))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("got " + limit);
    }
  }
}
