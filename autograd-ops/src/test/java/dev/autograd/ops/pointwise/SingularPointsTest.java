package dev.autograd.ops.pointwise;

import static dev.autograd.ops.activation.GeluTanh.geluTanh;
import static dev.autograd.ops.activation.Hardtanh.hardtanh;
import static dev.autograd.ops.activation.LogSigmoid.logSigmoid;
import static dev.autograd.ops.activation.Relu6.relu6;
import static dev.autograd.ops.activation.Softplus.softplus;
import static dev.autograd.ops.arithmetic.Fmod.fmod;
import static dev.autograd.ops.elementary.ScalarPow.pow;
import static dev.autograd.ops.trigonometry.Acos.acos;
import static dev.autograd.ops.trigonometry.Asin.asin;
import static dev.autograd.ops.trigonometry.Atan2.atan2;
import static dev.autograd.ops.trigonometry.Atanh.atanh;
import static java.lang.Double.NEGATIVE_INFINITY;
import static java.lang.Double.NaN;
import static java.lang.Double.POSITIVE_INFINITY;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Tensor;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Values and gradients where a formula has a kink, a pole or saturates. The numbers in the names
/// are those of the cases in the table of behaviours.
class SingularPointsTest {

  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  private static double[] gradient(UnaryOperator<Tensor> f, double... at) {
    Tensor x = leaf(at);
    Tensor y = f.apply(x);
    y.backward(Tensor.ones(y.shape(), y.dtype()));
    return grad(x);
  }

  private static double[][] gradients(BinaryOperator<Tensor> f, double[] a, double[] b) {
    Tensor x = leaf(a);
    Tensor z = leaf(b);
    Tensor y = f.apply(x, z);
    y.backward(Tensor.ones(y.shape(), y.dtype()));
    return new double[][] {grad(x), grad(z)};
  }

  private static double[] grad(Tensor x) {
    Tensor g = x.grad();
    assertThat(g).isNotNull();
    return g == null ? new double[0] : g.toDoubleArray();
  }

  private static double[] of(double... values) {
    return values;
  }

  @Test
  void q01_abs_has_gradient_0_at_0() {
    assertThat(gradient(Tensor::abs, -2, 0, 3)).containsExactly(-1, 0, 1);
  }

  @Test
  void q02_relu_has_gradient_0_at_0_and_keeps_nan() {
    assertThat(gradient(Tensor::relu, -1, 0, 2)).containsExactly(0, 0, 1);
    assertThat(Tensor.of(of(NaN, -1)).relu().toDoubleArray()).containsExactly(NaN, 0);
  }

  @Test
  void q03_leaky_relu_counts_0_as_negative() {
    assertThat(gradient(x -> x.leakyRelu(0.1), -1, 0, 2)).containsExactly(0.1, 0.1, 1);
  }

  @Test
  void q04_elu_has_the_right_hand_slope_at_0() {
    double[] d = gradient(x -> x.elu(0.5), -1, 0, 1);
    assertThat(d[0]).isCloseTo(0.5 * Math.exp(-1), within(1e-15));
    assertThat(d[1]).isEqualTo(1);
    assertThat(d[2]).isEqualTo(1);
  }

  @Test
  void q05_hardtanh_and_relu6_are_flat_at_their_bounds() {
    assertThat(gradient(x -> hardtanh(x), -1, 0, 1, 2)).containsExactly(0, 1, 0, 0);
    assertThat(gradient(x -> relu6(x), 0, 3, 6)).containsExactly(0, 1, 0);
  }

  @Test
  void q06_clamp_is_flat_at_its_bounds() {
    assertThat(gradient(x -> x.clamp(0, 1), -1, 0, 0.5, 1, 2)).containsExactly(0, 0, 1, 0, 0);
    assertThat(gradient(x -> x.clampMin(0), -1, 0, 5)).containsExactly(0, 0, 1);
    assertThat(Tensor.of(of(-5, 5, NaN)).clamp(2, 1).toDoubleArray()).containsExactly(1, 1, NaN);
  }

  @Test
  void q07_a_tie_with_a_tensor_bound_is_shared() {
    double[][] d = gradients(Tensor::maximum, of(0), of(0));
    assertThat(d[0]).containsExactly(0.5);
    assertThat(d[1]).containsExactly(0.5);
  }

  @Test
  void q08_maximum_shares_the_gradient_at_ties() {
    double[][] d = gradients(Tensor::maximum, of(1, 2, 3), of(3, 2, 1));
    assertThat(d[0]).containsExactly(0, 0.5, 1);
    assertThat(d[1]).containsExactly(1, 0.5, 0);
    d = gradients(Tensor::minimum, of(1, 2, 3), of(3, 2, 1));
    assertThat(d[0]).containsExactly(1, 0.5, 0);
    assertThat(d[1]).containsExactly(0, 0.5, 1);
    Tensor nan = Tensor.of(of(NaN)).maximum(Tensor.of(of(1)));
    assertThat(nan.item()).isNaN();
  }

