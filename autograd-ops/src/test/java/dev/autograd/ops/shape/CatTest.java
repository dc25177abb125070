package dev.autograd.ops.shape;

import static dev.autograd.ops.shape.Cat.cat;
import static dev.autograd.ops.shape.Stack.stack;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class CatTest {
  private final Tensor a = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
  private final Tensor b = Tensor.of(new float[] {5, 6}, 1, 2);

  @Test
  void parts_of_any_layout_and_empty_ones_are_joined() {
    assertThat(cat(List.of(a.transpose(0, 1), b, Tensor.zeros(0, 2)), 0).toFloatArray())
        .containsExactly(1, 3, 2, 4, 5, 6);
    assertThat(cat(List.of(a, b.transpose(0, 1)), -1).toFloatArray())
        .containsExactly(1, 2, 5, 3, 4, 6);
  }

  @Test
  void types_are_promoted_and_gradients_come_back_in_their_own() {
    Tensor x = Tensor.of(new float[] {1}).requiresGrad(true);
    Tensor y = Tensor.of(new double[] {2}).requiresGrad(true);
    Tensor z = cat(List.of(x, y, Tensor.of(new long[] {3})), 0);
    assertThat(z.dtype()).isEqualTo(DType.F64);
    z.mul(Tensor.of(new double[] {2, 3, 4})).sum().backward();
    assertThat(x.grad().dtype()).isEqualTo(DType.F32);
    assertThat(x.grad().toFloatArray()).containsExactly(2);
    assertThat(y.grad().dtype()).isEqualTo(DType.F64);
    assertThat(y.grad().toDoubleArray()).containsExactly(3);
  }

  @Test
  void one_tensor_joined_with_itself_adds_both_gradients() {
    Tensor x = Tensor.of(new float[] {1, 2}).requiresGrad(true);
    cat(List.of(x, x), 0).mul(Tensor.of(new float[] {1, 2, 3, 4})).sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(4, 6);
  }

  @Test
  void a_graph_through_cat_saves_nothing_and_can_be_walked_twice() {
    Tensor x = Tensor.ones(2).requiresGrad(true);
    Tensor y = cat(List.of(x, x), 0).sum();
    y.backward();
    y.backward();
    assertThat(x.grad().toFloatArray()).containsExactly(4, 4);
  }

  @Test
  void stack_makes_a_new_dimension_and_unbinds_gradients() {
    Tensor x = Tensor.of(new float[] {1, 2}).requiresGrad(true);
    Tensor y = Tensor.of(new float[] {3, 4}).requiresGrad(true);
    Tensor z = stack(List.of(x, y), -1);
    assertThat(z.toFloatArray()).containsExactly(1, 3, 2, 4);
    z.mul(Tensor.of(new float[] {1, 2, 3, 4}, 2, 2)).sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(1, 3);
    assertThat(y.grad().toFloatArray()).containsExactly(2, 4);
    assertThat(stack(List.of(Tensor.scalar(1), Tensor.scalar(2)), 0).shape())
        .isEqualTo(Shape.of(2));
  }

  @Test
  void mismatches_are_refused() {
    assertThatThrownBy(() -> cat(List.of(), 0)).hasMessageContaining("at least one tensor");
    assertThatThrownBy(() -> cat(List.of(a, Tensor.ones(2, 3)), 0))
        .hasMessage(
            "cat: sizes must match except in dimension 0, got [2, 2] and, at position 1, [2, 3]");
    assertThatThrownBy(() -> cat(List.of(a, Tensor.ones(2)), 0)).hasMessageContaining("must match");
    assertThatThrownBy(() -> cat(List.of(Tensor.scalar(1)), 0)).hasMessageContaining("Use stack");
    assertThatThrownBy(() -> stack(List.of(a, b), 0)).hasMessageContaining("one shape");
    assertThatThrownBy(() -> stack(List.of(a), 3)).hasMessageContaining("must lie in [-3, 2]");
  }
}
