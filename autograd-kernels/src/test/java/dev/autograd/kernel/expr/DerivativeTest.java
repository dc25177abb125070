package dev.autograd.kernel.expr;

import static dev.autograd.kernel.expr.Expr.ONE;
import static dev.autograd.kernel.expr.Expr.ZERO;
import static dev.autograd.kernel.expr.Expr.constant;
import static dev.autograd.kernel.expr.Expr.fma;
import static dev.autograd.kernel.expr.Expr.input;
import static dev.autograd.kernel.expr.Expr.param;
import static dev.autograd.kernel.expr.Expr.select;
import static dev.autograd.kernel.expr.Formulas.abs;
import static dev.autograd.kernel.expr.Formulas.atan2;
import static dev.autograd.kernel.expr.Formulas.erf;
import static dev.autograd.kernel.expr.Formulas.exp;
import static dev.autograd.kernel.expr.Formulas.floor;
import static dev.autograd.kernel.expr.Formulas.log;
import static dev.autograd.kernel.expr.Formulas.max;
import static dev.autograd.kernel.expr.Formulas.min;
import static dev.autograd.kernel.expr.Formulas.sigmoid;
import static dev.autograd.kernel.expr.Formulas.sign;
import static dev.autograd.kernel.expr.Formulas.sin;
import static dev.autograd.kernel.expr.Formulas.sqrt;
import static dev.autograd.kernel.expr.Formulas.tanh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.offset;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

class DerivativeTest {

  private static final Expr X = input(0);
  private static final Expr Y = input(1);
  private static final double[] NONE = {};

