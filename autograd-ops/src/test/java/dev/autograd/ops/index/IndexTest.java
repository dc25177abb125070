package dev.autograd.ops.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// IndexSelect, IndexAdd, Gather, Scatter, ScatterAdd.
class IndexTest {
  private static Tensor row(double... values) {
    return Tensor.of(values);
  }

  private static Tensor at(long... values) {
    return Tensor.of(values);
  }

  @Test
  void q58_repeated_indices_of_a_selection_add_their_gradients() {
    Tensor x = row(1, 2, 3).requiresGrad(true);
    x.indexSelect(0, at(0, 0, 1)).sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(2, 1, 0);
  }

  @Test
  void q59_repeated_indices_of_a_gathering_add_their_gradients() {
    Tensor x = row(1, 2, 3).requiresGrad(true);
    x.gather(0, at(2, 2, 2, 1)).sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(0, 1, 3);
  }

  @Test
  void q60_each_source_of_a_repeated_target_gets_the_gradient() {
    Tensor x = row(1, 2, 3).requiresGrad(true);
    Tensor s = row(7, 8).requiresGrad(true);
    Tensor y = x.scatter(0, at(1, 1), s);
    assertThat(y.toDoubleArray()).containsExactly(1, 8, 3);
    y.mul(row(10, 20, 30)).sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(10, 0, 30);
    assertThat(s.grad().toDoubleArray()).containsExactly(20, 20);
  }

  @Test
  void q60_scatter_add_adds_repeated_sources_and_hands_each_the_gradient() {
    Tensor x = row(1, 2, 3).requiresGrad(true);
    Tensor s = row(7, 8).requiresGrad(true);
    Tensor y = x.scatterAdd(0, at(1, 1), s);
    assertThat(y.toDoubleArray()).containsExactly(1, 17, 3);
    y.mul(row(10, 20, 30)).sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(10, 20, 30);
    assertThat(s.grad().toDoubleArray()).containsExactly(20, 20);
  }

  @Test
  void indices_that_are_the_beginning_of_others_are_no_more_than_they_are() {
    Tensor x = row(1, 2, 3);
    Tensor first = at(2, 0, 1, 1).narrow(0, 0, 2);
    assertThat(x.indexSelect(0, first).toDoubleArray()).containsExactly(3, 1);
    assertThat(Embedding.embedding(first, x.reshape(3, 1)).shape()).isEqualTo(Shape.of(2, 1));
    assertThat(OneHot.oneHot(first, 3).shape()).isEqualTo(Shape.of(2, 3));
    Tensor zeros = Tensor.zeros(Shape.of(3), DType.F64);
    assertThat(IndexAdd.indexAdd(zeros, 0, first, row(5, 6)).toDoubleArray())
        .containsExactly(6, 0, 5);
  }

  @Test
  void a_source_that_no_index_reaches_gets_no_gradient() {
    Tensor s = row(1, 2, 3, 4).reshape(2, 2).clone().requiresGrad(true);
    Tensor y = Tensor.zeros(Shape.of(2, 2), DType.F64).scatter(1, at(1).reshape(1, 1), s);
    assertThat(y.toDoubleArray()).containsExactly(0, 1, 0, 0);
    y.sum().backward();
    assertThat(s.grad().toDoubleArray()).containsExactly(1, 0, 0, 0);
  }

  @Test
  void a_number_is_scattered_as_well() {
    assertThat(Scatter.scatter(row(1, 2, 3), 0, at(2, 0), 9).toDoubleArray())
        .containsExactly(9, 2, 9);
  }

  @Test
  void a_gathering_reads_through_strides_and_stays_within_a_smaller_index() {
    Tensor x = row(1, 2, 3, 4, 5, 6).reshape(2, 3).transpose(0, 1); // [[1,4],[2,5],[3,6]]
    Tensor index = at(2, 0, 1, 1).reshape(2, 2).transpose(0, 1); // [[2,1],[0,1]]
    assertThat(x.gather(0, index).toDoubleArray()).containsExactly(3, 5, 1, 5);
    assertThat(x.gather(-1, at(1, 0).reshape(2, 1)).toDoubleArray()).containsExactly(4, 2);
    assertThat(Tensor.scalar(5).gather(0, Tensor.scalar(0, DType.I64)).item()).isEqualTo(5);
  }

  @Test
  void whole_slices_are_selected_along_any_dimension() {
    Tensor x = row(1, 2, 3, 4, 5, 6).reshape(2, 3);
    assertThat(x.indexSelect(-1, at(2, 0)).toDoubleArray()).containsExactly(3, 1, 6, 4);
    assertThat(x.transpose(0, 1).indexSelect(0, at(2, 0)).toDoubleArray())
        .containsExactly(3, 6, 1, 4);
    assertThat(x.indexSelect(0, Tensor.zeros(Shape.of(0), DType.I64)).shape())
        .isEqualTo(Shape.of(0, 3));
  }

