package dev.autograd.kernel.expr;

import static dev.autograd.kernel.expr.Expr.ONE;
import static dev.autograd.kernel.expr.Expr.constant;
import static dev.autograd.kernel.expr.Expr.fma;
import static dev.autograd.kernel.expr.Expr.input;
import static dev.autograd.kernel.expr.Expr.param;
import static dev.autograd.kernel.expr.Expr.select;
import static dev.autograd.kernel.expr.Formulas.abs;
import static dev.autograd.kernel.expr.Formulas.exp;
import static dev.autograd.kernel.expr.Formulas.sqrt;
import static dev.autograd.kernel.expr.Formulas.tanh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.kernel.ElementType;
import org.junit.jupiter.api.Test;

class ExprTest {

  private final Expr x = input(0);
  private final Expr y = input(1);

  @Test
  void formulasBuiltAlikeAreTheSameObject() {
    assertThat(exp(x.mul(y)).add(1)).isSameAs(exp(x.mul(y)).add(1));
    assertThat(exp(x.mul(y)).add(1)).isNotEqualTo(exp(y.mul(x)).add(1));
    assertThat(constant(0.0)).isNotEqualTo(constant(-0.0));
    assertThat(constant(Double.NaN)).isSameAs(constant(Double.NaN));
  }

  @Test
  void aNodeMadeByHandIsEqualToTheSharedOne() {
    Expr byHand = new Expr.Unary(UnaryOp.EXP, new Expr.Input(0));
    assertThat(byHand).isEqualTo(exp(x)).hasSameHashCodeAs(exp(x));
    assertThat(byHand.add(y)).isSameAs(exp(x).add(y));
  }

  @Test
  void aDeepFormulaOfSharedPartsIsBuiltAndComparedAtOnce() {
    Expr a = x;
    Expr b = x;
    for (int i = 0; i < 5000; i++) {
      a = a.mul(a).add(1);
      b = b.mul(b).add(1);
    }
    assertThat(a == b).isTrue();
    assertThat(a.derivative(0)).isNotNull();
  }

  @Test
  void onlyRewritesThatKeepEveryBitAreApplied() {
    assertThat(x.mul(1)).isSameAs(x);
    assertThat(x.div(1)).isSameAs(x);
    assertThat(x.sub(0)).isSameAs(x);
    assertThat(x.add(-0.0)).isSameAs(x);
    assertThat(x.neg().neg()).isSameAs(x);
    assertThat(x.add(y.neg())).isSameAs(x.sub(y));
    assertThat(x.mul(-1)).isSameAs(x.neg());
    assertThat(x.neg().mul(y)).isSameAs(x.mul(y).neg());
    assertThat(abs(x.neg())).isSameAs(abs(x));
    assertThat(select(x.lt(y), x, x)).isSameAs(x);
    assertThat(x.pow(2)).isSameAs(x.mul(x));
    assertThat(x.pow(0)).isSameAs(ONE);
    assertThat(constant(2).mul(3)).isEqualTo(constant(6));

    assertThat(x.add(0)).isNotSameAs(x);
    assertThat(x.mul(0)).isNotEqualTo(constant(0));
    assertThat(x.sub(x)).isNotEqualTo(constant(0));
    assertThat(x.div(x)).isNotEqualTo(ONE);
  }

  @Test
  void formulasReadAsPeopleWriteThem() {
    assertThat(y.mul(ONE.sub(tanh(x).square()))).hasToString("x₁ · (1 − tanh(x₀)²)");
    assertThat(x.sub(y.sub(1))).hasToString("x₀ − (x₁ − 1)");
    assertThat(x.add(y).mul(x).div(y.mul(2))).hasToString("(x₀ + x₁) · x₀ / (x₁ · 2)");
    assertThat(sqrt(x.add(1)).neg()).hasToString("−√(x₀ + 1)");
    assertThat(select(x.gt(0).and(x.isNan().not()), x, param(3).mul(x)))
        .hasToString("where(x₀ > 0 and not isnan(x₀), x₀, p₃ · x₀)");
    assertThat(fma(x, y, constant(0.5))).hasToString("fma(x₀, x₁, 0.5)");
    assertThat(x.add(y).pow(param(0))).hasToString("(x₀ + x₁)^p₀");
    assertThat(abs(x)).hasToString("|x₀|");
    assertThat(x.mul(constant(-2.5))).hasToString("x₀ · −2.5");
  }

  @Test
  void aValueCannotBeBothANumberAndACondition() {
    assertThatThrownBy(() -> PointwiseKernel.of(ElementType.F32, x.and(x.add(1).gt(0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("number or a truth value");
    assertThatThrownBy(() -> PointwiseKernel.of(ElementType.F32, x.lt(y).add(1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("x₀ < x₁");
    assertThatThrownBy(() -> x.lt(y).derivative(0)).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void integersHaveNoExponential() {
    assertThatThrownBy(() -> PointwiseKernel.of(ElementType.I64, exp(x)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("exp(x₀) is not defined for I64");
    assertThatThrownBy(() -> PointwiseKernel.of(ElementType.I32, x.mul(0.5)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PointwiseKernel.of(ElementType.BOOL, x))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
