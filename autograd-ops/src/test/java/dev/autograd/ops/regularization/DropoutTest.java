package dev.autograd.ops.regularization;

import static dev.autograd.ops.regularization.Dropout.dropout;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Autograd;
import dev.autograd.Generator;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import dev.autograd.kernel.parallel.Workers;
import java.util.List;
import org.junit.jupiter.api.Test;

class DropoutTest {
  @Test
  void q74_keptElementsAreScaledInValueAndGradient() {
    Tensor x = Tensor.ones(1000).requiresGrad(true);
    Tensor y = dropout(x, 0.5, new Generator(1));
    float[] values = y.toFloatArray();
    assertThat(values).containsOnly(0, 2).contains(0, 2);
    y.sum().backward();
    assertThat(x.grad().toFloatArray()).isEqualTo(values);
  }

  @Test
  void q74_probabilityOneGivesZerosWithoutNaN() {
    Tensor x = Tensor.of(new float[] {1, Float.POSITIVE_INFINITY, -3}).requiresGrad(true);
    Tensor y = dropout(x, 1, new Generator(1));
    assertThat(y.toFloatArray()).containsOnly(0);
    y.sum().backward();
    assertThat(x.grad().toFloatArray()).containsOnly(0);
  }

  @Test
  void q74_probabilityZeroKeepsEverything() {
    Tensor x = Tensor.randn(100).requiresGrad(true);
    Tensor y = dropout(x, 0, new Generator(1));
    assertThat(y.toFloatArray()).isEqualTo(x.detach().toFloatArray());
    y.sum().backward();
    assertThat(x.grad().toFloatArray()).containsOnly(1);
  }

  @Test
  void shareOfDroppedElementsIsTheProbability() {
    float[] y = dropout(Tensor.ones(100_000), 0.3, new Generator(5)).toFloatArray();
    int dropped = 0;
    for (float v : y) {
      dropped += v == 0 ? 1 : 0;
    }
    // Four standard deviations.
    assertThat(dropped / 100_000.0).isCloseTo(0.3, within(4 * Math.sqrt(0.21 / 100_000)));
  }

  @Test
  void sameMaskServesEveryOrder() {
    Tensor x = Tensor.randn(200).requiresGrad(true);
    Tensor y = dropout(x, 0.5, new Generator(2));
    Tensor dx = Autograd.grad(y.square().sum(), List.of(x), GradOptions.createGraph()).get(0);
    Tensor ddx = Autograd.grad(dx.sum(), List.of(x)).get(0);
    float[] values = y.toFloatArray();
    float[] second = ddx.toFloatArray();
    for (int i = 0; i < values.length; i++) {
      assertThat(second[i]).isEqualTo(values[i] == 0 ? 0f : 8f);
    }
  }

  @Test
  void masksFollowTheSeedAndThePositionNotTheThreads() {
    int before = Workers.threads();
    try {
      Workers.threads(1);
      var generator = new Generator(3);
      float[] first = dropout(Tensor.ones(50_000), 0.5, generator).toFloatArray();
      long position = generator.position();
      float[] next = dropout(Tensor.ones(50_000), 0.5, generator).toFloatArray();
      assertThat(next).isNotEqualTo(first);
      Workers.threads(4);
      generator.position(position);
      assertThat(dropout(Tensor.ones(50_000), 0.5, generator).toFloatArray()).isEqualTo(next);
      assertThat(dropout(Tensor.ones(50_000), 0.5, new Generator(3)).toFloatArray())
          .isEqualTo(first);
    } finally {
      Workers.threads(before);
    }
  }

  @Test
  void probabilityMustBeOne() {
    assertThatThrownBy(() -> dropout(Tensor.ones(2), 1.5))
        .hasMessage("dropout: the probability must lie in [0, 1], got 1.5");
    assertThatThrownBy(() -> dropout(Tensor.ones(2), Double.NaN)).hasMessageContaining("NaN");
  }
}
