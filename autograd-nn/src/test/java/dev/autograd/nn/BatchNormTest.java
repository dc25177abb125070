package dev.autograd.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.AutogradException;
import dev.autograd.GradMode;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import org.junit.jupiter.api.Test;

class BatchNormTest {
  private static final double EPSILON = 1e-5;

  @Test
  void normalisesEachChannelOverBatchAndSpace() {
    BatchNorm layer = new BatchNorm(3);
    Differences.scramble(layer, 1);
    Tensor x = Differences.randn(2, 4, 3, 2, 5).mul(3).add(1);
    Tensor y = layer.forward(x);
    Tensor weight = layer.namedParameters().get("weight");
    Tensor bias = layer.namedParameters().get("bias");
    for (int c = 0; c < 3; c++) {
      double[] moments = moments(x, c);
      for (int n = 0; n < 4; n++) {
        double expected =
            (x.at(n, c, 1, 3) - moments[0]) / Math.sqrt(moments[1] + EPSILON) * weight.at(c)
                + bias.at(c);
        assertThat(y.at(n, c, 1, 3)).isCloseTo(expected, within(1e-5));
      }
    }
  }

  /// Returns the mean, the biased and the unbiased variance of channel `c` of `[N, C, H, W]`.
  private static double[] moments(Tensor x, int c) {
    int count = 0;
    double sum = 0;
    double squares = 0;
    for (int n = 0; n < x.size(0); n++) {
      for (int i = 0; i < x.size(2); i++) {
        for (int j = 0; j < x.size(3); j++) {
          double v = x.at(n, c, i, j);
          sum += v;
          squares += v * v;
          count++;
        }
      }
    }
    double mean = sum / count;
    double variance = squares / count - mean * mean;
    return new double[] {mean, variance, variance * count / (count - 1)};
  }

  @Test
  void q72_keepsRunningStatisticsWithUnbiasedVariance() {
    BatchNorm layer = new BatchNorm(1);
    layer.forward(Tensor.of(new float[] {1, 3}, 2, 1));
    assertThat(layer.namedBuffers().get("running_mean").item()).isCloseTo(0.2, within(1e-7));
    assertThat(layer.namedBuffers().get("running_var").item()).isCloseTo(1.1, within(1e-7));
    assertThat(layer.namedBuffers().values()).noneMatch(Tensor::requiresGrad);
  }

  @Test
  void runningStatisticsFollowSeveralBatches() {
    BatchNorm layer = new BatchNorm(2);
    double[] mean = {0, 0};
    double[] variance = {1, 1};
    for (int step = 0; step < 5; step++) {
      Tensor x = Differences.randn(10 + step, 3, 2, 2, 2).add(step);
      layer.forward(x);
      for (int c = 0; c < 2; c++) {
        double[] m = moments(x, c);
        mean[c] = 0.9 * mean[c] + 0.1 * m[0];
        variance[c] = 0.9 * variance[c] + 0.1 * m[2];
        assertThat(layer.namedBuffers().get("running_mean").at(c)).isCloseTo(mean[c], within(1e-5));
        assertThat(layer.namedBuffers().get("running_var").at(c))
            .isCloseTo(variance[c], within(1e-5));
      }
    }
  }

  @Test
  void evaluationUsesTheRunningStatisticsAndLeavesThem() {
    BatchNorm layer = new BatchNorm(2);
    Differences.scramble(layer, 1);
    GradMode.noGrad(
        () -> {
          layer.namedBuffers().get("running_mean").copy_(Tensor.of(new float[] {1, -2}));
          layer.namedBuffers().get("running_var").copy_(Tensor.of(new float[] {4, 0.25f}));
        });
    layer.eval();
    Tensor x = Differences.randn(3, 5, 2);
    Tensor y = layer.forward(x);
    double[] mean = {1, -2};
    double[] deviation = {Math.sqrt(4 + EPSILON), Math.sqrt(0.25 + EPSILON)};
    for (int n = 0; n < 5; n++) {
      for (int c = 0; c < 2; c++) {
        double expected =
            (x.at(n, c) - mean[c]) / deviation[c] * layer.namedParameters().get("weight").at(c)
                + layer.namedParameters().get("bias").at(c);
        assertThat(y.at(n, c)).isCloseTo(expected, within(1e-5));
      }
    }
    assertThat(layer.namedBuffers().get("running_mean").toFloatArray()).containsExactly(1, -2);
    assertThat(layer.namedBuffers().get("running_var").toFloatArray()).containsExactly(4, 0.25f);
  }

  @Test
  void oneSampleIsEnoughInEvaluation() {
    Layer layer = new BatchNorm(2).eval();
    Tensor x = Tensor.of(new float[] {3, -4}, 1, 2);
    assertThat(layer.forward(x).at(0, 0)).isCloseTo(3 / Math.sqrt(1 + EPSILON), within(1e-6));
  }

  @Test
  void gradientsEqualDifferencesInBothModes() {
    BatchNorm layer = new BatchNorm(3);
    Differences.scramble(layer, 7);
    Tensor x = Differences.randn(8, 3, 3, 2, 2);
    Differences.check(layer, x);
    layer.eval();
    Differences.check(layer, x);
  }

  @Test
  void namesItsState() {
    BatchNorm layer = new BatchNorm(3);
    assertThat(layer.state().keySet())
        .containsExactly("weight", "bias", "running_mean", "running_var");
    assertThat(layer.parameterCount()).isEqualTo(6);
    assertThat(layer.state().values()).allMatch(t -> t.shape().equals(Shape.of(3)));
    assertThat(layer.state().get("weight").toFloatArray()).containsOnly(1);
    assertThat(layer.state().get("bias").toFloatArray()).containsOnly(0);
    assertThat(layer.state().get("running_var").toFloatArray()).containsOnly(1);
    assertThat(layer).hasToString("BatchNorm(3)");
  }

  @Test
  void refusesOtherChannels() {
    BatchNorm layer = new BatchNorm(3);
    assertThatThrownBy(() -> layer.forward(Tensor.ones(2, 4)))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("batch_norm");
  }
}
