package dev.autograd.ops.linalg;

import static dev.autograd.ops.linalg.CosineSimilarity.cosineSimilarity;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Autograd;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class CosineSimilarityTest {
  @Test
  void q84_aZeroVectorHasSimilarityZeroAndAFiniteGradient() {
    Tensor a = Tensor.of(new double[] {0, 0}).requiresGrad(true);
    Tensor b = Tensor.of(new double[] {3, 4}).requiresGrad(true);
    Tensor y = cosineSimilarity(a, b, 0);
    assertThat(y.item()).isZero();
    List<Tensor> g = Autograd.grad(y, List.of(a, b), GradOptions.createGraph());
    assertThat(g.get(0).at(0)).isCloseTo(0.6e8, within(1e-4));
    assertThat(g.get(0).at(1)).isCloseTo(0.8e8, within(1e-4));
    assertThat(g.get(1).toDoubleArray()).containsExactly(0, 0);
    g.get(0).sum().backward();
    assertThat(a.grad().toDoubleArray()).containsExactly(0, 0);
    for (double v : b.grad().toDoubleArray()) {
      assertThat(v).isFinite();
    }
  }

  @Test
  void theLengthOfAVectorDoesNotMatter() {
    Tensor a = Tensor.of(new double[] {1e100, 0}).requiresGrad(true);
    Tensor b = Tensor.of(new double[] {1, 1}).requiresGrad(true);
    Tensor y = cosineSimilarity(a, b, -1);
    assertThat(y.item()).isCloseTo(Math.sqrt(0.5), within(1e-15));
    y.backward();
    // Gradients are across the vector.
    assertThat(b.grad().at(0) + b.grad().at(1)).isCloseTo(0, within(1e-15));
    assertThat(cosineSimilarity(b, b.neg(), 0).item()).isCloseTo(-1, within(1e-15));
  }

  @Test
  void vectorsBroadcast() {
    assertThat(cosineSimilarity(Tensor.ones(4, 1, 3), Tensor.ones(2, 3), -1).shape())
        .isEqualTo(Shape.of(4, 2));
    assertThatThrownBy(() -> new CosineSimilarity(0, 0)).hasMessageContaining("must be positive");
  }
}
