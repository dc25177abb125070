package dev.autograd.ops.normalization;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class SoftmaxTest {
  private static final double INF = Double.POSITIVE_INFINITY;

  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  @Test
  void q40_largeValuesHaveFiniteGradients() {
    Tensor x = leaf(1000, 0, -1000);
    x.softmax(0).backward(Tensor.of(new double[] {1, 0, 0}));
    assertThat(x.grad().toDoubleArray()).containsExactly(new double[] {0, 0, 0}, within(0.0));
    Tensor even = leaf(0, 0);
    even.softmax(0).backward(Tensor.of(new double[] {1, 0}));
    assertThat(even.grad().toDoubleArray())
        .containsExactly(new double[] {0.25, -0.25}, within(1e-15));
  }

  @Test
  void q41_logSoftmaxKeepsWhatSoftmaxLoses() {
    Tensor x = leaf(1000, 0);
    Tensor y = x.logSoftmax(0);
    assertThat(y.toDoubleArray()).containsExactly(0, -1000);
    y.backward(Tensor.of(new double[] {0, 1}));
    assertThat(x.grad().toDoubleArray()).containsExactly(-1, 1);
  }

  @Test
  void q42_minusInfinityIsExactlyZeroAndALineOfItNaN() {
    Tensor x = leaf(-INF, 0);
    Tensor y = x.softmax(0);
    assertThat(y.toDoubleArray()).containsExactly(0, 1);
    y.backward(Tensor.of(new double[] {3, 5}));
    assertThat(x.grad().toDoubleArray()).containsExactly(new double[] {0, 0}, within(0.0));
    assertThat(leaf(-INF, -INF).softmax(0).toDoubleArray()).containsOnly(Double.NaN);
  }

  @Test
  void everyDimensionIsNormalisedAlike() {
    Tensor x = Tensor.randn(Shape.of(3, 4, 5), DType.F64, new Generator(1));
    for (int dim = 0; dim < 3; dim++) {
      Tensor y = x.softmax(dim);
      assertThat(DoubleStream.of(y.sum(dim).toDoubleArray()).boxed())
          .allSatisfy(s -> assertThat(s).isCloseTo(1, within(1e-12)));
      assertThat(y.toDoubleArray())
          .containsExactly(
              x.transpose(dim, 2).softmax(-1).transpose(dim, 2).toDoubleArray(), within(1e-14));
      assertThat(x.logSoftmax(dim).exp().toDoubleArray())
          .containsExactly(y.toDoubleArray(), within(1e-14));
    }
  }

  @Test
  void gradientAddsUpToZeroAlongTheDimension() {
    Tensor x = Tensor.randn(Shape.of(4, 6), DType.F64, new Generator(2)).requiresGrad(true);
    x.softmax(1).backward(Tensor.randn(Shape.of(4, 6), DType.F64, new Generator(3)));
    assertThat(DoubleStream.of(x.grad().sum(1).toDoubleArray()).boxed())
        .allSatisfy(s -> assertThat(s).isCloseTo(0, within(1e-14)));
  }

  @Test
  void integersAreRefusedByName() {
    assertThatThrownBy(() -> Tensor.arange(3).softmax(0))
        .hasMessage("softmax: takes f32 or f64 elements, got i64. Cast with to(DType.F32).");
  }
}
