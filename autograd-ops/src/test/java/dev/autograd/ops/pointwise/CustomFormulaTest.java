package dev.autograd.ops.pointwise;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/// What the author of a formula can rely on.
class CustomFormulaTest {

  /// The attribute is a run-time parameter.
  record Squareplus(double b) implements Pointwise.Unary {
    @Override
    public double[] params() {
      return new double[] {b};
    }

    @Override
    public Expr formula(Expr x) {
      Expr root = dev.autograd.kernel.expr.Formulas.sqrt(x.mul(x).add(Expr.param(0)));
      return x.add(root).mul(0.5);
    }
  }

  /// The attribute is part of the formula.
  record TimesConstant(double factor) implements Pointwise.Unary {
    @Override
    public Expr formula(Expr x) {
      return x.mul(factor);
    }
  }

  /// Four inputs, without a form of its own for that number.
  record Blend() implements Pointwise {
    @Override
    public int arity() {
      return 4;
    }

    @Override
    public Expr formula(Expr... x) {
      return x[0].mul(x[1]).add(x[2].mul(x[3]));
    }
  }

  @Test
  void aFormulaIsDifferentiable() {
    Tensor x = Tensor.of(new double[] {0, 3}).requiresGrad(true);
    Tensor y = new Squareplus(16).apply(x);
    assertThat(y.toDoubleArray()).containsExactly(2, 4);
    y.sum().backward();
    assertThat(Objects.requireNonNull(x.grad()).toDoubleArray()).containsExactly(0.5, 0.8);
  }

  @Test
  void parametersAndConstantsBothFollowTheAttribute() {
    Tensor x = Tensor.of(new double[] {0}).requiresGrad(true);
    assertThat(new Squareplus(4).apply(x).item()).isEqualTo(1);
    assertThat(new Squareplus(16).apply(x).item()).isEqualTo(2);
    Tensor one = Tensor.of(new double[] {1}).requiresGrad(true);
    for (double factor : new double[] {2, 3, 2}) {
      one.zeroGrad();
      Tensor y = new TimesConstant(factor).apply(one);
      assertThat(y.item()).isEqualTo(factor);
      y.backward();
      assertThat(Objects.requireNonNull(one.grad()).item()).isEqualTo(factor);
    }
  }

  @Test
  void anyNumberOfInputsIsAllowed() {
    Tensor[] x = new Tensor[4];
    for (int i = 0; i < 4; i++) {
      x[i] = Tensor.of(new double[] {i + 2}).requiresGrad(true);
    }
    Tensor y = new Blend().apply(x);
    assertThat(y.item()).isEqualTo(2 * 3 + 4 * 5);
    y.backward();
    assertThat(Objects.requireNonNull(x[3].grad()).item()).isEqualTo(4);
  }

  @Test
  void theGradientsOfAFormulaPrintTheirOrigin() {
    assertThat(new PointwiseGradient(new Blend(), 2).toString())
        .contains("Blend")
        .contains("input=2");
    assertThat(new PointwiseGradient(new Blend(), 2).name()).isEqualTo("blend_gradient");
    assertThat(new PointwiseGradient(new Blend(), 2).formula(Expr.input(0), Expr.input(1)))
        .hasToString("x₀ · x₁");
  }
}
