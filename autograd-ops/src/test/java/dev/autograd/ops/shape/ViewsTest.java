package dev.autograd.ops.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.ErrorKind;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Views: Permute, Expand, Squeeze, Unsqueeze, Select, Slice.
class ViewsTest {
  private static Tensor counting(int... shape) {
    int n = Shape.of(shape).numel();
    float[] v = new float[n];
    for (int i = 0; i < n; i++) {
      v[i] = i;
    }
    return Tensor.of(v, shape);
  }

  @Test
  void permute_takes_strides_along_and_shares_memory() {
    Tensor x = counting(2, 3, 4);
    Tensor y = x.permute(2, 0, -2);
    assertThat(y.shape()).isEqualTo(Shape.of(4, 2, 3));
    assertThat(y.strides()).containsExactly(1, 12, 4);
    assertThat(y.base()).isSameAs(x);
    assertThat(y.at(3, 1, 2)).isEqualTo(x.at(1, 2, 3));
  }

  @Test
  void permute_sends_the_gradient_back_in_the_first_order() {
    Tensor x = counting(2, 3).requiresGrad(true);
    x.permute(1, 0).mul(counting(3, 2)).sum().backward();
    assertThat(x.grad().shape()).isEqualTo(Shape.of(2, 3));
    assertThat(x.grad().toFloatArray()).containsExactly(0, 2, 4, 1, 3, 5);
  }

  @Test
  void permute_refuses_a_dimension_named_twice() {
    assertThatThrownBy(() -> counting(2, 3).permute(0, 0))
        .hasMessage("permute: every dimension must be named once, got [0, 0] for shape [2, 3]");
  }

  @Test
  void p04_an_expanded_element_collects_all_its_gradients() {
    Tensor x = Tensor.of(new float[] {5}).requiresGrad(true);
    x.expand(3).mul(Tensor.of(new float[] {1, 2, 3})).sum().backward();
    assertThat(x.grad().shape()).isEqualTo(Shape.of(1));
    assertThat(x.grad().toFloatArray()).containsExactly(6);
  }

  @Test
  void expand_takes_no_memory_and_minus_one_keeps_a_size() {
    Tensor x = counting(2, 1);
    Tensor y = x.expand(4, -1, 3);
    assertThat(y.shape()).isEqualTo(Shape.of(4, 2, 3));
    assertThat(y.strides()).containsExactly(0, 1, 0);
    assertThat(y.storage()).isSameAs(x.storage());
    assertThat(counting(1, 2).expand(0, 2).shape()).isEqualTo(Shape.of(0, 2));
    assertThat(Tensor.scalar(2).expand(2, 2).toFloatArray()).containsExactly(2, 2, 2, 2);
  }

  @Test
  void expand_refuses_to_grow_other_sizes() {
    assertThatThrownBy(() -> counting(3).expand(4))
        .hasMessageContaining(
            "only sizes of 1 and new dimensions in front can grow, got [3] to [4]");
    assertThatThrownBy(() -> counting(3).expand(-1, 3)).hasMessageContaining("can grow");
    assertThatThrownBy(() -> counting(1, 3).expand(3)).hasMessageContaining("can grow");
  }

  @Test
  void h20_an_expanded_tensor_cannot_be_written() {
    assertThatThrownBy(() -> counting(1).expand(3).add_(1))
        .isInstanceOfSatisfying(
            AutogradException.class,
            e -> assertThat(e.kind()).isEqualTo(ErrorKind.OVERLAPPING_WRITE));
  }

  @Test
  void squeeze_removes_ones_only_and_unsqueeze_puts_them_back() {
    Tensor x = counting(2, 1, 3, 1);
    assertThat(x.squeeze().shape()).isEqualTo(Shape.of(2, 3));
    assertThat(x.squeeze(-1).shape()).isEqualTo(Shape.of(2, 1, 3));
    assertThat(x.squeeze(0).shape()).isEqualTo(x.shape());
    assertThat(x.squeeze().base()).isSameAs(x);
    assertThat(Tensor.scalar(1).squeeze().shape()).isEqualTo(Shape.SCALAR);
    assertThat(Tensor.scalar(1).unsqueeze(-1).shape()).isEqualTo(Shape.of(1));
    assertThat(counting(2, 3).unsqueeze(1).strides()).containsExactly(3, 3, 1);
    assertThat(counting(2, 3).unsqueeze(-1).shape()).isEqualTo(Shape.of(2, 3, 1));
    assertThatThrownBy(() -> counting(2).unsqueeze(2))
        .hasMessage("unsqueeze: dimension must lie in [-2, 1] for a tensor of shape [2], got 2");
  }