  @Test
  void slices_are_added_in_order() {
    Tensor x = Tensor.zeros(Shape.of(2, 3), DType.F64);
    Tensor s = row(1, 2, 3, 4).reshape(2, 2);
    assertThat(IndexAdd.indexAdd(x, 1, at(2, 2), s).toDoubleArray())
        .containsExactly(0, 0, 3, 0, 0, 7);
  }

  @ParameterizedTest
  @EnumSource(
      value = DType.class,
      names = {"F32", "F64", "I64", "I32", "U8", "BOOL"})
  void every_computed_type_can_be_moved_by_index(DType type) {
    Tensor x = row(1, 0, 1).to(type);
    assertThat(x.gather(0, at(1, 2)).toLongArray()).containsExactly(0, 1);
    assertThat(x.indexSelect(0, at(1, 2)).toLongArray()).containsExactly(0, 1);
    assertThat(x.scatter(0, at(0), row(0).to(type)).toLongArray()).containsExactly(0, 0, 1);
    assertThat(x.gather(0, at(1, 2)).dtype()).isEqualTo(type);
  }

  @Test
  void indices_may_be_i32() {
    Tensor index = Tensor.of(new int[] {1, 0});
    Tensor x = row(5, 6).requiresGrad(true);
    Tensor y = x.gather(0, index);
    assertThat(y.toDoubleArray()).containsExactly(6, 5);
    y.mul(row(1, 2)).sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(2, 1);
  }

  @Test
  void h22_an_index_that_was_written_before_backward_is_an_error() {
    Tensor x = row(1, 2, 3).requiresGrad(true);
    Tensor index = at(0, 1);
    Tensor y = x.indexSelect(0, index).sum();
    index.add_(1);
    assertThatThrownBy(y::backward)
        .isInstanceOfSatisfying(
            AutogradException.class,
            e -> assertThat(e.kind()).isEqualTo(ErrorKind.VERSION_MISMATCH));
  }

  @Test
  void h23_the_indexed_tensor_is_not_saved() {
    Tensor leaf = row(1, 2, 3).requiresGrad(true);
    Tensor x = leaf.mul(2);
    Tensor y = x.gather(0, at(1)).sum();
    x.add_(1);
    y.backward();
    assertThat(leaf.grad().toDoubleArray()).containsExactly(0, 2, 0);
  }

  @Test
  void an_index_outside_is_named_with_its_bound_and_position() {
    Tensor x = Tensor.ones(3, 2);
    assertThatThrownBy(() -> x.gather(0, at(0, 1, 2, 3).reshape(2, 2)))
        .isInstanceOfSatisfying(
            AutogradException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INDEX))
        .hasMessage(
            "gather: indices must lie in [0, 3), the size of dimension 0, got 3 at position [1,"
                + " 1]");
    assertThatThrownBy(() -> x.indexSelect(1, at(-1)))
        .hasMessage(
            "index_select: indices must lie in [0, 2), the size of dimension 1, got -1 at"
                + " position [0]");
    assertThatThrownBy(() -> x.scatterAdd(0, at(7).reshape(1, 1), x))
        .hasMessageContaining("scatter_add: indices must lie in [0, 3)");
  }

  @Test
  void a_refused_scatter_has_written_nothing() {
    Tensor x = row(1, 2, 3);
    assertThatThrownBy(() -> x.scatter(0, at(0, 5), row(8, 9))).hasMessageContaining("got 5");
    assertThat(x.toDoubleArray()).containsExactly(1, 2, 3);
  }

  @Test
  void shapes_and_types_that_do_not_fit_are_refused() {
    Tensor x = Tensor.ones(3, 2);
    assertThatThrownBy(() -> x.gather(0, at(0))).hasMessageContaining("rank of x");
    assertThatThrownBy(() -> x.gather(0, at(0, 0, 0).reshape(1, 3)))
        .hasMessageContaining("no greater in dimensions other than 0");
    assertThatThrownBy(() -> x.gather(0, Tensor.ones(1, 1)))
        .isInstanceOfSatisfying(
            AutogradException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.DTYPE))
        .hasMessageContaining("must be i64 or i32, got f32");
    assertThatThrownBy(() -> x.indexSelect(0, at(0).reshape(1, 1)))
        .hasMessageContaining("one dimension");
    assertThatThrownBy(() -> x.scatter(0, at(0).reshape(1, 1), row(1).reshape(1, 1)))
        .hasMessageContaining("must have the type of x, f32, got f64");
    assertThatThrownBy(() -> x.to(DType.F16).indexSelect(0, at(0)))
        .hasMessageContaining("Cast to f32 first");
  }

  @Test
  void q59_elements_taken_twice_get_twice() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2).requiresGrad(true);
    Tensor y = Take.take(x.transpose(0, 1), Tensor.of(new long[] {1, 1, 2, 0}, 2, 2));
    assertThat(y.toDoubleArray()).containsExactly(3, 3, 2, 1);
    y.sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(1, 1, 2, 0);
  }
}
