package dev.autograd.ops.random;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// CopyInto and Fill.
class CopyIntoTest {
  @Test
  void elements_are_copied_between_views_of_any_layout() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    Tensor y = Tensor.zeros(2, 3);
    CopyInto.copy(x.transpose(0, 1), y.slice(1, 0, 3, 2));
    assertThat(y.toFloatArray()).containsExactly(1, 0, 3, 2, 0, 4);
    assertThat(y.gradFn()).isNull();
  }

  @Test
  void a_tensor_can_be_turned_onto_itself() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4}, 2, 2);
    CopyInto.copy(x.transpose(0, 1), x);
    assertThat(x.toFloatArray()).containsExactly(1, 3, 2, 4);
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void every_type_is_filled_and_only_where_the_view_is(DType type) {
    Tensor x = Tensor.zeros(Shape.of(3, 2), type);
    Fill.fill(1, x.transpose(0, 1).select(0, 1));
    assertThat(x.toDoubleArray()).containsExactly(0, 1, 0, 1, 0, 1);
    Fill.fill(0, x);
    assertThat(x.toDoubleArray()).containsOnly(0);
    Fill.fill(1, Tensor.zeros(Shape.of(0, 2), type));
  }

  @Test
  void other_shapes_and_types_are_refused() {
    assertThatThrownBy(() -> CopyInto.copy(Tensor.ones(2), Tensor.ones(3)))
        .hasMessageContaining("must have the shape of target, [3], got [2]");
    assertThatThrownBy(() -> CopyInto.copy(Tensor.ones(2), Tensor.arange(2)))
        .hasMessageContaining("must have the type of target, i64, got f32");
  }
}
