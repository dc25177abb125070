package dev.autograd.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.AutogradException;
import dev.autograd.Tensor;
import org.junit.jupiter.api.Test;

class LayerNormTest {
  @Test
  void normalisesEachRow() {
    LayerNorm layer = new LayerNorm(6);
    Differences.scramble(layer, 1);
    Tensor x = Differences.randn(2, 3, 2, 6).mul(4).add(2);
    Tensor y = layer.forward(x);
    assertThat(y.shape()).isEqualTo(x.shape());
    Tensor weight = layer.namedParameters().get("weight");
    Tensor bias = layer.namedParameters().get("bias");
    for (int n = 0; n < 3; n++) {
      for (int t = 0; t < 2; t++) {
        double mean = 0;
        for (int i = 0; i < 6; i++) {
          mean += x.at(n, t, i) / 6;
        }
        double variance = 0;
        for (int i = 0; i < 6; i++) {
          variance += Math.pow(x.at(n, t, i) - mean, 2) / 6;
        }
        for (int i = 0; i < 6; i++) {
          double expected =
              (x.at(n, t, i) - mean) / Math.sqrt(variance + 1e-5) * weight.at(i) + bias.at(i);
          assertThat(y.at(n, t, i)).isCloseTo(expected, within(1e-5));
        }
      }
    }
  }

  @Test
  void aConstantRowGivesTheBias() {
    LayerNorm layer = new LayerNorm(3);
    Differences.scramble(layer, 1);
    float[] bias = layer.namedParameters().get("bias").toFloatArray();
    assertThat(layer.forward(Tensor.of(new float[] {5, 5, 5}, 1, 3)).toFloatArray())
        .containsExactly(bias);
  }

  @Test
  void isTheSameInBothModes() {
    LayerNorm layer = new LayerNorm(4);
    Tensor x = Differences.randn(3, 2, 4);
    float[] training = layer.forward(x).toFloatArray();
    layer.eval();
    assertThat(layer.forward(x).toFloatArray()).isEqualTo(training);
  }

  @Test
  void gradientsEqualDifferences() {
    LayerNorm layer = new LayerNorm(5);
    Differences.scramble(layer, 4);
    Differences.check(layer, Differences.randn(5, 2, 3, 5));
  }

  @Test
  void namesItsParameters() {
    LayerNorm layer = new LayerNorm(5);
    assertThat(layer.state().keySet()).containsExactly("weight", "bias");
    assertThat(layer.parameterCount()).isEqualTo(10);
    assertThat(layer).hasToString("LayerNorm(5)");
  }

  @Test
  void refusesRowsOfAnotherSize() {
    LayerNorm layer = new LayerNorm(3);
    assertThatThrownBy(() -> layer.forward(Tensor.ones(2, 4)))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("layer_norm");
  }
}