  @Test
  void q14_sqrt_has_an_infinite_gradient_at_0_and_none_below() {
    double[] d = gradient(Tensor::sqrt, 0, 4, -1);
    assertThat(d[0]).isEqualTo(POSITIVE_INFINITY);
    assertThat(d[1]).isEqualTo(0.25);
    assertThat(d[2]).isNaN();
  }

  @Test
  void q15_sqrt_of_a_square_has_no_gradient_at_0() {
    assertThat(gradient(x -> x.mul(x).sqrt(), 0)[0]).isNaN();
  }

  @Test
  void q19_powers_at_0() {
    assertThat(gradient(x -> x.pow(0), 0, 2)).containsExactly(0, 0);
    assertThat(gradient(x -> x.pow(1), 0, 2)).containsExactly(1, 1);
    assertThat(gradient(x -> x.pow(2), 0, 2)).containsExactly(0, 4);
    assertThat(gradient(x -> x.pow(0.5), 0)).containsExactly(POSITIVE_INFINITY);
    assertThat(gradient(x -> x.pow(-1), 0)[0]).isEqualTo(NEGATIVE_INFINITY);
    assertThat(gradient(x -> x.pow(1.5), 0)).containsExactly(0);
  }

  @Test
  void q20_the_exponent_of_base_0_has_gradient_0_or_minus_infinity() {
    double[][] d = gradients(Tensor::pow, of(0, 0, 0), of(2, 0, -1));
    assertThat(d[0][0]).isZero();
    assertThat(d[0][1]).isZero();
    assertThat(d[1][0]).isZero();
    assertThat(d[1][1]).isZero();
    assertThat(d[1][2]).isEqualTo(NEGATIVE_INFINITY);
  }

  @Test
  void q21_the_exponent_of_a_negative_base_has_none() {
    double[][] d = gradients(Tensor::pow, of(-2), of(3));
    assertThat(d[0][0]).isCloseTo(12, within(1e-12));
    assertThat(d[1][0]).isNaN();
  }

  @Test
  void q22_powers_of_a_number() {
    assertThat(gradient(x -> pow(2, x), 3)[0]).isCloseTo(8 * Math.log(2), within(1e-12));
    assertThat(gradient(x -> pow(0, x), 0, 1)).containsExactly(0, 0);
  }

  @Test
  void q23_the_logarithm_has_the_gradient_of_its_formula_everywhere() {
    assertThat(gradient(Tensor::log, 0, -1)).containsExactly(POSITIVE_INFINITY, -1);
    assertThat(Tensor.of(of(-1)).log().item()).isNaN();
  }

  @Test
  void q24_quotients_at_0() {
    assertThat(gradient(Tensor::reciprocal, 0)).containsExactly(NEGATIVE_INFINITY);
    double[][] d = gradients(Tensor::div, of(0), of(0));
    assertThat(d[0][0]).isEqualTo(POSITIVE_INFINITY);
    assertThat(d[1][0]).isNaN();
  }

  @Test
  void q25_nan_of_the_branch_not_taken_stays_in_it() {
    Tensor x = leaf(-1, 4);
    Tensor condition = x.gt(0);
    Tensor y = condition.where(x.sqrt(), Tensor.zeros(2).to(x.dtype()));
    y.backward(Tensor.of(of(POSITIVE_INFINITY, 1)));
    // The gradient of `where` itself is a clean 0; the square root makes NaN of it: 0 · (1 / NaN).
    assertThat(grad(x)[0]).isNaN();
    Tensor a = leaf(1, 2);
    condition.where(a, Tensor.scalar(0)).backward(Tensor.of(of(NaN, 3)));
    assertThat(grad(a)).containsExactly(0, 3);
  }

  @Test
  void q26_where_sends_each_gradient_one_way() {
    Tensor c = Tensor.of(new boolean[] {true, false});
    double[][] d = gradients((a, b) -> c.where(a, b), of(1, 2), of(3, 4));
    assertThat(d[0]).containsExactly(1, 0);
    assertThat(d[1]).containsExactly(0, 1);
    Tensor scalar = Tensor.of(of(5), 1).requiresGrad(true);
    c.where(scalar, Tensor.of(of(1, 2))).backward(Tensor.of(of(7, 11)));
    assertThat(grad(scalar)).containsExactly(7);
  }

  @Test
  void q27_masking_after_a_division_does_not_help() {
    Tensor x = leaf(1, 1);
    Tensor y = x.div(Tensor.of(of(0, 1)));
    y.backward(Tensor.of(of(0, 1)));
    assertThat(grad(x)[0]).isNaN();
    assertThat(grad(x)[1]).isEqualTo(1);
  }

