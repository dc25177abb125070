package dev.autograd.nn;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.AutogradException;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import org.junit.jupiter.api.Test;

class EmbeddingTest {
  @Test
  void looksRowsUp() {
    Embedding layer = new Embedding(5, 3);
    Tensor index = Tensor.of(new long[] {4, 0, 0, 2}, 2, 2);
    Tensor y = layer.forward(index);
    assertThat(y.shape()).isEqualTo(Shape.of(2, 2, 3));
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 2; j++) {
        for (int k = 0; k < 3; k++) {
          assertThat(y.at(i, j, k)).isEqualTo(layer.weight().at((int) index.at(i, j), k));
        }
      }
    }
  }

  @Test
  void q59_rowsUsedSeveralTimesCollectAsOften() {
    Embedding layer = new Embedding(4, 2);
    layer.forward(Tensor.of(new long[] {3, 1, 3, 3})).sum().backward();
    assertThat(layer.weight().grad().toFloatArray()).containsExactly(0, 0, 1, 1, 0, 0, 3, 3);
  }

  @Test
  void gradientsEqualDifferences() {
    Embedding layer = new Embedding(4, 3);
    Differences.check(layer, Tensor.of(new long[] {0, 2, 2, 1}, 2, 2));
  }

  @Test
  void startsStandardNormal() {
    Embedding layer = new Embedding(200, 50);
    assertThat(layer.weight().mean().item()).isCloseTo(0, within(0.05));
    assertThat(layer.weight().std().item()).isCloseTo(1, within(0.05));
    assertThat(layer.parameterCount()).isEqualTo(10_000);
    assertThat(layer).hasToString("Embedding(200, 50)");
  }

  @Test
  void refusesIndicesOutsideTheTable() {
    Embedding layer = new Embedding(4, 2);
    for (long index : new long[] {4, -1}) {
      assertThatThrownBy(() -> layer.forward(Tensor.of(new long[] {0, index})))
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("embedding")
          .hasMessageContaining(Long.toString(index));
    }
  }
}