  @ParameterizedTest
  @EnumSource(
      value = UnaryOp.class,
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NOT", "IS_NAN"})
  void everyUnaryOperationHasItsDerivatives(UnaryOp op) {
    double[] points =
        switch (op) {
          case ACOSH -> new double[] {1.3, 2.7};
          case SQRT, RSQRT, LOG, LOG2, LOG10 -> new double[] {0.3, 2.7};
          default -> new double[] {-0.73, 0.31, 0.84};
        };
    Expr f = Expr.of(op, X);
    for (double x : points) {
      check(f, 0, x, 0);
      check(f.derivative(0), 0, x, 0);
    }
  }

  static List<Expr> formulas() {
    List<Expr> all = new ArrayList<>();
    all.add(X.add(Y));
    all.add(X.sub(Y));
    all.add(X.mul(Y));
    all.add(X.div(Y));
    all.add(X.rem(Y));
    all.add(X.pow(Y));
    all.add(X.pow(2.5));
    all.add(X.pow(-1));
    all.add(constant(2.5).pow(Y));
    all.add(atan2(X, Y));
    all.add(min(X, Y));
    all.add(max(X, Y.mul(X)));
    all.add(fma(X, Y, sin(X)));
    all.add(select(X.lt(Y), X.mul(X), exp(Y)));
    all.add(X.mul(0.5).mul(erf(X.mul(Math.sqrt(0.5))).add(1)).mul(Y));
    all.add(X.mul(tanh(log(exp(X).add(1)))));
    all.add(select(X.gt(0), X, exp(X).sub(1)));
    all.add(sigmoid(X.mul(Y)).div(sqrt(Y.add(X.mul(X)))));
    return all;
  }

  @ParameterizedTest
  @MethodSource("formulas")
  void derivativesOfFormulasAgreeWithDifferences(Expr f) {
    for (double[] at : new double[][] {{0.7, 1.9}, {1.3, 0.6}, {2.4, 1.1}}) {
      for (int i = 0; i < 2; i++) {
        check(f, i, at[0], at[1]);
        for (int j = 0; j < 2; j++) {
          check(f.derivative(i), j, at[0], at[1]);
        }
      }
    }
  }

  @Test
  void theFourthDerivativeOfSineIsSine() {
    Expr f = sin(X);
    for (int i = 0; i < 4; i++) {
      f = f.derivative(0);
    }
    assertThat(f).isSameAs(sin(X));
  }

  @Test
  void aDerivativeSharesTheNodesOfItsFormula() {
    Expr y = tanh(X);
    assertThat(y.derivative(0)).isSameAs(ONE.sub(y.mul(y)));
    assertThat(X.derivative(1)).isSameAs(ZERO);
    assertThat(param(0).mul(X).derivative(0)).isSameAs(param(0));
    assertThat(floor(X).derivative(0)).isSameAs(ZERO);
    assertThat(sign(X).derivative(0)).isSameAs(ZERO);
  }

  @Test
  void singularPointsFollowTheConventions() {
    double inf = Double.POSITIVE_INFINITY;
    assertThat(at(abs(X).derivative(0), 0, 0)).isZero();
    assertThat(at(sqrt(X).derivative(0), 0, 0)).isEqualTo(inf);
    assertThat(at(sqrt(X.mul(X)).derivative(0), 0, 0)).isNaN();
    assertThat(at(log(X).derivative(0), 0, 0)).isEqualTo(inf);
    assertThat(at(log(X).derivative(0), -2, 0)).isEqualTo(-0.5);
    assertThat(at(max(X, Y).derivative(0), 1, 1)).isEqualTo(0.5);
    assertThat(at(max(X, Y).derivative(1), 1, 1)).isEqualTo(0.5);
    assertThat(at(min(X, Y).derivative(0), 1, 1)).isEqualTo(0.5);
    assertThat(at(min(X, Y).derivative(0), 1, 2)).isEqualTo(1);
    assertThat(at(max(X, X.mul(1.5)).derivative(0), 0, 0)).isEqualTo(1.25);
    assertThat(at(max(X, Y).derivative(0), Double.NaN, 1)).isEqualTo(1);
    assertThat(at(X.pow(Y).derivative(0), 0, 0)).isZero();
    assertThat(at(X.pow(Y).derivative(0), 0, 1)).isEqualTo(1);
    assertThat(at(X.pow(Y).derivative(0), 0, 0.5)).isEqualTo(inf);
    assertThat(at(X.pow(0.5).derivative(0), 0, 0)).isEqualTo(inf);
    assertThat(at(X.pow(-1).derivative(0), 0, 0)).isEqualTo(-inf);
    assertThat(at(X.pow(2).derivative(0), 0, 0)).isZero();
    assertThat(at(X.pow(0).derivative(0), 0, 0)).isZero();
    assertThat(at(X.pow(Y).derivative(1), 0, 2)).isZero();
    assertThat(at(X.pow(Y).derivative(1), 0, 0)).isZero();
    assertThat(at(X.pow(Y).derivative(1), 0, -1)).isEqualTo(-inf);
    assertThat(at(X.pow(Y).derivative(1), -2, 2)).isNaN();
    assertThat(at(constant(0).pow(Y).derivative(1), 0, 2)).isZero();
    assertThat(at(atan2(X, Y).derivative(0), 0, 0)).isZero();
  }

  @Test
  void whatIsNotSelectedCannotLeak() {
    Expr f = select(X.gt(0), sqrt(X), ZERO);
    assertThat(at(f.derivative(0), 0, 0)).isZero();
    assertThat(at(f.derivative(0), -1, 0)).isZero();
    assertThat(at(f.derivative(0).derivative(0), -1, 0)).isZero();
  }

  private static double at(Expr f, double x, double y) {
    return Interpreter.evaluate(f, NONE, x, y);
  }

  private static void check(Expr f, int input, double x, double y) {
    double h = 1e-4;
    double dx = input == 0 ? h : 0;
    double dy = input == 1 ? h : 0;
    // Five points: the error of the rule is of order h^4.
    double difference =
        (at(f, x - 2 * dx, y - 2 * dy)
                - 8 * at(f, x - dx, y - dy)
                + 8 * at(f, x + dx, y + dy)
                - at(f, x + 2 * dx, y + 2 * dy))
            / (12 * h);
    double got = at(f.derivative(input), x, y);
    assertThat(got)
        .as("d/dx%d of %s at (%s, %s)", input, f, x, y)
        .isCloseTo(difference, offset(1e-9 * (1 + Math.abs(difference))));
  }
}