  @Test
  void q28_steps_have_zeros_for_gradients() {
    List<UnaryOperator<Tensor>> steps =
        List.of(Tensor::sign, Tensor::floor, Tensor::ceil, Tensor::round, Tensor::trunc);
    for (UnaryOperator<Tensor> f : steps) {
      assertThat(gradient(f, -1.5, 0.4)).containsExactly(0, 0);
    }
    assertThat(Tensor.of(of(0.5, 1.5, 2.5, -0.5)).round().toDoubleArray())
        .containsExactly(0, 2, 2, -0.0);
  }

  @Test
  void q29_the_divisors_of_remainders() {
    double[][] d = gradients((a, b) -> fmod(a, b), of(-5), of(3));
    assertThat(d[0]).containsExactly(1);
    assertThat(d[1]).containsExactly(1);
    d = gradients(Tensor::remainder, of(-5), of(3));
    assertThat(d[0]).containsExactly(1);
    assertThat(d[1]).containsExactly(2);
    assertThat(Tensor.of(of(-5, 5, -5, 5)).remainder(Tensor.of(of(3, -3, -3, 3))).toDoubleArray())
        .containsExactly(1, -1, -2, 2);
  }

  @Test
  void q30_the_angle_at_1_1() {
    double[][] d = gradients((a, b) -> atan2(a, b), of(1), of(1));
    assertThat(d[0]).containsExactly(0.5);
    assertThat(d[1]).containsExactly(-0.5);
  }

  @Test
  void q31_the_angle_of_the_origin_has_gradient_0() {
    double[][] d = gradients((a, b) -> atan2(a, b), of(0), of(0));
    assertThat(d[0][0]).isZero();
    assertThat(d[1][0]).isZero();
  }

  @Test
  void q43_sigmoid_and_its_logarithm_saturate() {
    assertThat(gradient(Tensor::sigmoid, -1000, 0, 1000)).containsExactly(0, 0.25, 0);
    Tensor y = logSigmoid(Tensor.of(of(-1000, 0, 1000)));
    assertThat(y.toDoubleArray()[0]).isEqualTo(-1000);
    assertThat(y.toDoubleArray()[1]).isCloseTo(-Math.log(2), within(1e-15));
    assertThat(y.toDoubleArray()[2]).isZero();
    assertThat(gradient(x -> logSigmoid(x), -1000, 0, 1000)).containsExactly(1, 0.5, 0);
  }

  @Test
  void q52_saturated_activations_have_clean_gradients() {
    assertThat(gradient(Tensor::tanh, -50, 50)).containsExactly(0, 0);
    assertThat(gradient(Tensor::sigmoid, 50)[0]).isCloseTo(0, within(1e-20));
    double[] d = gradient(x -> softplus(x), -50, 0, 50);
    assertThat(d[0]).isCloseTo(1.9287498479639178e-22, within(1e-34));
    assertThat(d[1]).isEqualTo(0.5);
    assertThat(d[2]).isEqualTo(1);
  }

  @Test
  void q53_gelu_and_silu() {
    double[] d = gradient(Tensor::gelu, 0, 1);
    assertThat(d[0]).isEqualTo(0.5);
    assertThat(d[1]).isCloseTo(1.083316, within(1e-6));
    assertThat(gradient(x -> geluTanh(x), 1)[0]).isCloseTo(1.082964, within(1e-6));
    d = gradient(Tensor::silu, 0, 1);
    assertThat(d[0]).isEqualTo(0.5);
    assertThat(d[1]).isCloseTo(0.927671, within(1e-6));
    assertThat(gradient(Tensor::silu, -1000)[0]).isZero();
  }

  @Test
  void q86_inverse_functions_at_their_edges() {
    assertThat(gradient(x -> asin(x), 1, -1)).containsExactly(POSITIVE_INFINITY, POSITIVE_INFINITY);
    assertThat(gradient(x -> acos(x), 1)).containsExactly(NEGATIVE_INFINITY);
    assertThat(gradient(x -> atanh(x), 1)).containsExactly(POSITIVE_INFINITY);
  }

  @Test
  void tiny_arguments_keep_their_digits() {
    assertThat(Tensor.of(of(1e-12)).expm1().item()).isCloseTo(1.0000000000005e-12, within(1e-27));
    assertThat(Tensor.of(of(1e-12)).log1p().item()).isCloseTo(9.999999999995e-13, within(1e-27));
  }

  @Test
  void an_infinite_incoming_gradient_stops_at_what_is_masked() {
    Tensor x = leaf(-1, 2);
    x.relu().backward(Tensor.of(of(POSITIVE_INFINITY, 1)));
    assertThat(grad(x)).containsExactly(0, 1);
    Tensor filled = leaf(1, 2);
    Tensor mask = Tensor.of(new boolean[] {true, false});
    filled.maskedFill(mask, 9).backward(Tensor.of(of(NaN, 5)));
    assertThat(grad(filled)).containsExactly(0, 5);
  }
}
