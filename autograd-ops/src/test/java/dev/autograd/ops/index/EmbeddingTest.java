package dev.autograd.ops.index;

import static dev.autograd.functional.Functional.grad;
import static dev.autograd.functional.Functional.jvp;
import static dev.autograd.functional.Functional.vmap;
import static dev.autograd.ops.index.Embedding.embedding;
import static dev.autograd.ops.index.OneHot.oneHot;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class EmbeddingTest {
  private final Tensor weight = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2);

  @Test
  void rows_are_looked_up_in_the_shape_of_the_index() {
    Tensor y = embedding(Tensor.of(new long[] {2, 0, 1, 1}, 2, 2).transpose(0, 1), weight);
    assertThat(y.shape()).isEqualTo(Shape.of(2, 2, 2));
    assertThat(y.toDoubleArray()).containsExactly(5, 6, 3, 4, 1, 2, 3, 4);
    assertThat(embedding(Tensor.scalar(1, DType.I64), weight).toDoubleArray())
        .containsExactly(3, 4);
    assertThat(embedding(Tensor.zeros(Shape.of(0), DType.I64), weight).shape())
        .isEqualTo(Shape.of(0, 2));
  }

  @Test
  void q59_a_row_used_twice_gets_twice_and_the_padding_row_nothing() {
    Tensor w = weight.clone().requiresGrad(true);
    Tensor y = embedding(Tensor.of(new long[] {1, 1, 2, 0}), w, 2);
    assertThat(y.toDoubleArray()).containsExactly(3, 4, 3, 4, 5, 6, 1, 2);
    y.sum().backward();
    assertThat(w.grad().toDoubleArray()).containsExactly(1, 1, 2, 2, 0, 0);
  }

  @Test
  void the_padding_row_gets_nothing_in_a_batch_of_tables_and_gives_no_tangent() {
    Tensor index = Tensor.of(new long[] {1, 2, 2, 0});
    Tensor tables = Tensor.stack(List.of(weight, weight.mul(2)), 0);
    Tensor g = vmap(grad(w -> embedding(index, w, 2).sum())).apply(tables);
    assertThat(g.toDoubleArray()).containsExactly(1, 1, 1, 1, 0, 0, 1, 1, 1, 1, 0, 0);
    Tensor v = jvp(w -> embedding(index, w, 2), weight, weight).tangent();
    assertThat(v.toDoubleArray()).containsExactly(3, 4, 0, 0, 0, 0, 1, 2);
  }

  @Test
  void a_padding_row_may_count_from_the_end() {
    Tensor w = weight.clone().requiresGrad(true);
    embedding(Tensor.of(new long[] {0, 2}), w, -3).sum().backward();
    assertThat(w.grad().toDoubleArray()).containsExactly(0, 0, 0, 0, 1, 1);
  }

  @Test
  void rows_that_do_not_exist_are_refused() {
    assertThatThrownBy(() -> embedding(Tensor.of(new long[] {0, 3}, 1, 2), weight))
        .hasMessage(
            "embedding: indices must lie in [0, 3), the size of dimension 0, got 3 at position [0,"
                + " 1]");
    assertThatThrownBy(() -> embedding(Tensor.of(new long[] {0}), weight, 3))
        .hasMessageContaining("the padding row must lie in [-3, 2], got 3");
    assertThatThrownBy(() -> embedding(Tensor.of(new long[] {0}), Tensor.ones(3)))
        .hasMessageContaining("[rows, columns]");
  }

  @Test
  void one_hot_rows_mark_the_class() {
    Tensor y = oneHot(Tensor.of(new long[] {1, 0}), 3);
    assertThat(y.dtype()).isEqualTo(DType.I64);
    assertThat(y.toLongArray()).containsExactly(0, 1, 0, 1, 0, 0);
    assertThat(oneHot(Tensor.scalar(1, DType.I64), 2).shape()).isEqualTo(Shape.of(2));
    assertThatThrownBy(() -> oneHot(Tensor.of(new long[] {3}), 3))
        .hasMessageContaining("got 3 at position [0]");
    assertThatThrownBy(() -> oneHot(Tensor.of(new long[] {-1}), 3)).hasMessageContaining("got -1");
    assertThatThrownBy(() -> oneHot(Tensor.of(new long[] {0}), 0))
        .hasMessageContaining("at least one class");
  }
}
