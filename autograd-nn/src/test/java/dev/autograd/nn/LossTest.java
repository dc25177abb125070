package dev.autograd.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.AutogradException;
import dev.autograd.Tensor;
import org.junit.jupiter.api.Test;

class LossTest {
  private static Tensor leaf(double[] values, int... shape) {
    return Tensor.of(values, shape).requiresGrad(true);
  }

  @Test
  void crossEntropyIsTheMeanOfMinusTheLogProbability() {
    double[][] z = {{0.2, -1, 3}, {1, 1, -2}};
    int[] target = {2, 0};
    double expected = 0;
    for (int n = 0; n < 2; n++) {
      double total = 0;
      for (double each : z[n]) {
        total += Math.exp(each);
      }
      expected -= (z[n][target[n]] - Math.log(total)) / 2;
    }
    Tensor logits = leaf(new double[] {0.2, -1, 3, 1, 1, -2}, 2, 3);
    Tensor loss = Loss.crossEntropy().of(logits, Tensor.of(new long[] {2, 0}));
    assertThat(loss.rank()).isZero();
    assertThat(loss.item()).isCloseTo(expected, within(1e-12));
    loss.backward();
    Tensor p = logits.detach().softmax(1);
    for (int n = 0; n < 2; n++) {
      for (int c = 0; c < 3; c++) {
        assertThat(logits.grad().at(n, c))
            .isCloseTo((p.at(n, c) - (c == target[n] ? 1 : 0)) / 2, within(1e-12));
      }
    }
  }

  @Test
  void q46_crossEntropyOfExtremeLogits() {
    Tensor logits = leaf(new double[] {1000, 0, 0, 1000}, 2, 2);
    Tensor loss = Loss.crossEntropy().of(logits, Tensor.of(new long[] {1, 1}));
    assertThat(loss.item()).isEqualTo(500);
    loss.backward();
    assertThat(logits.grad().toDoubleArray()).containsExactly(.5, -.5, 0, 0);
  }

  @Test
  void crossEntropyRefusesAClassThatDoesNotExist() {
    assertThatThrownBy(
            () -> Loss.crossEntropy().of(Tensor.zeros(2, 3), Tensor.of(new long[] {0, 3})))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("cross_entropy")
        .hasMessageContaining("3");
  }

  @Test
  void q49_meanSquaredError() {
    Tensor x = leaf(new double[] {1, 2});
    Tensor loss = Loss.mse().of(x, Tensor.of(new double[] {0, 0}));
    assertThat(loss.item()).isEqualTo(2.5);
    loss.backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(1, 2);
  }

  @Test
  void meanSquaredErrorRefusesOtherShapes() {
    assertThatThrownBy(() -> Loss.mse().of(Tensor.zeros(4, 1), Tensor.zeros(4)))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("[4, 1]")
        .hasMessageContaining("[4]");
  }

  @Test
  void q44_binaryCrossEntropyOfExtremeLogits() {
    Tensor z = leaf(new double[] {-1000, 0, 1000});
    Tensor loss = Loss.binaryCrossEntropyWithLogits().of(z, Tensor.of(new double[] {0, 1, 0}));
    assertThat(loss.item()).isCloseTo((Math.log(2) + 1000) / 3, within(1e-10));
    loss.backward();
    double[] g = z.grad().toDoubleArray();
    assertThat(g[0]).isZero();
    assertThat(g[1]).isCloseTo(-.5 / 3, within(1e-15));
    assertThat(g[2]).isCloseTo(1.0 / 3, within(1e-15));
  }

  @Test
  void binaryCrossEntropyEqualsItsFormula() {
    double[] z = {-2, 0.3, 1.5, 4};
    double[] t = {0, 0.25, 1, 1};
    double expected = 0;
    for (int i = 0; i < 4; i++) {
      double p = 1 / (1 + Math.exp(-z[i]));
      expected -= (t[i] * Math.log(p) + (1 - t[i]) * Math.log(1 - p)) / 4;
    }
    assertThat(Loss.binaryCrossEntropyWithLogits().of(Tensor.of(z), Tensor.of(t)).item())
        .isCloseTo(expected, within(1e-12));
  }
}
