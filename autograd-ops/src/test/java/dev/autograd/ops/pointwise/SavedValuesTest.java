package dev.autograd.ops.pointwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.FunctionNode;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import dev.autograd.ops.elementary.PowScalar;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What formulas save for backward is part of their contract: writing into anything else is
/// allowed.
class SavedValuesTest {

  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  private static List<Tensor> saved(Tensor y) {
    return ((FunctionNode) Objects.requireNonNull(y.gradFn())).savedValues();
  }

  private static double[] grad(Tensor x) {
    return Objects.requireNonNull(x.grad()).toDoubleArray();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "add",
        "addScalar",
        "sub",
        "rsub",
        "mulScalar",
        "divScalar",
        "neg",
        "floor",
        "lerp"
      })
  void linearOperationsSaveNothing(String which) {
    Tensor x = leaf(1, 2);
    Tensor z = leaf(3, 4);
    Tensor y =
        switch (which) {
          case "add" -> x.add(z);
          case "addScalar" -> x.add(1);
          case "sub" -> x.sub(z);
          case "rsub" -> x.rsub(2);
          case "mulScalar" -> x.mul(2);
          case "divScalar" -> x.div(2);
          case "neg" -> x.neg();
          case "floor" -> x.floor();
          default -> x.lerp(z, 0.25);
        };
    assertThat(saved(y)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"exp", "tanh", "sigmoid", "sqrt", "rsqrt", "reciprocal", "relu", "expm1"})
  void functionsOfTheirResultSaveTheResultOnly(String which) {
    UnaryOperator<Tensor> f =
        switch (which) {
          case "exp" -> Tensor::exp;
          case "tanh" -> Tensor::tanh;
          case "sigmoid" -> Tensor::sigmoid;
          case "sqrt" -> Tensor::sqrt;
          case "rsqrt" -> Tensor::rsqrt;
          case "reciprocal" -> Tensor::reciprocal;
          case "relu" -> Tensor::relu;
          default -> Tensor::expm1;
        };
    Tensor y = f.apply(leaf(1, 2));
    assertThat(saved(y)).hasSize(1);
    assertThat(saved(y).getFirst().detach().storage()).isSameAs(y.detach().storage());
  }

  @Test
  void B04_a_power_saves_its_input_and_knows_its_exponent() {
    Tensor x = leaf(2);
    Tensor y = x.pow(3);
    assertThat(saved(y)).hasSize(1);
    assertThat(saved(y).getFirst()).isSameAs(x);
    var node = (FunctionNode) Objects.requireNonNull(y.gradFn());
    assertThat(node.operation()).isEqualTo(new PowScalar(3));
  }

  @Test
  void B05_the_saved_result_of_exp_is_gone_after_backward() {
    Tensor y = leaf(1, 2).exp();
    assertThat(saved(y).getFirst().toDoubleArray()).isEqualTo(y.toDoubleArray());
    y.sum().backward();
    assertThatThrownBy(() -> saved(y))
        .isInstanceOfSatisfying(
            AutogradException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.GRAPH_FREED));
  }

  @Test
  void B16_comparisons_never_require_grad_but_sign_does() {
    Tensor x = leaf(1, -2);
    assertThat(x.gt(0).requiresGrad()).isFalse();
    assertThat(x.eq(x).requiresGrad()).isFalse();
    assertThat(x.isNan().requiresGrad()).isFalse();
    assertThat(x.sign().requiresGrad()).isTrue();
  }

  @Test
  void C11_a_graph_that_saves_nothing_can_be_walked_twice() {
    Tensor x = leaf(1);
    Tensor y = x.add(1);
    y.backward();
    y.backward();
    assertThat(grad(x)).containsExactly(2);
  }

  @Test
  void C14_cubes_have_three_derivatives() {
    Tensor x = leaf(2);
    Tensor y = x.pow(3);
    Tensor first = Autograd.grad(y, List.of(x), GradOptions.createGraph()).getFirst();
    Tensor second = Autograd.grad(first, List.of(x), GradOptions.createGraph()).getFirst();
    Tensor third = Autograd.grad(second, List.of(x), GradOptions.createGraph()).getFirst();
    assertThat(first.item()).isEqualTo(12);
    assertThat(first.requiresGrad()).isTrue();
    assertThat(second.item()).isEqualTo(12);
    assertThat(third.item()).isEqualTo(6);
    assertThat(x.grad()).isNull();
  }

  @Test
  void H01_add_does_not_mind_a_later_write_and_mul_does() {
    Tensor x = leaf(2, 3);
    Tensor y = leaf(4, 5);
    Tensor z = x.mul(y);
    Tensor q = z.add(y);
    Tensor w = z.mul(y);
    z.add_(2);
    q.sum().backward(GradOptions.retainGraph());
    assertThatThrownBy(() -> w.sum().backward())
        .isInstanceOfSatisfying(
            AutogradException.class,
            e -> assertThat(e.kind()).isEqualTo(ErrorKind.VERSION_MISMATCH));
  }

  @Test
  void H02_writing_into_the_result_of_exp_breaks_its_backward() {
    Tensor y = leaf(1, 2).exp();
    Tensor loss = y.sum();
    y.add_(1);
    assertThatThrownBy(loss::backward)
        .isInstanceOfSatisfying(
            AutogradException.class,
            e -> assertThat(e.kind()).isEqualTo(ErrorKind.VERSION_MISMATCH));
  }

  @Test
  void H03_a_scalar_multiple_does_not_need_its_input() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(3);
    Tensor z = y.mul(2);
    y.add_(1);
    z.sum().backward();
    assertThat(grad(x)).containsExactly(6, 6);
  }

  @Test
  void H25_a_product_saves_only_what_a_wanted_gradient_needs() {
    Tensor w = leaf(2);
    Tensor x = Tensor.of(new double[] {3});
    Tensor y = w.mul(x);
    assertThat(saved(y)).containsExactly(x);
    try (var _ = GradMode.noGrad()) {
      w.add_(10);
    }
    y.backward();
    assertThat(grad(w)).containsExactly(3);
  }

  @Test
  void P11_zero_gradients_are_numbers() {
    Tensor x = leaf(1, 1);
    x.mul(2).mul(0).sum().add(x.mul(3).sum()).backward();
    assertThat(grad(x)).containsExactly(3, 3);
  }

  @Test
  void P13_a_product_is_linear_in_each_factor() {
    Tensor x = leaf(2);
    Tensor a = leaf(5);
    Tensor dx = Autograd.grad(x.mul(a), List.of(x), GradOptions.createGraph()).getFirst();
    assertThat(dx.item()).isEqualTo(5);
    var second =
        Autograd.grad(
            List.of(dx), List.of(x, a), List.of(), GradOptions.retainGraph().allowingUnused());
    assertThat(second.get(0)).isNull();
    assertThat(Objects.requireNonNull(second.get(1)).item()).isEqualTo(1);
  }

  @Test
  void P14_the_fourth_derivative_of_sine_is_sine() {
    Tensor x = leaf(0.5);
    Tensor y = x.sin();
    for (int i = 0; i < 4; i++) {
      y = Autograd.grad(y, List.of(x), GradOptions.createGraph()).getFirst();
    }
    assertThat(y.item()).isEqualTo(Tensor.of(new double[] {0.5}).sin().item());
  }

  @Test
  void P15_hessian_vector_products_by_double_backward() {
    Tensor x = leaf(1, 2);
    Tensor g = Autograd.grad(x.pow(3).sum(), List.of(x), GradOptions.createGraph()).getFirst();
    Tensor v = Tensor.of(new double[] {1, 2});
    Tensor hv = Autograd.grad(g.mul(v).sum(), List.of(x)).getFirst();
    assertThat(hv.toDoubleArray()).containsExactly(6, 24);
  }

  @Test
  void P17_the_gradient_by_a_weight_of_a_constant_is_a_constant() {
    Tensor w = leaf(2);
    Tensor x = Tensor.of(new double[] {3});
    Tensor dw = Autograd.grad(w.mul(x), List.of(w), GradOptions.createGraph()).getFirst();
    assertThat(dw.requiresGrad()).isFalse();
    assertThat(dw.item()).isEqualTo(3);
  }

  @Test
  void oneNodeOfAllGradientsHasTheDerivativesOfItsParts() {
    Tensor a = leaf(1.5, -2);
    Tensor b = leaf(0.5, 3);
    Tensor g = leaf(2, -1);
    Tensor[] together =
        new PointwiseGradients(new dev.autograd.ops.arithmetic.Div(), 3).apply(g, a, b);
    Tensor da = new PointwiseGradient(new dev.autograd.ops.arithmetic.Div(), 0).apply(g, b);
    Tensor db = new PointwiseGradient(new dev.autograd.ops.arithmetic.Div(), 1).apply(g, a, b);
    assertThat(together[0].toDoubleArray()).isEqualTo(da.toDoubleArray());
    assertThat(together[1].toDoubleArray()).isEqualTo(db.toDoubleArray());
    List<Tensor> leaves = List.of(g, a, b);
    var fused = Autograd.grad(together[0].mul(together[1]).sum(), leaves);
    var apart = Autograd.grad(da.mul(db).sum(), leaves);
    for (int i = 0; i < 3; i++) {
      assertThat(fused.get(i).toDoubleArray()).isEqualTo(apart.get(i).toDoubleArray());
    }
  }

  @Test
  void I04_the_two_gradients_of_a_sum_are_separate() {
    Tensor x = leaf(1);
    Tensor y = leaf(2);
    x.add(y).backward();
    Tensor dx = Objects.requireNonNull(x.grad());
    dx.add_(5);
    assertThat(grad(y)).containsExactly(1);
  }
}