  @Test
  void squeeze_and_unsqueeze_pass_gradients_through() {
    Tensor x = counting(2, 1, 3).requiresGrad(true);
    x.squeeze(1).unsqueeze(0).mul(counting(1, 2, 3)).sum().backward();
    assertThat(x.grad().shape()).isEqualTo(Shape.of(2, 1, 3));
    assertThat(x.grad().toFloatArray()).containsExactly(0, 1, 2, 3, 4, 5);
  }

  @Test
  void select_counts_from_the_end_and_gives_zero_gradient_elsewhere() {
    Tensor x = counting(2, 3).requiresGrad(true);
    Tensor y = x.select(1, -1);
    assertThat(y.toFloatArray()).containsExactly(2, 5);
    assertThat(y.base()).isSameAs(x);
    y.mul(counting(2).add(1)).sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(0, 0, 1, 0, 0, 2);
  }

  @Test
  void select_refuses_what_is_outside() {
    assertThatThrownBy(() -> counting(2, 3).select(1, 3))
        .hasMessage("select: index must lie in [-3, 2] for dimension 1 of shape [2, 3], got 3");
    assertThatThrownBy(() -> Tensor.scalar(1).select(0, 0)).hasMessageContaining("no dimension");
    assertThatThrownBy(() -> counting(2).select(1, 0)).hasMessageContaining("must lie in");
  }

  @Test
  void slice_clips_its_limits_and_counts_from_the_end() {
    Tensor x = counting(6);
    assertThat(x.slice(0, -3, -1, 1).toFloatArray()).containsExactly(3, 4);
    assertThat(x.slice(0, -100, 100, 4).toFloatArray()).containsExactly(0, 4);
    assertThat(x.slice(0, 4, 2, 1).shape()).isEqualTo(Shape.of(0));
    assertThat(x.slice(0, 1, Integer.MAX_VALUE, 2).toFloatArray()).containsExactly(1, 3, 5);
    assertThat(x.slice(0, 1, 5, 3).strides()).containsExactly(3);
    assertThat(x.narrow(0, 2, 2).toFloatArray()).containsExactly(2, 3);
    assertThatThrownBy(() -> x.slice(0, 0, 2, -1)).hasMessageContaining("Use flip");
  }

  @Test
  void slices_of_a_transposed_tensor_send_gradients_to_their_places() {
    Tensor x = counting(3, 4).requiresGrad(true);
    x.transpose(0, 1).slice(0, 1, 4, 2).mul(2).sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(0, 2, 0, 2, 0, 2, 0, 2, 0, 2, 0, 2);
  }

  @Test
  void an_expanded_gradient_passes_through_a_slice() {
    Tensor x = counting(4).requiresGrad(true);
    Tensor y = x.slice(0, 1, 4, 2);
    y.backward(Tensor.of(new float[] {3}).expand(2));
    assertThat(x.grad().toFloatArray()).containsExactly(0, 3, 0, 3);
  }

  @Test
  void a_second_derivative_flows_through_views() {
    Tensor x = counting(4).add(1).requiresGrad(true);
    Tensor y = x.slice(0, 0, 4, 2).reshape(2, 1).expand(2, 3).permute(1, 0).select(0, 1);
    Tensor g = Autograd.grad(y.square().mul(y).sum(), List.of(x), GradOptions.createGraph()).get(0);
    g.sum().backward();
    assertThat(g.toFloatArray()).containsExactly(3, 0, 27, 0);
    assertThat(x.grad().toFloatArray()).containsExactly(6, 0, 18, 0);
  }
}
