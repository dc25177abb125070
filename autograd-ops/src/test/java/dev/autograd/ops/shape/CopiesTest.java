package dev.autograd.ops.shape;

import static dev.autograd.ops.shape.Pad.pad;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.ops.index.Border;
import dev.autograd.ops.index.PadBorder;
import org.junit.jupiter.api.Test;

/// Operations that copy: Repeat, Flip, Pad, Tril, Triu, Copy, Unslice, SliceScatter.
class CopiesTest {
  private static Tensor counting(int... shape) {
    int n = Shape.of(shape).numel();
    float[] v = new float[n];
    for (int i = 0; i < n; i++) {
      v[i] = i + 1;
    }
    return Tensor.of(v, shape);
  }

  @Test
  void a_copy_is_contiguous_and_no_view() {
    Tensor x = counting(2, 3).transpose(0, 1);
    Tensor y = x.clone();
    assertThat(y.isContiguous()).isTrue();
    assertThat(y.isView()).isFalse();
    assertThat(y.toFloatArray()).containsExactly(1, 4, 2, 5, 3, 6);
    assertThat(y.gradFn()).isNull();
    assertThat(counting(2).requiresGrad(true).clone().gradFn().name()).isEqualTo("CloneBackward");
  }

  @Test
  void a_large_transposed_tensor_is_copied_element_by_element() {
    int m = 211;
    int n = 307;
    Tensor x = Tensor.arange(m * n).reshape(m, n).transpose(0, 1);
    long[] y = x.clone().toLongArray();
    for (int j = 0; j < n; j++) {
      for (int i = 0; i < m; i++) {
        assertThat(y[j * m + i]).isEqualTo((long) i * n + j);
      }
    }
  }

  @Test
  void repeat_copies_along_every_dimension_and_adds_gradients_up() {
    Tensor x = counting(1, 2).requiresGrad(true);
    Tensor y = x.repeat(2, 1, 2);
    assertThat(y.shape()).isEqualTo(Shape.of(2, 1, 4));
    assertThat(y.toFloatArray()).containsExactly(1, 2, 1, 2, 1, 2, 1, 2);
    y.mul(counting(2, 1, 4)).sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(1 + 3 + 5 + 7, 2 + 4 + 6 + 8);
    assertThat(counting(2).repeat(0).shape()).isEqualTo(Shape.of(0));
    assertThatThrownBy(() -> counting(2, 2).repeat(2)).hasMessageContaining("needs an amount");
  }

  @Test
  void flip_reverses_and_reverses_gradients_back() {
    Tensor x = counting(2, 2).requiresGrad(true);
    assertThat(x.flip(0, -1).toFloatArray()).containsExactly(4, 3, 2, 1);
    assertThat(x.transpose(0, 1).flip(0).toFloatArray()).containsExactly(2, 4, 1, 3);
    x.flip(1).mul(counting(2, 2)).sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(2, 1, 4, 3);
    assertThat(Tensor.scalar(1).flip(0).item()).isEqualTo(1);
    assertThatThrownBy(() -> x.flip(0, -2)).hasMessageContaining("named once");
  }

  @Test
  void pad_surrounds_with_a_value_and_crops_where_negative() {
    Tensor x = counting(1, 3);
    assertThat(pad(x, new int[] {1, 0, 0, 1}, 9).toFloatArray())
        .containsExactly(9, 1, 2, 3, 9, 9, 9, 9);
    assertThat(pad(x, new int[] {-1, 2}, 0).toFloatArray()).containsExactly(2, 3, 0, 0);
    // More is cut off in front than there is: only border is left.
    assertThat(pad(counting(2), new int[] {-3, 4}, 7).toFloatArray()).containsExactly(7, 7, 7);
    assertThatThrownBy(() -> pad(x, new int[] {1}, 0)).hasMessageContaining("in pairs");
    assertThatThrownBy(() -> pad(x, new int[] {-2, -2}, 0)).hasMessageContaining("cut off");
  }

