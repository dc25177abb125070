package dev.autograd.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.AutogradException;
import dev.autograd.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SgdTest {
  @ParameterizedTest(name = "momentum {0}")
  @CsvSource({"0", "0.9"})
  void withoutDecayAnInfiniteParameterStaysInfinite(double momentum) {
    Tensor p = Tensor.of(new double[] {Double.POSITIVE_INFINITY, -0.0}).requiresGrad(true);
    p.grad(Tensor.of(new double[] {1, 0}));
    new Sgd(Map.of("p", p), 0.1, Sgd.Options.momentum(momentum)).step();
    assertThat(p.toDoubleArray()).containsExactly(Double.POSITIVE_INFINITY, -0.0);
  }

  @ParameterizedTest(name = "momentum {0}, nesterov {1}, weight decay {2}")
  @CsvSource({
    "0, false, 0",
    "0, false, 0.1",
    "0.9, false, 0",
    "0.9, true, 0",
    "0.5, false, 0.05",
    "0.9, true, 0.05"
  })
  void followsItsFormula(double momentum, boolean nesterov, double decay) {
    double lr = 0.05;
    Tensor p = Tensor.of(Reference.start()).requiresGrad(true);
    Sgd sgd = new Sgd(Map.of("p", p), lr, new Sgd.Options(momentum, nesterov, decay));
    double[] x = Reference.start();
    double[] m = new double[x.length];
    for (int t = 1; t <= Reference.STEPS; t++) {
      double[] g = Reference.gradient(x, t);
      for (int i = 0; i < x.length; i++) {
        double d = g[i] + decay * x[i];
        m[i] = momentum * m[i] + d;
        x[i] -= lr * (nesterov ? d + momentum * m[i] : m[i]);
      }
      Reference.step(sgd, p, t);
      Reference.assertAt(p, x, t);
    }
    assertThat(sgd.steps()).isEqualTo(Reference.STEPS);
  }

  @Test
  void theGradientItselfIsLeftAlone() {
    Tensor p = Tensor.of(new double[] {1, 2}).requiresGrad(true);
    Sgd sgd = new Sgd(Map.of("p", p), 0.1, new Sgd.Options(0.9, true, 0.1));
    p.grad(Tensor.of(new double[] {3, 4}));
    sgd.step();
    sgd.step();
    assertThat(p.grad().toDoubleArray()).containsExactly(3, 4);
    assertThat(p.isLeaf() && p.requiresGrad()).isTrue();
  }

  @Test
  void aNewLearningRateCountsFromTheNextStep() {
    Tensor p = Tensor.of(new double[] {1}).requiresGrad(true);
    Sgd sgd = new Sgd(Map.of("p", p), 0.5);
    p.grad(Tensor.of(new double[] {1}));
    sgd.step();
    sgd.learningRate(0.25);
    assertThat(sgd.learningRate()).isEqualTo(0.25);
    sgd.step();
    assertThat(p.item()).isEqualTo(0.25);
  }

  @Test
  void nesterovNeedsMomentum() {
    assertThatThrownBy(() -> new Sgd.Options(0, true, 0))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("nesterov")
        .hasMessageContaining("momentum");
  }

  @ParameterizedTest
  @CsvSource({"-0.1, 0", "NaN, 0", "0, -1", "0, NaN"})
  void refusesNegativeAttributes(double momentum, double decay) {
    assertThatThrownBy(() -> new Sgd.Options(momentum, false, decay))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("sgd")
        .hasMessageContaining("got");
  }
}
