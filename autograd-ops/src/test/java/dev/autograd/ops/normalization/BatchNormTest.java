package dev.autograd.ops.normalization;

import static dev.autograd.ops.normalization.BatchNorm.batchNorm;
import static dev.autograd.ops.normalization.LayerNorm.layerNorm;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class BatchNormTest {
  private static Tensor of(double... values) {
    return Tensor.of(values);
  }

  private static Tensor random(long seed, int... shape) {
    return Tensor.randn(Shape.of(shape), DType.F64, new Generator(seed));
  }

  @Test
  void q71_twoValuesAreNormalisedWhateverTheirScale() {
    Tensor x = Tensor.of(new double[] {1, 3}, 2, 1).requiresGrad(true);
    Tensor y = batchNorm(x, null, null, of(1), of(0), true, 0.1, 0);
    assertThat(y.toDoubleArray()).containsExactly(new double[] {-1, 1}, within(1e-12));
    y.backward(Tensor.of(new double[] {1, 0}, 2, 1));
    assertThat(x.grad().toDoubleArray()).containsExactly(new double[] {0, 0}, within(1e-12));
  }

  @Test
  void q72_runningStatisticsMoveByMomentumTowardsTheUnbiasedVariance() {
    Tensor mean = of(0);
    Tensor var = of(1);
    Tensor x = Tensor.of(new double[] {1, 3}, 2, 1).requiresGrad(true);
    Tensor y = batchNorm(x, mean, var, null, null, true, 0.1, 0);
    assertThat(mean.item()).isCloseTo(0.2, within(1e-12));
    assertThat(var.item()).isCloseTo(1.1, within(1e-12));
    assertThat(mean.requiresGrad()).isFalse();
    assertThat(var.requiresGrad()).isFalse();
    // The buffers were written in place; backward does not look at them.
    y.sum().backward();
    assertThat(x.grad()).isNotNull();
  }

  @Test
  void q71_oneValuePerChannelCannotBeTrainedOn() {
    assertThatThrownBy(() -> batchNorm(Tensor.ones(1, 3), null, null, null, null, true, 0.1, 1e-5))
        .hasMessage(
            "batch_norm: training takes more than one value for each channel, got input [1, 3]. Use"
                + " a larger batch, or evaluate with running statistics.");
  }

  @Test
  void evaluationUsesTheRunningStatisticsAndLeavesThem() {
    Tensor mean = of(1, 2);
    Tensor var = of(4, 9);
    Tensor x = Tensor.of(new double[] {3, 5}, 1, 2).requiresGrad(true);
    Tensor y = batchNorm(x, mean, var, of(1, 10), of(0, 7), false, 0.1, 0);
    assertThat(y.toDoubleArray()).containsExactly(new double[] {1, 17}, within(1e-12));
    y.sum().backward();
    assertThat(x.grad().toDoubleArray())
        .containsExactly(new double[] {0.5, 10.0 / 3}, within(1e-12));
    assertThat(mean.toDoubleArray()).containsExactly(1, 2);
    assertThatThrownBy(() -> batchNorm(x, null, null, null, null, false, 0.1, 0))
        .hasMessageContaining("the running mean and variance are needed");
  }

  /// Few elements of a channel in a row are brought together first; that must not show.
  @Test
  void aMatrixHasTheBitsOfItsColumnsAsLongRows() {
    int n = 40;
    int c = 5;
    Tensor matrix = random(3, n, c).requiresGrad(true);
    Tensor rows = matrix.detach().transpose(0, 1).contiguous().reshape(1, c, n).requiresGrad(true);
    Tensor g = random(4, n, c);
    Tensor w = random(5, c);
    Tensor y = batchNorm(matrix, null, null, w, null, true, 0.1, 1e-5);
    Tensor expected = batchNorm(rows, null, null, w, null, true, 0.1, 1e-5);
    y.backward(g);
    expected.backward(g.transpose(0, 1).reshape(1, c, n));
    assertThat(y.transpose(0, 1).toDoubleArray()).isEqualTo(expected.toDoubleArray());
    assertThat(matrix.grad().transpose(0, 1).toDoubleArray())
        .isEqualTo(rows.grad().toDoubleArray());
    Tensor evaluated = batchNorm(matrix, of(1, 2, 3, 4, 5), w.square(), w, null, false, 0, 1e-5);
    Tensor asRows = batchNorm(rows, of(1, 2, 3, 4, 5), w.square(), w, null, false, 0, 1e-5);
    assertThat(evaluated.transpose(0, 1).toDoubleArray()).isEqualTo(asRows.toDoubleArray());
  }

  @Test
  void everyRankEqualsTheFlatForm() {
    Tensor flat = random(1, 24, 3);
    double[] expected = batchNorm(flat, null, null, null, null, true, 0.1, 1e-5).toDoubleArray();
    for (int[] shape : new int[][] {{4, 6}, {4, 2, 3}, {2, 2, 2, 3}}) {
      int[] dims = new int[shape.length + 1];
      dims[0] = shape[0];
      dims[1] = 3;
      System.arraycopy(shape, 1, dims, 2, shape.length - 1);
      int[] spread = new int[shape.length + 1];
      System.arraycopy(shape, 0, spread, 0, shape.length);
      spread[shape.length] = 3;
      int[] order = new int[shape.length + 1];
      order[1] = shape.length;
      int[] back = new int[shape.length + 1];
      for (int i = 2; i < order.length; i++) {
        order[i] = i - 1;
        back[i - 1] = i;
      }
      back[shape.length] = 1;
      Tensor x = flat.reshape(spread).permute(order);
      assertThat(x.shape().dims()).containsExactly(dims);
      Tensor y = batchNorm(x, null, null, null, null, true, 0.1, 1e-5).permute(back);
      assertThat(y.toDoubleArray()).containsExactly(expected, within(1e-12));
    }
  }

  @Test
  void q73_rowsComeOutWithMeanZeroAndVarianceOne() {
    Tensor x = random(2, 5, 8).mul(3).add(7).requiresGrad(true);
    Tensor y = layerNorm(x, null, null, 0);
    assertThat(DoubleStream.of(y.mean(1).toDoubleArray()).boxed())
        .allSatisfy(m -> assertThat(m).isCloseTo(0, within(1e-12)));
    assertThat(DoubleStream.of(y.var(new int[] {1}, 0, false).toDoubleArray()).boxed())
        .allSatisfy(v -> assertThat(v).isCloseTo(1, within(1e-12)));
    y.backward(random(3, 5, 8));
    // The result does not change with shift or scale of a row, so neither has a gradient.
    assertThat(DoubleStream.of(x.grad().sum(1).toDoubleArray()).boxed())
        .allSatisfy(s -> assertThat(s).isCloseTo(0, within(1e-12)));
    assertThat(DoubleStream.of(x.grad().mul(x.detach()).sum(1).toDoubleArray()).boxed())
        .allSatisfy(s -> assertThat(s).isCloseTo(0, within(1e-12)));
  }

  @Test
  void q73_constantRowIsFiniteWithEps() {
    Tensor x = Tensor.ones(Shape.of(1, 4), DType.F64).requiresGrad(true);
    Tensor y = layerNorm(x, null, null, 1e-5);
    assertThat(y.toDoubleArray()).containsOnly(0);
    y.backward(random(4, 1, 4));
    assertThat(DoubleStream.of(x.grad().toDoubleArray()).boxed())
        .allSatisfy(d -> assertThat(d).isFinite());
  }

  @Test
  void q73_severalDimensionsAreOneRow() {
    Tensor x = random(5, 2, 3, 4);
    Tensor w = random(6, 3, 4);
    Tensor b = random(7, 3, 4);
    assertThat(layerNorm(x, Shape.of(3, 4), w, b, 1e-5).toDoubleArray())
        .isEqualTo(layerNorm(x.reshape(2, 12), w.flatten(), b.flatten(), 1e-5).toDoubleArray());
    assertThatThrownBy(() -> layerNorm(x, Shape.of(3), w, b, 1e-5))
        .hasMessageContaining("got x [2, 3, 4] and normalised [3]");
  }
}
