package dev.autograd.ops.linalg;

import static dev.autograd.ops.linalg.Linear.linear;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.FunctionNode;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class MatmulTest {
  private static Tensor leaf(double[] values, int... shape) {
    return Tensor.of(values, shape).requiresGrad(true);
  }

  @Test
  void q68_dotProductSwapsItsOperandsAsGradients() {
    Tensor a = leaf(new double[] {1, 2});
    Tensor b = leaf(new double[] {3, 4});
    Tensor y = a.matmul(b);
    assertThat(y.shape()).isEqualTo(Shape.SCALAR);
    assertThat(y.item()).isEqualTo(11);
    List<Tensor> g = Autograd.grad(y, List.of(a, b));
    assertThat(g.get(0).toDoubleArray()).containsExactly(3, 4);
    assertThat(g.get(1).toDoubleArray()).containsExactly(1, 2);
  }

  @Test
  void q68_matrixTimesVectorHasAnOuterProductAsGradient() {
    Tensor m = leaf(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
    Tensor v = leaf(new double[] {7, 8, 9});
    m.matmul(v).sum().backward();
    assertThat(m.grad().toDoubleArray()).containsExactly(7, 8, 9, 7, 8, 9);
    assertThat(v.grad().toDoubleArray()).containsExactly(5, 7, 9);
  }

  @Test
  void q68_vectorTimesMatrixDropsTheAddedDimension() {
    Tensor v = leaf(new double[] {1, 2});
    Tensor m = leaf(new double[] {1, 2, 3, 4, 5, 6}, 2, 3);
    Tensor y = v.matmul(m);
    assertThat(y.toDoubleArray()).containsExactly(9, 12, 15);
    y.sum().backward();
    assertThat(v.grad().toDoubleArray()).containsExactly(6, 15);
    assertThat(m.grad().toDoubleArray()).containsExactly(1, 1, 1, 2, 2, 2);
  }

  @Test
  void p05_gradientOfABroadcastMatrixIsSummedOverTheStack() {
    Tensor a = Tensor.ones(Shape.of(2, 3, 4), DType.F64).requiresGrad(true);
    Tensor b = Tensor.ones(Shape.of(4, 5), DType.F64).requiresGrad(true);
    a.matmul(b).sum().backward();
    assertThat(a.grad().shape()).isEqualTo(Shape.of(2, 3, 4));
    assertThat(a.grad().toDoubleArray()).containsOnly(5);
    assertThat(b.grad().shape()).isEqualTo(Shape.of(4, 5));
    assertThat(b.grad().toDoubleArray()).containsOnly(6);
  }

  @Test
  void p05_bothOperandsMayBroadcast() {
    Tensor a = Tensor.ones(Shape.of(2, 1, 3, 4), DType.F64).requiresGrad(true);
    Tensor b = Tensor.ones(Shape.of(5, 4, 6), DType.F64).requiresGrad(true);
    Tensor y = a.matmul(b);
    assertThat(y.shape()).isEqualTo(Shape.of(2, 5, 3, 6));
    y.sum().backward();
    assertThat(a.grad().shape()).isEqualTo(a.shape());
    assertThat(a.grad().toDoubleArray()).containsOnly(30);
    assertThat(b.grad().shape()).isEqualTo(b.shape());
    assertThat(b.grad().toDoubleArray()).containsOnly(6);
  }

  @Test
  void anyLayoutOfTheOperandsGivesTheSameBits() {
    var generator = new Generator(3);
    Tensor a = Tensor.randn(Shape.of(3, 5, 7), DType.F32, generator);
    Tensor b = Tensor.randn(Shape.of(3, 7, 4), DType.F32, generator);
    float[] expected = a.matmul(b).toFloatArray();
    Tensor aColumns = a.transpose(1, 2).clone().transpose(1, 2);
    Tensor bColumns = b.permute(2, 0, 1).clone().permute(1, 2, 0);
    assertThat(aColumns.isContiguous()).isFalse();
    assertThat(aColumns.matmul(bColumns).toFloatArray()).isEqualTo(expected);
    Tensor padded = Tensor.cat(List.of(Tensor.ones(3, 5, 1), a), 2).narrow(2, 1, 7);
    assertThat(padded.matmul(b).toFloatArray()).isEqualTo(expected);
  }

  @Test
  void stackWhoseStridesDoNotMergeEqualsItsMatrices() {
    var generator = new Generator(5);
    Tensor a = Tensor.randn(Shape.of(2, 4, 3, 5), DType.F64, generator).transpose(1, 2);
    Tensor b = Tensor.randn(Shape.of(2, 5, 3, 2), DType.F64, generator).transpose(1, 2);
    Tensor y = a.matmul(b);
    for (int i = 0; i < 2; i++) {
      for (int j = 0; j < 3; j++) {
        assertThat(y.get(i).get(j).toDoubleArray())
            .isEqualTo(a.get(i).get(j).matmul(b.get(i).get(j)).toDoubleArray());
      }
    }
  }

  @Test
  void aRepeatedOperandOfAStackCountsForEachOfItsMatrices() {
    var generator = new Generator(6);
    for (DType dtype : List.of(DType.F32, DType.F64)) {
      Tensor stack = Tensor.randn(Shape.of(5, 9, 21), dtype, generator);
      Tensor matrix = Tensor.randn(Shape.of(9, 21), dtype, generator);
      Tensor other = Tensor.randn(Shape.of(5, 21, 14), dtype, generator);
      Tensor bias = Tensor.randn(Shape.of(9), dtype, generator);
      Tensor turned = other.transpose(1, 2);
      Tensor left = matrix.matmul(other);
      Tensor right = stack.matmul(matrix.t());
      Tensor apart = turned.transpose(0, 1).matmul(matrix.t());
      Tensor affine = linear(turned.transpose(0, 1), matrix, bias);
      for (int i = 0; i < 5; i++) {
        assertThat(left.get(i).toArray()).isEqualTo(matrix.matmul(other.get(i)).toArray());
        assertThat(right.get(i).toArray()).isEqualTo(stack.get(i).matmul(matrix.t()).toArray());
        Tensor one = turned.get(i).matmul(matrix.t());
        assertThat(apart.select(1, i).toArray()).isEqualTo(one.toArray());
        assertThat(affine.select(1, i).toArray()).isEqualTo(one.add(bias).toArray());
      }
    }
  }

  @Test
  void emptyInnerSizeGivesZeros() {
    Tensor y = Tensor.ones(2, 0).matmul(Tensor.ones(0, 3));
    assertThat(y.shape()).isEqualTo(Shape.of(2, 3));
    assertThat(y.toFloatArray()).containsOnly(0);
    assertThat(Tensor.ones(4, 2, 0).matmul(Tensor.ones(4, 0, 3)).toFloatArray()).containsOnly(0);
    Tensor bias = Tensor.of(new float[] {1, 2, 3}, 3);
    assertThat(linear(Tensor.ones(2, 0), Tensor.ones(3, 0), bias).toFloatArray())
        .containsExactly(1, 2, 3, 1, 2, 3);
  }

  @Test
  void onlyWhatTheOtherGradientNeedsIsSaved() {
    Tensor w = leaf(new double[] {1, 2, 3, 4}, 2, 2);
    Tensor x = Tensor.of(new double[] {5, 6, 7, 8}, 2, 2);
    assertThat(((FunctionNode) x.matmul(w).gradFn()).savedValues()).containsExactly(x);
    assertThat(((FunctionNode) w.matmul(x).gradFn()).savedValues()).containsExactly(x);
    assertThat(((FunctionNode) linear(x, w).gradFn()).savedValues()).containsExactly(x);
    assertThat(x.matmul(w).gradFn().name()).isEqualTo("MatmulBackward");
  }

  @Test
  void mixedPrecisionIsPromotedAndGradientsComeBackInTheirOwn() {
    Tensor a = Tensor.ones(2, 3).requiresGrad(true);
    Tensor b = Tensor.ones(Shape.of(3, 2), DType.F64).requiresGrad(true);
    Tensor y = a.matmul(b);
    assertThat(y.dtype()).isEqualTo(DType.F64);
    y.sum().backward();
    assertThat(a.grad().dtype()).isEqualTo(DType.F32);
    assertThat(b.grad().dtype()).isEqualTo(DType.F64);
  }

  @Test
  void sizesThatDoNotFitAreNamedWithTheNextStep() {
    assertThatThrownBy(() -> Tensor.ones(2, 3).matmul(Tensor.ones(4, 3)))
        .isInstanceOfSatisfying(
            AutogradException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.SHAPE))
        .hasMessage(
            "matmul: inner sizes must match, got a [2, 3] and b [4, 3] (3 != 4). Transpose b?");
    assertThatThrownBy(() -> Tensor.arange(3).matmul(Tensor.arange(3)))
        .isInstanceOfSatisfying(
            AutogradException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.DTYPE))
        .hasMessageContaining("matmul: takes f32 or f64 elements, got i64");
  }

  @Test
  void linearIsTheProductAndTheSumBitByBit() {
    var generator = new Generator(9);
    Tensor x = Tensor.randn(Shape.of(2, 5, 300), DType.F32, generator);
    Tensor w = Tensor.randn(Shape.of(17, 300), DType.F32, generator);
    Tensor b = Tensor.randn(Shape.of(17), DType.F32, generator);
    assertThat(linear(x, w, b).toFloatArray()).isEqualTo(x.matmul(w.t()).add(b).toFloatArray());
  }

  @Test
  void linearTakesInputsOfAnyRank() {
    Tensor w = leaf(new double[] {1, 2, 3, 4, 5, 6}, 3, 2);
    Tensor b = leaf(new double[] {1, 1, 1});
    Tensor x = leaf(new double[] {1, 1});
    Tensor y = linear(x, w, b);
    assertThat(y.toDoubleArray()).containsExactly(4, 8, 12);
    y.sum().backward();
    assertThat(w.grad().toDoubleArray()).containsOnly(1);
    assertThat(b.grad().toDoubleArray()).containsOnly(1);
    assertThat(x.grad().toDoubleArray()).containsExactly(9, 12);
    assertThatThrownBy(() -> linear(Tensor.ones(2, 3), Tensor.ones(3, 2)))
        .hasMessage(
            "linear: the last size of x must be the second of the weight, got x [2, 3] and weight"
                + " [3, 2]. Transpose the weight?");
  }

  @Test
  void outerProductTakesVectorsOnly() {
    Tensor y = Tensor.of(new double[] {1, 2}).outer(Tensor.of(new double[] {3, 4, 5}));
    assertThat(y.toDoubleArray()).containsExactly(3, 4, 5, 6, 8, 10);
    assertThatThrownBy(() -> Tensor.ones(2, 2).outer(Tensor.ones(2)))
        .hasMessageContaining("outer: takes two vectors, got a [2, 2] and b [2]");
  }
}