  @Test
  void q94_padding_with_a_constant_passes_each_gradient_once() {
    Tensor x = counting(3).requiresGrad(true);
    pad(x, new int[] {1, 1}, 5).sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(1, 1, 1);
    Tensor y = counting(3).requiresGrad(true);
    pad(y, new int[] {-1, 2}, 5).mul(counting(4)).sum().backward();
    assertThat(y.grad().toFloatArray()).containsExactly(0, 1, 2);
  }

  @Test
  void q94_a_border_of_repeated_entries_adds_their_gradients() {
    Tensor reflected = counting(3).requiresGrad(true);
    PadBorder.pad(reflected, new int[] {1, 1}, Border.REFLECT).sum().backward();
    assertThat(reflected.grad().toFloatArray()).containsExactly(1, 3, 1);
    Tensor replicated = counting(3).requiresGrad(true);
    PadBorder.pad(replicated, new int[] {1, 1}, Border.REPLICATE).sum().backward();
    assertThat(replicated.grad().toFloatArray()).containsExactly(2, 1, 2);
    Tensor x = counting(3);
    assertThat(PadBorder.pad(x, new int[] {2, 1}, Border.REFLECT).toFloatArray())
        .containsExactly(3, 2, 1, 2, 3, 2);
    assertThat(PadBorder.pad(x, new int[] {2, 1}, Border.REPLICATE).toFloatArray())
        .containsExactly(1, 1, 1, 2, 3, 3);
    assertThat(PadBorder.pad(x, new int[] {2, 1}, Border.CIRCULAR).toFloatArray())
        .containsExactly(2, 3, 1, 2, 3, 1);
  }

  @Test
  void triangles_follow_the_diagonal_in_values_and_gradients() {
    Tensor x = counting(2, 3).requiresGrad(true);
    assertThat(x.tril(0).toFloatArray()).containsExactly(1, 0, 0, 4, 5, 0);
    assertThat(x.tril(-1).toFloatArray()).containsExactly(0, 0, 0, 4, 0, 0);
    assertThat(x.triu(1).toFloatArray()).containsExactly(0, 2, 3, 0, 0, 6);
    assertThat(x.triu(-9).toFloatArray()).isEqualTo(x.toFloatArray());
    assertThat(x.transpose(0, 1).tril(0).toFloatArray()).containsExactly(1, 0, 2, 5, 3, 6);
    x.triu(0).mul(counting(2, 3)).sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(1, 2, 3, 0, 5, 6);
    assertThatThrownBy(() -> counting(3).tril(0)).hasMessageContaining("two dimensions");
    assertThat(counting(2, 2).expand(2, 2, 2).tril(0).toFloatArray())
        .containsExactly(1, 0, 3, 4, 1, 0, 3, 4);
  }

  @Test
  void slice_scatter_replaces_a_slice_in_a_copy() {
    Tensor x = counting(4).requiresGrad(true);
    Tensor s = Tensor.of(new float[] {8, 9}).requiresGrad(true);
    Tensor y = SliceScatter.sliceScatter(x, s, 0, 1, 4, 2);
    assertThat(y.toFloatArray()).containsExactly(1, 8, 3, 9);
    y.mul(counting(4)).sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(1, 0, 3, 0);
    assertThat(s.grad().toFloatArray()).containsExactly(2, 4);
    assertThatThrownBy(() -> SliceScatter.sliceScatter(x, x, 0, 1, 4, 2))
        .hasMessageContaining("must have the shape of the slice, [2], got [4]");
  }

  @Test
  void unslice_is_the_adjoint_of_slice() {
    Tensor x = counting(2).requiresGrad(true);
    Tensor y = Unslice.unslice(x, 0, 1, 3, 6);
    assertThat(y.toFloatArray()).containsExactly(0, 1, 0, 0, 2, 0);
    y.mul(counting(6)).sum().backward();
    assertThat(x.grad().toFloatArray()).containsExactly(2, 5);
    assertThatThrownBy(() -> Unslice.unslice(x, 0, 1, 3, 4)).hasMessageContaining("must fit");
  }
}
