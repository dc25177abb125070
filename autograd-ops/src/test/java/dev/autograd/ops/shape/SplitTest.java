package dev.autograd.ops.shape;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class SplitTest {
  @Test
  void b11_an_unused_piece_gets_zeros() {
    Tensor x = Tensor.ones(10, 2).requiresGrad(true);
    List<Tensor> pieces = x.chunk(5, 0);
    pieces.get(2).mul(4).add(2).sum().backward();
    assertThat(x.grad().sum(1).toFloatArray()).containsExactly(0, 0, 0, 0, 8, 8, 0, 0, 0, 0);
  }

  @Test
  void two_used_pieces_of_three_join_with_zeros_between() {
    Tensor x = Tensor.ones(5).requiresGrad(true);
    List<Tensor> pieces = x.split(2, 0);
    pieces.get(0).mul(3).sum().add(pieces.get(2).mul(7).sum()).backward();
    assertThat(x.grad().toFloatArray()).containsExactly(3, 3, 0, 0, 7);
  }

  @Test
  void pieces_are_views_that_share_one_node() {
    Tensor x = Tensor.ones(5, 2).requiresGrad(true);
    List<Tensor> pieces = x.split(new int[] {1, 0, 4}, -2);
    assertThat(pieces.get(1).shape()).isEqualTo(Shape.of(0, 2));
    assertThat(pieces.get(2).gradFn()).isSameAs(pieces.get(0).gradFn());
    assertThat(pieces.get(2).outputNr()).isEqualTo(2);
    assertThat(pieces.get(2).base()).isSameAs(x);
  }

  @Test
  void unbind_gives_every_entry_and_stacks_their_gradients() {
    Tensor x = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3).requiresGrad(true);
    List<Tensor> columns = x.unbind(1);
    assertThat(columns).hasSize(3);
    assertThat(columns.get(1).toFloatArray()).containsExactly(2, 5);
    columns.get(0).mul(2).sum().add(columns.get(2).mul(5).sum()).backward();
    assertThat(x.grad().toFloatArray()).containsExactly(2, 0, 5, 2, 0, 5);
    assertThat(Tensor.zeros(0, 2).unbind(0)).isEmpty();
  }

  @Test
  void sizes_that_do_not_add_up_are_refused() {
    Tensor x = Tensor.ones(5);
    assertThatThrownBy(() -> x.split(new int[] {2, 2}, 0))
        .hasMessage(
            "split: the sizes must add up to 5, the size of dimension 0 of shape [5], got [2, 2]"
                + " (4)");
    assertThatThrownBy(() -> x.split(new int[] {6, -1}, 0)).hasMessageContaining("negative");
    assertThatThrownBy(() -> Tensor.scalar(1).unbind(0)).hasMessageContaining("no dimension");
  }
}
