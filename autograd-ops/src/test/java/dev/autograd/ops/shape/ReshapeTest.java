package dev.autograd.ops.shape;

import static dev.autograd.ops.shape.Reshape.reshape;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import org.junit.jupiter.api.Test;

class ReshapeTest {
  private static Tensor counting(int... shape) {
    int n = Shape.of(shape).numel();
    float[] v = new float[n];
    for (int i = 0; i < n; i++) {
      v[i] = i;
    }
    return Tensor.of(v, shape);
  }

  @Test
  void a_contiguous_tensor_is_viewed_and_the_open_size_follows() {
    Tensor x = counting(2, 6);
    Tensor y = reshape(x, 3, -1);
    assertThat(y.shape()).isEqualTo(Shape.of(3, 4));
    assertThat(y.base()).isSameAs(x);
    assertThat(y.toFloatArray()).isEqualTo(x.toFloatArray());
  }

  @Test
  void a_transposed_tensor_is_copied_where_dimensions_would_have_to_join() {
    Tensor x = counting(2, 3).transpose(0, 1);
    Tensor y = reshape(x, 6);
    assertThat(y.isView()).isFalse();
    assertThat(y.storage()).isNotSameAs(x.storage());
    assertThat(y.toFloatArray()).containsExactly(0, 3, 1, 4, 2, 5);
  }

  @Test
  void a_transposed_tensor_is_viewed_where_dimensions_only_split_or_have_size_one() {
    Tensor x = counting(4, 3).transpose(0, 1);
    Tensor y = reshape(x, 3, 1, 2, 2);
    assertThat(y.base()).isSameAs(x.base());
    assertThat(y.strides()[0]).isEqualTo(1);
    assertThat(y.at(1, 0, 1, 0)).isEqualTo(7);
    assertThat(y.toFloatArray()).isEqualTo(x.toFloatArray());
  }

  @Test
  void every_third_column_keeps_its_spacing_in_a_view() {
    Tensor x = counting(2, 6).slice(1, 0, 6, 3);
    assertThat(reshape(x, 2, 2, 1).isView()).isTrue();
    assertThat(reshape(x, 2, 2, 1).toFloatArray()).containsExactly(0, 3, 6, 9);
    // All four lie three apart, so even the flat form is a view.
    Tensor flat = reshape(x, 4);
    assertThat(flat.storage()).isSameAs(x.storage());
    assertThat(flat.toFloatArray()).containsExactly(0, 3, 6, 9);
    // Here the rows are not evenly spaced with their elements.
    Tensor cut = reshape(counting(2, 6).slice(1, 0, 4, 2), 4);
    assertThat(cut.storage().length()).isEqualTo(4);
    assertThat(cut.toFloatArray()).containsExactly(0, 2, 6, 8);
  }

  @Test
  void an_expanded_dimension_can_split_but_not_join_others() {
    Tensor x = counting(3).expand(4, 3);
    assertThat(reshape(x, 2, 2, 3).isView()).isTrue();
    assertThat(reshape(x, 2, 2, 3).strides()).containsExactly(0, 0, 1);
    assertThat(reshape(x, 12).isView()).isFalse();
    assertThat(reshape(x, 12).at(5)).isEqualTo(2);
  }

  @Test
  void scalars_and_empty_tensors_reshape() {
    assertThat(reshape(Tensor.scalar(3), 1, 1).at(0, 0)).isEqualTo(3);
    assertThat(reshape(counting(1, 1)).shape()).isEqualTo(Shape.SCALAR);
    assertThat(reshape(Tensor.zeros(0, 3), 6, 0).shape()).isEqualTo(Shape.of(6, 0));
    assertThat(reshape(Tensor.zeros(0, 3), -1).shape()).isEqualTo(Shape.of(0));
  }

  @Test
  void h27_a_view_of_a_view_has_the_root_as_its_base() {
    Tensor x = counting(2, 3);
    assertThat(reshape(reshape(x, 6), 3, 2).base()).isSameAs(x);
    assertThat(x.clone().isView()).isFalse();
  }

  @Test
  void the_gradient_comes_back_in_the_shape_of_the_input() {
    Tensor x = counting(2, 3).requiresGrad(true);
    reshape(x.transpose(0, 1), 6).mul(counting(6)).sum().backward();
    assertThat(x.grad().shape()).isEqualTo(Shape.of(2, 3));
    assertThat(x.grad().toFloatArray()).containsExactly(0, 2, 4, 1, 3, 5);
  }

  @Test
  void sizes_that_do_not_fit_are_refused_with_both_shapes() {
    assertThatThrownBy(() -> reshape(counting(2, 3), 4))
        .isInstanceOfSatisfying(
            AutogradException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.SHAPE))
        .hasMessage(
            "reshape: the number of elements must stay, got [2, 3] (6 elements) into [4] (4"
                + " elements)");
    assertThatThrownBy(() -> reshape(counting(2, 3), 4, -1)).hasMessageContaining("do not divide");
    assertThatThrownBy(() -> reshape(counting(2, 3), -1, -1))
        .hasMessageContaining("only one size may be left open");
    assertThatThrownBy(() -> reshape(counting(2, 3), -2, -3))
        .hasMessageContaining("cannot be negative");
    assertThatThrownBy(() -> reshape(Tensor.zeros(0), 0, -1))
        .hasMessageContaining("any size would fit");
  }
}
