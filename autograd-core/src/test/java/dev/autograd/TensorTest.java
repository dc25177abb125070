package dev.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Tensors as far as they need no operation library.
class TensorTest {
  private static AutogradException refused(ErrorKind kind, ThrowingCallable call) {
    AutogradException e = catchThrowableOfType(AutogradException.class, call);
    assertThat(e).isNotNull();
    assertThat(e.kind()).isEqualTo(kind);
    return e;
  }

  @Test
  void wrapsArraysOfEveryType() {
    assertThat(Tensor.of(new float[] {1, 2}).dtype()).isEqualTo(DType.F32);
    assertThat(Tensor.of(new double[] {1, 2}).dtype()).isEqualTo(DType.F64);
    assertThat(Tensor.of(new long[] {1, 2}).dtype()).isEqualTo(DType.I64);
    assertThat(Tensor.of(new int[] {1, 2}).dtype()).isEqualTo(DType.I32);
    assertThat(Tensor.of(new boolean[] {true}).dtype()).isEqualTo(DType.BOOL);
    float[] values = {1, 2, 3, 4};
    Tensor t = Tensor.of(values, 2, 2);
    values[3] = 9;
    assertThat(t.at(1, 1)).as("numbers are not copied").isEqualTo(9);
  }

  @Test
  void oneDimensionIsTheDefault() {
    assertThat(Tensor.of(new float[3]).shape()).isEqualTo(Shape.of(3));
    assertThat(Tensor.of(new float[0]).shape()).isEqualTo(Shape.of(0));
    assertThat(Tensor.arange(3).shape()).isEqualTo(Shape.of(3));
  }

  @Test
  void theArrayMustFillTheShape() {
    assertThat(refused(ErrorKind.SHAPE, () -> Tensor.of(new float[5], 2, 3)))
        .hasMessage("tensor: shape [2, 3] takes 6 elements, the array has 5");
  }

  @Test
  void elementsAreReadByIndex() {
    Tensor t = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    assertThat(t.at(1, 0)).isEqualTo(4);
    assertThat(refused(ErrorKind.INDEX, () -> t.at(1)))
        .hasMessage("at: takes 2 indices for shape [2, 3], got 1");
    assertThat(refused(ErrorKind.INDEX, () -> t.at(1, 3)))
        .hasMessage("at: index 3 is out of range for dimension 1 of size 3");
    refused(ErrorKind.INDEX, () -> t.at(-1, 0));
  }

  @Test
  void anItemIsTheOnlyElement() {
    assertThat(Tensor.of(new long[] {1L << 60}, 1, 1).itemLong()).isEqualTo(1L << 60);
    assertThat(Tensor.of(new float[] {2.5f}).item()).isEqualTo(2.5);
    assertThat(refused(ErrorKind.SHAPE, () -> Tensor.of(new float[2]).item()))
        .hasMessage("item: takes a tensor of one element, this has shape [2]");
  }

  @Test
  void anAliasSharesStorageAndVersion() {
    Tensor t = Tensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3);
    Tensor column = t.alias(Shape.of(2), new int[] {3}, 1);
    assertThat(column.at(1)).isEqualTo(5);
    assertThat(column.isContiguous()).isFalse();
    assertThat(column.base()).isSameAs(t);
    assertThat(column.alias(Shape.SCALAR, new int[0], 4).base()).isSameAs(t);
    t.storage().bumpVersion();
    assertThat(column.version()).isEqualTo(1);
    assertThat(t.detach().isView()).isFalse();
  }

  @Test
  void contiguityLooksPastDimensionsOfSizeOne() {
    Tensor t = Tensor.of(new float[6], 2, 3);
    assertThat(t.alias(Shape.of(2, 1, 3), new int[] {3, 77, 1}, 0).isContiguous()).isTrue();
    assertThat(t.alias(Shape.of(3, 2), new int[] {1, 3}, 0).isContiguous()).isFalse();
    assertThat(t.alias(Shape.of(3, 0), new int[] {1, 3}, 0).isContiguous()).isTrue();
    assertThat(t.alias(Shape.of(3), new int[] {0}, 0).isContiguous()).isFalse();
  }

  @Test
  void stridesAreNotHandedOut() {
    Tensor t = Tensor.of(new float[6], 2, 3);
    t.strides()[0] = 0;
    assertThat(t.strides()).containsExactly(3, 1);
  }

  @Test
  void printsValuesTypeAndHistory() {
    assertThat(Tensor.of(new float[] {1, 2.5f, -3})).hasToString("tensor([1.0, 2.5000, -3.0])");
    assertThat(Tensor.of(new double[] {1, 2, 3, 4}, 2, 2).requiresGrad(true))
        .hasToString("tensor([[1.0, 2.0],\n        [3.0, 4.0]], dtype=f64, requiresGrad=true)");
    assertThat(Tensor.of(new boolean[] {true, false}))
        .hasToString("tensor([true, false], dtype=bool)");
    assertThat(Tensor.of(new long[] {1}, new int[] {1, 1})).hasToString("tensor([[1]], dtype=i64)");
    assertThat(Tensor.of(new float[0], 0, 3)).hasToString("tensor([], shape=[0, 3])");
    assertThat(Tensor.of(new float[] {Float.NaN, Float.POSITIVE_INFINITY, 1e-7f, 2e9f, -0f}))
        .hasToString("tensor([NaN, Infinity, 1.0000e-07, 2.0000e+09, -0.0])");
  }

  @Test
  void printsTheEdgesOfALargeTensor() {
    assertThat(Tensor.arange(2000))
        .hasToString("tensor([0, 1, 2, ..., 1997, 1998, 1999], dtype=i64)");
    Tensor wide = Tensor.of(new float[2000], 1000, 2);
    assertThat(wide.toString().lines()).hasSize(7);
    assertThat(wide.toString()).contains("...");
  }

  @Test
  void withoutAnOperationLibraryTheMessageSaysWhatToAdd() {
    assertThat(refused(ErrorKind.PLUGIN, OperationLibrary::load))
        .hasMessageContaining("autograd-ops")
        .hasMessageContaining("module path or the class path")
        .hasMessageContaining("META-INF/services");
  }
}
