package dev.autograd.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.AutogradException;
import dev.autograd.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdamTest {
  @ParameterizedTest(name = "AdamW {0}, betas {1} {2}, epsilon {3}, weight decay {4}")
  @CsvSource({
    "false, 0.9, 0.999, 1e-8, 0",
    "false, 0.9, 0.999, 1e-8, 0.1",
    "true, 0.9, 0.999, 1e-8, 0.1",
    "true, 0.5, 0.8, 1e-3, 0.01",
    "false, 0, 0.9, 1e-8, 0"
  })
  void followsItsFormula(
      boolean decoupled, double beta1, double beta2, double epsilon, double decay) {
    double lr = 0.03;
    Tensor p = Tensor.of(Reference.start()).requiresGrad(true);
    var options = new Adam.Options(beta1, beta2, epsilon, decay);
    Adam adam =
        decoupled
            ? Adam.adamW(Map.of("p", p), lr, options)
            : Adam.adam(Map.of("p", p), lr, options);
    double[] x = Reference.start();
    double[] m = new double[x.length];
    double[] v = new double[x.length];
    for (int t = 1; t <= Reference.STEPS; t++) {
      double[] g = Reference.gradient(x, t);
      for (int i = 0; i < x.length; i++) {
        double d = g[i];
        if (decoupled) {
          x[i] *= 1 - lr * decay;
        } else {
          d += decay * x[i];
        }
        m[i] = beta1 * m[i] + (1 - beta1) * d;
        v[i] = beta2 * v[i] + (1 - beta2) * d * d;
        double mean = m[i] / (1 - Math.pow(beta1, t));
        double square = v[i] / (1 - Math.pow(beta2, t));
        x[i] -= lr * mean / (Math.sqrt(square) + epsilon);
      }
      Reference.step(adam, p, t);
      Reference.assertAt(p, x, t);
    }
  }

  @Test
  void theFirstStepHasTheSizeOfTheLearningRate() {
    Tensor p = Tensor.of(new double[] {0, 0}).requiresGrad(true);
    Adam adam = Adam.adam(Map.of("p", p), 0.1, Adam.Options.DEFAULTS);
    p.grad(Tensor.of(new double[] {1e-3, -1e3}));
    adam.step();
    assertThat(p.at(0)).isCloseTo(-0.1, within(1e-5));
    assertThat(p.at(1)).isCloseTo(0.1, within(1e-5));
  }

  @Test
  void aZeroGradientMovesNothing() {
    Tensor p = Tensor.of(new double[] {1, 2}).requiresGrad(true);
    Adam adam = Adam.adam(Map.of("p", p), 0.1, Adam.Options.DEFAULTS);
    p.grad(Tensor.of(new double[] {0, 0}));
    adam.step();
    assertThat(p.toDoubleArray()).containsExactly(1, 2);
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0.9, 1e-8, 0",
    "-0.1, 0.9, 1e-8, 0",
    "0.9, 1, 1e-8, 0",
    "0.9, NaN, 1e-8, 0",
    "0.9, 0.9, -1, 0",
    "0.9, 0.9, 1e-8, -1"
  })
  void refusesAttributesOutsideTheirRange(double b1, double b2, double epsilon, double decay) {
    assertThatThrownBy(() -> new Adam.Options(b1, b2, epsilon, decay))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("adam")
        .hasMessageContaining("got");
  }
}
