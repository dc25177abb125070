package dev.autograd.ops.special;

import static dev.autograd.ops.special.Entr.entr;
import static dev.autograd.ops.special.Hypot.hypot;
import static dev.autograd.ops.special.Logaddexp.logaddexp;
import static dev.autograd.ops.special.Logaddexp2.logaddexp2;
import static dev.autograd.ops.special.Sinc.sinc;
import static dev.autograd.ops.special.Xlog1py.xlog1py;
import static dev.autograd.ops.special.Xlogy.xlogy;
import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Autograd;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class SpecialFunctionsTest {
  private static Tensor of(double... values) {
    return Tensor.of(values);
  }

  private static double[] gradient(UnaryOperator<Tensor> f, double... at) {
    Tensor x = of(at).requiresGrad(true);
    return Autograd.grad(f.apply(x).sum(), List.of(x)).get(0).toDoubleArray();
  }

  private static double[] second(UnaryOperator<Tensor> f, double at) {
    Tensor x = of(at).requiresGrad(true);
    Tensor g = Autograd.grad(f.apply(x).sum(), List.of(x), GradOptions.createGraph()).get(0);
    return Autograd.grad(g.sum(), List.of(x)).get(0).toDoubleArray();
  }

  /// Returns the value and both derivatives at a point.
  private static double[] at(BinaryOperator<Tensor> f, double a, double b) {
    Tensor x = of(a).requiresGrad(true);
    Tensor z = of(b).requiresGrad(true);
    Tensor y = f.apply(x, z);
    List<Tensor> g = Autograd.grad(y.sum(), List.of(x, z));
    return new double[] {y.item(), g.get(0).item(), g.get(1).item()};
  }

  @Test
  void q39_sums_of_exponentials_neither_overflow_nor_lose_what_is_minus_infinite() {
    assertThat(at((a, b) -> logaddexp(a, b), NEGATIVE_INFINITY, 0)).containsExactly(0, 0, 1);
    double[] large = at((a, b) -> logaddexp(a, b), 1000, 1000);
    assertThat(large[0]).isCloseTo(1000 + Math.log(2), within(1e-12));
    assertThat(large[1]).isEqualTo(0.5);
    assertThat(large[2]).isEqualTo(0.5);
    assertThat(at((a, b) -> logaddexp(a, b), NEGATIVE_INFINITY, NEGATIVE_INFINITY))
        .containsExactly(NEGATIVE_INFINITY, 0, 0);
    assertThat(at((a, b) -> logaddexp(a, b), POSITIVE_INFINITY, POSITIVE_INFINITY))
        .containsExactly(POSITIVE_INFINITY, 0.5, 0.5);
    assertThat(at((a, b) -> logaddexp(a, b), 1, NaN)).containsOnly(NaN);
    assertThat(at((a, b) -> logaddexp2(a, b), NEGATIVE_INFINITY, 3)).containsExactly(3, 0, 1);
    assertThat(at((a, b) -> logaddexp2(a, b), 2000, 2000)).containsExactly(2001, 0.5, 0.5);
  }

  @Test
  void q39_the_second_derivative_at_a_tie_is_that_of_the_smooth_function() {
    assertThat(second(x -> logaddexp(x, of(2)), 2)[0]).isCloseTo(0.25, within(1e-15));
    assertThat(second(x -> logaddexp2(x, of(2)), 2)[0])
        .isCloseTo(0.25 * Math.log(2), within(1e-15));
  }

  @Test
  void q51_zero_times_a_logarithm_is_zero() {
    assertThat(at((a, b) -> xlogy(a, b), 0, 0)).containsExactly(0, 0, NaN);
    assertThat(at((a, b) -> xlogy(a, b), 0, -1)).containsExactly(0, 0, -0.0);
    assertThat(xlogy(of(0), of(NaN)).item()).isNaN();
    assertThat(xlogy(of(NaN), of(1)).item()).isNaN();
    assertThat(at((a, b) -> xlogy(a, b), 2, Math.E)[0]).isCloseTo(2, within(1e-15));
    assertThat(at((a, b) -> xlog1py(a, b), 0, -1)).containsExactly(0, 0, NaN);
    assertThat(at((a, b) -> xlog1py(a, b), 2, 1e-20)).containsExactly(2e-20, 1e-20, 2);
    assertThat(entr(of(0, 1, -1)).toDoubleArray()).containsExactly(0, 0, NEGATIVE_INFINITY);
    assertThat(gradient(x -> entr(x), 0, 1)).containsExactly(POSITIVE_INFINITY, -1);
    assertThat(gradient(x -> entr(x), -1)[0]).isNaN();
  }

  @Test
  void q85_the_hypotenuse_has_gradient_0_at_the_origin() {
    assertThat(at((a, b) -> hypot(a, b), 0, 0)).containsExactly(0, 0, 0);
    double[] d = at((a, b) -> hypot(a, b), 3, -4);
    assertThat(d[0]).isEqualTo(5);
    assertThat(d[1]).isCloseTo(0.6, within(1e-15));
    assertThat(d[2]).isCloseTo(-0.8, within(1e-15));
  }

  @Test
  void the_hypotenuse_neither_overflows_nor_underflows() {
    assertThat(hypot(of(3e200), of(4e200)).item()).isCloseTo(5e200, within(1e185));
    assertThat(hypot(of(3e-200), of(4e-200)).item()).isCloseTo(5e-200, within(1e-215));
    assertThat(hypot(of(POSITIVE_INFINITY), of(NEGATIVE_INFINITY)).item())
        .isEqualTo(POSITIVE_INFINITY);
    assertThat(hypot(of(NaN), of(NEGATIVE_INFINITY)).item()).isEqualTo(POSITIVE_INFINITY);
    assertThat(hypot(of(NaN), of(1)).item()).isNaN();
  }

  @Test
  void q86_the_cardinal_sine_is_flat_at_0() {
    assertThat(sinc(of(0)).item()).isEqualTo(1);
    assertThat(gradient(x -> sinc(x), 0)[0]).isCloseTo(0, within(0.0));
    assertThat(second(x -> sinc(x), 0)[0]).isCloseTo(-Math.PI * Math.PI / 3, within(1e-14));
  }

  @Test
  void the_slope_of_the_cardinal_sine_keeps_its_digits_near_0() {
    double tiny = 1e-9;
    double slope = gradient(x -> sinc(x), tiny)[0];
    assertThat(slope).isCloseTo(-Math.PI * Math.PI / 3 * tiny, within(1e-24));
    double[] sides = gradient(x -> sinc(x), 0.35 - 1e-12, 0.35 + 1e-12);
    assertThat(sides[0]).isCloseTo(sides[1], within(1e-10));
    assertThat(sides[0])
        .isCloseTo(
            (Math.cos(0.35 * Math.PI) - Math.sin(0.35 * Math.PI) / (0.35 * Math.PI)) / 0.35,
            within(1e-10));
  }
}
