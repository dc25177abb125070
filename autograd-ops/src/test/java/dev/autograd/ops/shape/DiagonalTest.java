package dev.autograd.ops.shape;

import static dev.autograd.ops.shape.Diagonal.diagonal;
import static dev.autograd.ops.shape.Diagonal.trace;
import static dev.autograd.ops.shape.Undiagonal.diagEmbed;
import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import org.junit.jupiter.api.Test;

class DiagonalTest {
  private static Tensor counting(int... shape) {
    return Tensor.arange(Shape.of(shape).numel()).to(DType.F64).reshape(shape);
  }

  @Test
  void everyDiagonalOfAMatrixThatIsNotSquareIsFound() {
    Tensor x = counting(2, 3);
    assertThat(diagonal(x).toDoubleArray()).containsExactly(0, 4);
    assertThat(diagonal(x, 1, 0, 1).toDoubleArray()).containsExactly(1, 5);
    assertThat(diagonal(x, 2, 0, 1).toDoubleArray()).containsExactly(2);
    assertThat(diagonal(x, 3, 0, 1).numel()).isZero();
    assertThat(diagonal(x, -1, 0, 1).toDoubleArray()).containsExactly(3);
    assertThat(diagonal(x, -2, 0, 1).numel()).isZero();
    assertThat(diagonal(x, 1, 1, 0).toDoubleArray()).containsExactly(3);
  }

  @Test
  void theDiagonalIsAViewThatWritesThrough() {
    Tensor x = counting(3, 3);
    diagonal(x).fill_(-1);
    assertThat(x.toDoubleArray()).containsExactly(-1, 1, 2, 3, -1, 5, 6, 7, -1);
  }

  @Test
  void theTraceOfAMatrixThatIsNotSquareHasOnesForItsGradient() {
    Tensor x = counting(2, 3).requiresGrad(true);
    Tensor y = trace(x);
    assertThat(y.item()).isEqualTo(4);
    y.backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(1, 0, 0, 0, 1, 0);
  }

  @Test
  void embeddedDiagonalsComeBack() {
    Tensor x = counting(2, 3).requiresGrad(true);
    Tensor y = diagEmbed(x, -1);
    assertThat(y.shape()).isEqualTo(Shape.of(2, 4, 4));
    assertThat(y.sum().item()).isEqualTo(15);
    assertThat(diagonal(y, -1, -2, -1).toDoubleArray()).isEqualTo(x.toDoubleArray());
    y.mul(counting(2, 4, 4)).sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(4, 9, 14, 20, 25, 30);
  }
}
