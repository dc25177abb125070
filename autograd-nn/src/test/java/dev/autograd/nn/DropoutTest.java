package dev.autograd.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.Tensor;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DropoutTest {
  @BeforeEach
  void seed() {
    Generator.global().manualSeed(17);
  }

  @Test
  void q74_keptElementsAreScaledInValueAndGradient() {
    Tensor x = Tensor.ones(2000).requiresGrad(true);
    Tensor y = new Dropout(0.5).forward(x);
    y.sum().backward();
    assertThat(y.toFloatArray()).containsOnly(0, 2);
    assertThat(x.grad().toFloatArray()).isEqualTo(y.toFloatArray());
    assertThat(y.mean().item()).isCloseTo(1, within(0.1));
  }

  @Test
  void theShareOfDroppedElementsIsTheProbability() {
    Tensor y = new Dropout(0.2).forward(Tensor.ones(20_000));
    assertThat(y.eq(0).to(DType.F32).mean().item()).isCloseTo(0.2, within(0.015));
    assertThat(y.amax().item()).isCloseTo(1.25, within(1e-6));
  }

  @Test
  void evaluationIsTheIdentity() {
    Layer layer = new Dropout(0.9).eval();
    Tensor x = Differences.randn(1, 50);
    assertThat(layer.forward(x)).isSameAs(x);
    assertThat(layer.train(true).forward(x).toFloatArray()).isNotEqualTo(x.toFloatArray());
  }

  @Test
  void certainDropoutGivesZerosAndZeroGradients() {
    Tensor x = Tensor.ones(10).requiresGrad(true);
    Tensor y = new Dropout(1).forward(x);
    y.sum().backward();
    assertThat(y.toFloatArray()).containsOnly(0);
    assertThat(x.grad().toFloatArray()).containsOnly(0);
  }

  @Test
  void drawsTheSameFromTheSameSeedAndAnewEachTime() {
    Dropout layer = new Dropout(0.5);
    Tensor x = Tensor.ones(100);
    float[] first = layer.forward(x).toFloatArray();
    float[] second = layer.forward(x).toFloatArray();
    Generator.global().manualSeed(17);
    assertThat(layer.forward(x).toFloatArray()).isEqualTo(first).isNotEqualTo(second);
  }

  @ParameterizedTest
  @ValueSource(doubles = {-0.1, 1.1, Double.NaN})
  void theProbabilityLiesBetweenZeroAndOne(double p) {
    assertThatThrownBy(() -> new Dropout(p))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("got " + p);
  }
}
