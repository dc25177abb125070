package dev.autograd.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.AutogradException;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import org.junit.jupiter.api.Test;

class LinearTest {
  @Test
  void multipliesByTheTransposedWeightAndAddsTheBias() {
    Linear layer = new Linear(3, 2);
    Tensor x = Differences.randn(1, 4, 3);
    Tensor y = layer.forward(x);
    assertThat(y.shape()).isEqualTo(Shape.of(4, 2));
    for (int n = 0; n < 4; n++) {
      for (int o = 0; o < 2; o++) {
        double sum = layer.bias().at(o);
        for (int i = 0; i < 3; i++) {
          sum += x.at(n, i) * layer.weight().at(o, i);
        }
        assertThat(y.at(n, o)).isCloseTo(sum, within(1e-6));
      }
    }
  }

  @Test
  void acceptsAnyNumberOfLeadingDimensions() {
    Linear layer = new Linear(3, 2);
    Tensor x = Differences.randn(1, 2, 5, 3);
    Tensor y = layer.forward(x);
    assertThat(y.shape()).isEqualTo(Shape.of(2, 5, 2));
    assertThat(y.reshape(10, 2).toFloatArray())
        .isEqualTo(layer.forward(x.reshape(10, 3)).toFloatArray());
    assertThat(layer.forward(x.get(0).get(0)).shape()).isEqualTo(Shape.of(2));
  }

  @Test
  void namesAndCountsItsParameters() {
    Linear layer = new Linear(3, 2);
    assertThat(layer.namedParameters().keySet()).containsExactly("weight", "bias");
    assertThat(layer.weight().shape()).isEqualTo(Shape.of(2, 3));
    assertThat(layer.bias().shape()).isEqualTo(Shape.of(2));
    assertThat(layer.parameterCount()).isEqualTo(8);
    assertThat(layer.parameters()).allMatch(p -> p.requiresGrad() && p.isLeaf());
  }

  @Test
  void mayLeaveTheBiasOut() {
    Linear layer = new Linear(3, 2, false);
    assertThat(layer.namedParameters().keySet()).containsExactly("weight");
    assertThat(layer.bias()).isNull();
    assertThat(layer.forward(Tensor.zeros(1, 3)).toFloatArray()).containsOnly(0);
    assertThat(layer).hasToString("Linear(3, 2, bias=false)");
  }

  @Test
  void startsWithinOneOverTheRootOfTheFanIn() {
    Linear layer = new Linear(100, 200);
    double bound = 1 / Math.sqrt(100);
    for (Tensor p : layer.parameters()) {
      assertThat(p.abs().max().item()).isLessThanOrEqualTo(bound).isGreaterThan(0.9 * bound);
      assertThat(p.mean().item()).isCloseTo(0, within(bound / 5));
    }
    double uniformVariance = bound * bound / 3;
    assertThat(layer.weight().var().item())
        .isCloseTo(uniformVariance, within(0.05 * uniformVariance));
  }

  @Test
  void startsTheSameFromTheSameSeed() {
    Generator.global().manualSeed(5);
    Linear a = new Linear(4, 4);
    Linear other = new Linear(4, 4);
    Generator.global().manualSeed(5);
    Linear b = new Linear(4, 4);
    assertThat(b.weight().toFloatArray()).isEqualTo(a.weight().toFloatArray());
    assertThat(b.bias().toFloatArray()).isEqualTo(a.bias().toFloatArray());
    assertThat(other.weight().toFloatArray()).isNotEqualTo(a.weight().toFloatArray());
  }

  @Test
  void gradientsEqualDifferences() {
    Linear layer = new Linear(3, 2);
    Differences.scramble(layer, 3);
    Differences.check(layer, Differences.randn(4, 2, 2, 3));
  }

  @Test
  void refusesInputsOfAnotherSize() {
    Linear layer = new Linear(3, 2);
    assertThatThrownBy(() -> layer.forward(Tensor.ones(4, 5)))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("linear")
        .hasMessageContaining("[4, 5]")
        .hasMessageContaining("[2, 3]");
  }
}
