package dev.autograd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapeTest {
  private static AutogradException refused(ErrorKind kind, ThrowingCallable call) {
    AutogradException e = catchThrowableOfType(AutogradException.class, call);
    assertThat(e).isNotNull();
    assertThat(e.kind()).isEqualTo(kind);
    return e;
  }

  @Test
  void sizesCountsAndStrides() {
    Shape s = Shape.of(2, 3, 4);
    assertThat(s.rank()).isEqualTo(3);
    assertThat(s.numel()).isEqualTo(24);
    assertThat(s.strides()).containsExactly(12, 4, 1);
    assertThat(s.size(0)).isEqualTo(2);
    assertThat(s.size(-1)).isEqualTo(4);
    assertThat(s).hasToString("[2, 3, 4]");
  }

  @Test
  void aScalarHasNoDimensionsAndOneElement() {
    assertThat(Shape.of()).isSameAs(Shape.SCALAR);
    assertThat(Shape.SCALAR.numel()).isEqualTo(1);
    assertThat(Shape.SCALAR).hasToString("[]");
  }

  @Test
  void sizesMayBeZero() {
    Shape s = Shape.of(3, 0, 2);
    assertThat(s.numel()).isZero();
    assertThat(s.strides()).containsExactly(2, 2, 1);
  }

  @Test
  void refusesNegativeSizesAndTooManyElements() {
    assertThat(refused(ErrorKind.SHAPE, () -> Shape.of(2, -1))).hasMessageContaining("[2, -1]");
    assertThat(refused(ErrorKind.SHAPE, () -> Shape.of(65_536, 32_768)))
        .hasMessageContaining("2147483647")
        .hasMessageContaining("[65536, 32768]");
    assertThat(Shape.of(65_535, 32_768).numel()).isEqualTo(2_147_450_880);
  }

  @Test
  void anEmptyShapeIsNeverTooLarge() {
    assertThat(Shape.of(100_000, 100_000, 0).numel()).isZero();
    assertThat(Shape.of(0, 100_000, 100_000, 100_000, 100_000, 100_000).numel()).isZero();
  }

  @Test
  void isAValue() {
    int[] dims = {2, 3};
    Shape s = Shape.of(dims);
    dims[0] = 9;
    s.dims()[0] = 9;
    s.strides()[0] = 9;
    assertThat(s).isEqualTo(Shape.of(2, 3)).hasSameHashCodeAs(Shape.of(2, 3));
    assertThat(s.strides()).containsExactly(3, 1);
    assertThat(s).isNotEqualTo(Shape.of(3, 2)).isNotEqualTo(Shape.of(2, 3, 1));
    assertThat(s.with(1, 5)).isEqualTo(Shape.of(2, 5));
    assertThat(s.prepended(4)).isEqualTo(Shape.of(4, 2, 3));
    assertThat(Shape.SCALAR.prepended(4)).isEqualTo(Shape.of(4));
  }

  @ParameterizedTest
  @ValueSource(ints = {-3, 2})
  void aDimensionThatDoesNotExistIsNamed(int dim) {
    assertThat(refused(ErrorKind.INDEX, () -> Shape.of(2, 3).axis("sum", dim)))
        .hasMessage("sum: dimension must lie in [-2, 1] for a tensor of shape [2, 3], got " + dim);
  }

  @Test
  void aScalarCanBeAskedForItsFirstDimension() {
    assertThat(Shape.SCALAR.axis("sum", 0)).isZero();
    assertThat(Shape.SCALAR.axis("sum", -1)).isZero();
    refused(ErrorKind.INDEX, () -> Shape.SCALAR.axis("sum", 1));
  }

  @Test
  void broadcastsFromTheRight() {
    assertThat(Shape.broadcast("add", Shape.of(3, 1), Shape.of(1, 4))).isEqualTo(Shape.of(3, 4));
    assertThat(Shape.broadcast("add", Shape.of(4), Shape.of(2, 3, 4))).isEqualTo(Shape.of(2, 3, 4));
    assertThat(Shape.broadcast("add", Shape.SCALAR, Shape.of(2))).isEqualTo(Shape.of(2));
    assertThat(Shape.broadcast("add", Shape.of(4, 0), Shape.of(4, 1))).isEqualTo(Shape.of(4, 0));
    assertThat(refused(ErrorKind.SHAPE, () -> Shape.broadcast("add", Shape.of(2, 3), Shape.of(2))))
        .hasMessageContaining("add: ")
        .hasMessageContaining("[2, 3] and [2] (3 != 2 at dimension -1)");
  }

  @Test
  void tellsWhatItBroadcastsTo() {
    assertThat(Shape.of(1, 3).broadcastsTo(Shape.of(5, 2, 3))).isTrue();
    assertThat(Shape.SCALAR.broadcastsTo(Shape.of(2))).isTrue();
    assertThat(Shape.of(2, 3).broadcastsTo(Shape.of(3))).isFalse();
    assertThat(Shape.of(2).broadcastsTo(Shape.of(3))).isFalse();
    assertThat(Shape.of(3).broadcastsTo(Shape.of(1))).isFalse();
  }
}
