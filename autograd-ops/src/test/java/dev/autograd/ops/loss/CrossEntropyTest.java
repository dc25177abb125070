package dev.autograd.ops.loss;

import static dev.autograd.ops.loss.CrossEntropy.crossEntropy;
import static dev.autograd.ops.loss.NllLoss.nllLoss;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.parallel.Workers;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class CrossEntropyTest {
  private static final double LN2 = Math.log(2);

  private static Tensor leaf(double[] values, int... shape) {
    return Tensor.of(values, shape).requiresGrad(true);
  }

  private static Tensor classes(long... index) {
    return Tensor.of(index);
  }

  private static Tensor random(long seed, int... shape) {
    return Tensor.randn(Shape.of(shape), DType.F64, new Generator(seed));
  }

  @Test
  void q46_scoresOfAnySizeAreExact() {
    Tensor x = leaf(new double[] {1000, 0, 0, 1000}, 2, 2);
    Tensor each = crossEntropy(x, classes(1, 1), null, -100, 0, Reduction.NONE);
    assertThat(each.toDoubleArray()).containsExactly(new double[] {1000, 0}, within(0.0));
    Tensor loss = crossEntropy(x, classes(1, 1));
    assertThat(loss.item()).isEqualTo(500);
    assertThat(loss.gradFn().name()).isEqualTo("CrossEntropyBackward");
    loss.backward();
    assertThat(x.grad().toDoubleArray())
        .containsExactly(new double[] {0.5, -0.5, 0, 0}, within(0.0));
  }

  @Test
  void gradientsOfManyScoresTakeSeveralThreads() {
    int threads = Workers.threads();
    try {
      Tensor x = random(1, 1000, 100).requiresGrad(true);
      Tensor classes = Tensor.zeros(Shape.of(1000), DType.I64);
      Workers.threads(1);
      crossEntropy(x, classes).backward();
      double[] expected = x.grad().toDoubleArray();
      Workers.threads(4);
      for (int round = 0; round < 20; round++) {
        x.zeroGrad();
        crossEntropy(x, classes).backward();
        assertThat(Arrays.equals(x.grad().toDoubleArray(), expected)).isTrue();
      }
    } finally {
      Workers.threads(threads);
    }
  }

  @Test
  void q47_ignoredRowsCountInNeitherSumNorMean() {
    Tensor x = leaf(new double[4], 2, 2);
    Tensor loss = crossEntropy(x, classes(0, -100));
    assertThat(loss.item()).isCloseTo(LN2, within(1e-12));
    loss.backward();
    assertThat(x.grad().toDoubleArray())
        .containsExactly(new double[] {-0.5, 0.5, 0, 0}, within(1e-12));
  }

  @Test
  void q47_ignoredRowHasNoGradientEvenWhereItsScoresAreNaN() {
    Tensor x = leaf(new double[] {0, 0, Double.NaN, Double.NaN}, 2, 2);
    crossEntropy(x, classes(0, -100)).backward();
    assertThat(x.grad().toDoubleArray())
        .containsExactly(new double[] {-0.5, 0.5, 0, 0}, within(1e-12));
  }

  @Test
  void q47_meanOfIgnoredRowsOnlyIsNaN() {
    assertThat(crossEntropy(Tensor.zeros(2, 2), classes(-100, -100)).item()).isNaN();
    assertThat(nllLoss(Tensor.zeros(2, 2), classes(-100, -100)).item()).isNaN();
  }

  @Test
  void q47_classWeightsCountInTheDenominator() {
    Tensor x = random(1, 3, 4);
    Tensor w = Tensor.of(new double[] {1, 2, 3, 4});
    Tensor t = classes(1, 3, 0);
    double[] each = crossEntropy(x, t, null, -100, 0, Reduction.NONE).toDoubleArray();
    double expected = (2 * each[0] + 4 * each[1] + each[2]) / 7;
    assertThat(crossEntropy(x, t, w, -100, 0, Reduction.MEAN).item())
        .isCloseTo(expected, within(1e-12));
    assertThat(nllLoss(x.logSoftmax(1), t, w, -100, Reduction.MEAN).item())
        .isCloseTo(expected, within(1e-12));
  }

  @Test
  void q48_smoothingMixesInTheMeanOverClasses() {
    Tensor x = random(2, 3, 4);
    Tensor t = classes(1, 3, 0);
    Tensor log = x.logSoftmax(1);
    double hard = -(log.at(0, 1) + log.at(1, 3) + log.at(2, 0)) / 3;
    double even = -log.mean().item();
    assertThat(crossEntropy(x, t, null, -100, 0.1, Reduction.MEAN).item())
        .isCloseTo(0.9 * hard + 0.1 * even, within(1e-12));
    assertThatThrownBy(() -> crossEntropy(x, t, null, -100, 1.5, Reduction.MEAN))
        .hasMessageContaining("label smoothing must lie in [0, 1], got 1.5");
  }

  @Test
  void q48_probabilitiesOfOneClassAreThatClass() {
    Tensor x = random(3, 3, 4).requiresGrad(true);
    Tensor t = classes(1, 3, 0);
    Tensor p = ClassIndices.oneHot(x.shape(), t, -100, DType.F64);
    for (double smoothing : new double[] {0, 0.2}) {
      assertThat(crossEntropy(x, p, null, -100, smoothing, Reduction.MEAN).item())
          .isCloseTo(
              crossEntropy(x, t, null, -100, smoothing, Reduction.MEAN).item(), within(1e-12));
    }
    // A class without share is not asked for its logarithm.
    Tensor sure = leaf(new double[] {0, Double.NEGATIVE_INFINITY}, 1, 2);
    assertThat(crossEntropy(sure, Tensor.of(new double[] {1, 0}, 1, 2)).item()).isZero();
  }

  @Test
  void positionsOfAnImageAreRowsOfABatch() {
    Tensor x = random(4, 2, 3, 2, 2);
    Tensor t = Tensor.of(new long[] {0, 1, 2, 0, 2, 2, -100, 1}, 2, 2, 2);
    Tensor rows = x.permute(0, 2, 3, 1).reshape(8, 3);
    assertThat(crossEntropy(x, t).item())
        .isCloseTo(crossEntropy(rows, t.reshape(8)).item(), within(1e-12));
    Tensor each = crossEntropy(x, t, null, -100, 0, Reduction.NONE);
    assertThat(each.shape()).isEqualTo(Shape.of(2, 2, 2));
    assertThat(each.at(1, 1, 0)).isZero();
  }

  @Test
  void equalsTheLogSoftmaxAndTheNegativeLogLikelihood() {
    Tensor a = random(5, 4, 3).requiresGrad(true);
    Tensor b = a.detach().clone().requiresGrad(true);
    Tensor t = classes(2, 0, 1, 1);
    Tensor fused = crossEntropy(a, t);
    Tensor composed = nllLoss(b.logSoftmax(1), t);
    assertThat(fused.item()).isCloseTo(composed.item(), within(1e-14));
    fused.backward();
    composed.backward();
    assertThat(a.grad().toDoubleArray()).containsExactly(b.grad().toDoubleArray(), within(1e-14));
  }

  @Test
  void oneExampleNeedsNoBatch() {
    Tensor x = leaf(new double[] {0, 0});
    Tensor loss = crossEntropy(x, Tensor.of(new long[] {1}).reshape());
    assertThat(loss.shape()).isEqualTo(Shape.SCALAR);
    assertThat(loss.item()).isCloseTo(LN2, within(1e-12));
  }

  @Test
  void targetThatIsNoClassIsNamedWithItsPosition() {
    Tensor t = Tensor.of(new long[] {0, 1, 2, 0, 7, 1}, 2, 3);
    assertThatThrownBy(() -> crossEntropy(Tensor.zeros(2, 3, 3), t))
        .isInstanceOfSatisfying(
            AutogradException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.INDEX))
        .hasMessage(
            "cross_entropy: a target must lie in [0, 3) or be the ignored index -100, got 7 at"
                + " position [1, 1]. Are there more classes than scores?");
    assertThatThrownBy(() -> crossEntropy(Tensor.zeros(2, 3), Tensor.of(new boolean[2])))
        .hasMessageContaining("class indices must be i64, got bool");
  }

  @Test
  void smallerIntegersAreTakenAsClasses() {
    Tensor x = random(6, 2, 3);
    assertThat(crossEntropy(x, Tensor.of(new int[] {2, 0})).item())
        .isEqualTo(crossEntropy(x, classes(2, 0)).item());
  }
}
