package dev.autograd.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.AutogradException;
import dev.autograd.Tensor;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MultiHeadAttentionTest {
  private static final int SIZE = 6;
  private static final int HEADS = 2;
  private static final int T = 4;

  @ParameterizedTest(name = "causal {0}")
  @ValueSource(booleans = {false, true})
  void equalsTheFormulaHeadByHead(boolean causal) {
    MultiHeadAttention layer = new MultiHeadAttention(SIZE, HEADS, causal);
    Differences.scramble(layer, 1);
    Tensor x = Differences.randn(2, 2, T, SIZE);
    Tensor y = layer.forward(x);
    assertThat(y.shape()).isEqualTo(x.shape());
    for (int n = 0; n < 2; n++) {
      double[][] expected = attention(layer.namedParameters(), x, n, causal);
      for (int t = 0; t < T; t++) {
        for (int i = 0; i < SIZE; i++) {
          assertThat(y.at(n, t, i)).isCloseTo(expected[t][i], within(1e-4));
        }
      }
    }
  }

  private static double[][] attention(Map<String, Tensor> p, Tensor x, int n, boolean causal) {
    double[][] input = new double[T][SIZE];
    for (int t = 0; t < T; t++) {
      for (int i = 0; i < SIZE; i++) {
        input[t][i] = x.at(n, t, i);
      }
    }
    double[][] qkv = linear(input, p.get("qkv.weight"), p.get("qkv.bias"));
    int width = SIZE / HEADS;
    double[][] joined = new double[T][SIZE];
    for (int h = 0; h < HEADS; h++) {
      for (int t = 0; t < T; t++) {
        int visible = causal ? t + 1 : T;
        double[] score = new double[visible];
        double total = 0;
        for (int s = 0; s < visible; s++) {
          double dot = 0;
          for (int i = 0; i < width; i++) {
            dot += qkv[t][h * width + i] * qkv[s][SIZE + h * width + i];
          }
          score[s] = Math.exp(dot / Math.sqrt(width));
          total += score[s];
        }
        for (int s = 0; s < visible; s++) {
          for (int i = 0; i < width; i++) {
            joined[t][h * width + i] += score[s] / total * qkv[s][2 * SIZE + h * width + i];
          }
        }
      }
    }
    return linear(joined, p.get("out.weight"), p.get("out.bias"));
  }

  private static double[][] linear(double[][] x, Tensor weight, Tensor bias) {
    double[][] y = new double[x.length][weight.size(0)];
    for (int t = 0; t < x.length; t++) {
      for (int o = 0; o < weight.size(0); o++) {
        y[t][o] = bias.at(o);
        for (int i = 0; i < weight.size(1); i++) {
          y[t][o] += weight.at(o, i) * x[t][i];
        }
      }
    }
    return y;
  }

  @Test
  void aCausalPositionDoesNotSeeLaterOnes() {
    MultiHeadAttention layer = new MultiHeadAttention(SIZE, HEADS, true);
    Tensor x = Differences.randn(2, 1, T, SIZE).requiresGrad(true);
    layer.forward(x).narrow(1, 0, 2).sum().backward();
    Tensor g = x.grad();
    assertThat(g.narrow(1, 2, T - 2).toFloatArray()).containsOnly(0);
    assertThat(g.narrow(1, 0, 2).abs().sum().item()).isPositive();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void gradientsEqualDifferences(boolean causal) {
    MultiHeadAttention layer = new MultiHeadAttention(4, 2, causal);
    Differences.scramble(layer, 3);
    Differences.check(layer, Differences.randn(4, 2, 3, 4));
  }

  @Test
  void namesItsParameters() {
    MultiHeadAttention layer = new MultiHeadAttention(8, 2, true);
    assertThat(layer.namedParameters().keySet())
        .containsExactly("qkv.weight", "qkv.bias", "out.weight", "out.bias");
    assertThat(layer.parameterCount()).isEqualTo(8 * 24 + 24 + 64 + 8);
    assertThat(layer.toString())
        .isEqualTo(
            """
            MultiHeadAttention(8, heads=2, causal)
              qkv: Linear(8, 24)
              out: Linear(8, 8)\
            """);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 4, -1})
  void theSizeIsAMultipleOfTheHeads(int heads) {
    assertThatThrownBy(() -> new MultiHeadAttention(6, heads))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("got 6 and " + heads);
  }
}
