package dev.autograd.ops.conv;

import static dev.autograd.ops.conv.AdaptiveAvgPool2d.adaptiveAvgPool2d;
import static dev.autograd.ops.conv.AvgPool2d.avgPool2d;
import static dev.autograd.ops.conv.MaxPool2d.maxPool2d;
import static dev.autograd.ops.conv.MaxPool2d.maxPool2dWithIndices;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import org.junit.jupiter.api.Test;

class PoolTest {
  private static Tensor leaf(double[] values, int... shape) {
    return Tensor.of(values, shape).requiresGrad(true);
  }

  @Test
  void q70_gradientOfATieGoesToTheFirstInScanOrder() {
    Tensor x = leaf(new double[] {1, 2, 2, 0}, 1, 1, 2, 2);
    Tensor y = maxPool2d(x, 2);
    assertThat(y.item()).isEqualTo(2);
    y.backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(0, 1, 0, 0);
  }

  @Test
  void q70_averageSpreadsEvenly() {
    Tensor x = leaf(new double[] {1, 2, 2, 0}, 1, 1, 2, 2);
    avgPool2d(x, 2).backward();
    assertThat(x.grad().toDoubleArray()).containsOnly(0.25);
  }

  @Test
  void q70_countIncludePadChangesTheDivisor() {
    Tensor x = Tensor.of(new double[] {4}, 1, 1, 1, 1);
    var geometry = PoolGeometry.of(2, 1, 1);
    assertThat(avgPool2d(x, geometry, true, 0).toDoubleArray()).containsOnly(1);
    assertThat(avgPool2d(x, geometry, false, 0).toDoubleArray()).containsOnly(4);
    assertThat(avgPool2d(x, geometry, true, 2).toDoubleArray()).containsOnly(2);
  }

  @Test
  void overlappingWindowsAddTheirGradients() {
    Tensor x = leaf(new double[] {0, 0, 0, 0, 9, 0, 0, 0, 0}, 1, 1, 3, 3);
    maxPool2d(x, 2, 1, 0).sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(0, 0, 0, 0, 4, 0, 0, 0, 0);
  }

  @Test
  void paddingIsLessThanAnyElementAndNanWins() {
    Tensor x = Tensor.of(new double[] {-5, -6, -7, Double.NaN}, 1, 1, 2, 2);
    assertThat(maxPool2d(x, 2, 2, 1).toDoubleArray()).containsExactly(-5, -6, -7, Double.NaN);
  }

  @Test
  void ceilModeLetsTheLastWindowHangOver() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, 1, 1, 3, 3);
    var floor = PoolGeometry.of(2);
    assertThat(maxPool2d(x, floor).shape()).isEqualTo(Shape.of(1, 1, 1, 1));
    assertThat(maxPool2d(x, floor.ceil(true)).toDoubleArray()).containsExactly(5, 6, 8, 9);
    assertThat(avgPool2d(x, floor.ceil(true), true, 0).toDoubleArray())
        .containsExactly(new double[] {3, 4.5, 7.5, 9}, within(1e-12));
  }

  @Test
  void indicesAreFlatWithinAPlane() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 8, 7, 6, 5}, 1, 2, 2, 2);
    var y = maxPool2dWithIndices(x, PoolGeometry.of(2));
    assertThat(y.values().toDoubleArray()).containsExactly(4, 8);
    assertThat(y.indices().dtype()).isEqualTo(DType.I64);
    assertThat(y.indices().toLongArray()).containsExactly(3, 0);
  }

  @Test
  void adaptiveWindowsOverlapWhereSizesDoNotDivide() {
    Tensor x = leaf(new double[] {1, 2, 3}, 1, 1, 1, 3);
    Tensor y = adaptiveAvgPool2d(x, 1, 2);
    assertThat(y.toDoubleArray()).containsExactly(1.5, 2.5);
    y.sum().backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(0.5, 1, 0.5);
    assertThat(adaptiveAvgPool2d(x, 1, 1).item()).isCloseTo(2, within(1e-12));
  }

  @Test
  void oneImageIsAnInputToo() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, 1, 2, 2);
    assertThat(maxPool2d(x, 2).shape()).isEqualTo(Shape.of(1, 1, 1));
    assertThat(avgPool2d(x, 2).item()).isEqualTo(2.5);
  }

  @Test
  void geometryIsCheckedWhenItIsMade() {
    assertThatThrownBy(() -> PoolGeometry.of(2, 2, 2))
        .hasMessageContaining("padding must be at most half of the window");
    assertThatThrownBy(() -> PoolGeometry.of(0)).hasMessageContaining("kernel [0, 0]");
    assertThatThrownBy(() -> maxPool2d(Tensor.ones(1, 1, 2, 1), 2))
        .hasMessageContaining("must fit into the padded input, got input [1, 1, 2, 1]");
  }
}
