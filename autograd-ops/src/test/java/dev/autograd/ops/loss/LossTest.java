package dev.autograd.ops.loss;

import static dev.autograd.ops.loss.BinaryCrossEntropy.binaryCrossEntropy;
import static dev.autograd.ops.loss.BinaryCrossEntropyWithLogits.binaryCrossEntropyWithLogits;
import static dev.autograd.ops.loss.HuberLoss.huberLoss;
import static dev.autograd.ops.loss.KlDiv.klDiv;
import static dev.autograd.ops.loss.KlDiv.klDivBatchMean;
import static dev.autograd.ops.loss.L1Loss.l1Loss;
import static dev.autograd.ops.loss.MseLoss.mseLoss;
import static dev.autograd.ops.loss.SmoothL1Loss.smoothL1Loss;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class LossTest {
  private static final double LN2 = Math.log(2);

  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  private static Tensor of(double... values) {
    return Tensor.of(values);
  }

  @Test
  void theFirstExampleOfTheGuideWorks() {
    Tensor x = Tensor.ones(5);
    Tensor y = Tensor.zeros(3);
    Tensor w = Tensor.randn(5, 3).requiresGrad(true);
    Tensor b = Tensor.randn(3).requiresGrad(true);
    Tensor z = x.matmul(w).add(b);
    Tensor loss = binaryCrossEntropyWithLogits(z, y);
    assertThat(loss.shape()).isEqualTo(Shape.SCALAR);
    assertThat(loss.gradFn()).isNotNull();
    assertThat(loss.gradFn().name()).isEqualTo("BinaryCrossEntropyWithLogitsBackward");
    assertThat(z.gradFn().name()).isEqualTo("AddBackward");
    loss.backward();
    float[] row = z.detach().sigmoid().div(3).toFloatArray();
    assertThat(b.grad().toFloatArray()).containsExactly(row, within(1e-7f));
    for (int i = 0; i < 5; i++) {
      assertThat(w.grad().get(i).toFloatArray()).containsExactly(row, within(1e-7f));
    }
    assertThat(x.grad()).isNull();
  }

  @Test
  void q44_logitsOfAnySizeAreExact() {
    Tensor z = leaf(-1000, 0, 1000);
    Tensor loss = binaryCrossEntropyWithLogits(z, of(0, 1, 0), null, null, Reduction.NONE);
    assertThat(loss.toDoubleArray()).containsExactly(new double[] {0, LN2, 1000}, within(1e-12));
    loss.sum().backward();
    assertThat(z.grad().toDoubleArray()).containsExactly(new double[] {0, -0.5, 1}, within(1e-12));
  }

  @Test
  void q44_weightOfThePositivesMultipliesTheirLossAlone() {
    Tensor z = of(0.3, -0.7);
    Tensor plain = binaryCrossEntropyWithLogits(z, of(1, 0), null, null, Reduction.NONE);
    Tensor heavy = binaryCrossEntropyWithLogits(z, of(1, 0), null, of(3), Reduction.NONE);
    assertThat(heavy.get(0).item()).isCloseTo(3 * plain.get(0).item(), within(1e-12));
    assertThat(heavy.get(1).item()).isCloseTo(plain.get(1).item(), within(1e-12));
    Tensor huge = leaf(-1000, 1000);
    binaryCrossEntropyWithLogits(huge, of(1, 0), null, of(3), Reduction.SUM).backward();
    assertThat(huge.grad().toDoubleArray()).containsExactly(-3, 1);
  }

  @Test
  void q45_certainProbabilitiesHaveAFiniteLossAndGradient() {
    Tensor p = leaf(0, 1, 1, 0);
    Tensor loss = binaryCrossEntropy(p, of(1, 0, 1, 0), null, Reduction.NONE);
    assertThat(loss.toDoubleArray()).containsExactly(new double[] {100, 100, 0, 0}, within(0.0));
    loss.sum().backward();
    assertThat(DoubleStream.of(p.grad().toDoubleArray()).boxed())
        .allSatisfy(g -> assertThat(g).isFinite());
    assertThat(p.grad().toDoubleArray()[0]).isEqualTo(-1e12);
    assertThatThrownBy(() -> binaryCrossEntropy(of(0.5, 1.5), of(0, 1)))
        .hasMessageContaining("every probability must lie in [0, 1], element [1] of shape [2]");
    assertThatThrownBy(() -> binaryCrossEntropy(of(0.5, 0.5), of(0, 2)))
        .hasMessageContaining("every target must lie in [0, 1]");
  }

  @Test
  void q49_squaredSmoothAndAbsoluteErrors() {
    Tensor x = leaf(1, 2);
    Tensor loss = mseLoss(x, of(0, 0));
    assertThat(loss.item()).isEqualTo(2.5);
    loss.backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(1, 2);
    Tensor s = leaf(0.5, 2);
    Tensor smooth = smoothL1Loss(s, of(0, 0));
    assertThat(smooth.item()).isEqualTo(0.8125);
    smooth.backward();
    assertThat(s.grad().toDoubleArray()).containsExactly(0.25, 0.5);
    Tensor e = leaf(3, 4);
    l1Loss(e, of(3, 3)).backward();
    assertThat(e.grad().toDoubleArray()).containsExactly(0, 0.5);
  }

  @Test
  void q49_betaOfZeroIsTheAbsoluteErrorAndHuberScalesBack() {
    Tensor x = of(-2, 0.25, 3);
    Tensor t = of(1, 0, 0);
    assertThat(smoothL1Loss(x, t, 0, Reduction.NONE).toDoubleArray())
        .isEqualTo(l1Loss(x, t, Reduction.NONE).toDoubleArray());
    assertThat(huberLoss(x, t, 0.5, Reduction.NONE).toDoubleArray())
        .containsExactly(
            smoothL1Loss(x, t, 0.5, Reduction.NONE).mul(0.5).toDoubleArray(), within(1e-15));
    assertThatThrownBy(() -> smoothL1Loss(x, t, -1, Reduction.MEAN))
        .hasMessageContaining("beta must be at least 0, got -1.0");
    assertThatThrownBy(() -> huberLoss(x, t, 0, Reduction.MEAN))
        .hasMessageContaining("delta must be positive");
  }

  @Test
  void shapesThatWouldBroadcastAreAMistake() {
    assertThatThrownBy(() -> mseLoss(Tensor.ones(4), Tensor.ones(4, 1)))
        .isInstanceOfSatisfying(
            AutogradException.class, e -> assertThat(e.kind()).isEqualTo(ErrorKind.SHAPE))
        .hasMessage(
            "mse_loss: input and target must have the same shape, got [4] and [4, 1]. Reshape or"
                + " expand one of them; nothing is broadcast here.");
  }

  @Test
  void gradientReachesTheTargetOnlyWhereItIsAskedFor() {
    Tensor x = leaf(1, 2);
    Tensor t = leaf(0, 5);
    mseLoss(x, t, Reduction.SUM).backward();
    assertThat(x.grad().toDoubleArray()).containsExactly(2, -6);
    assertThat(t.grad().toDoubleArray()).containsExactly(-2, 6);
  }

  @Test
  void q50_zeroTimesItsLogarithmIsZero() {
    Tensor q = leaf(Math.log(0.5), Math.log(0.5));
    Tensor loss = klDiv(q, of(1, 0), Reduction.SUM, false);
    assertThat(loss.item()).isCloseTo(LN2, within(1e-12));
    loss.backward();
    assertThat(q.grad().toDoubleArray()).containsExactly(new double[] {-1, 0}, within(0.0));
    Tensor t = leaf(1, 0);
    klDiv(of(-1, -2), t, Reduction.SUM, false).backward();
    assertThat(t.grad().toDoubleArray()).containsExactly(2, 0);
  }

  @Test
  void q50_logTargetAndBatchMeanAreTheSameDivergence() {
    Tensor p = Tensor.of(new double[] {0.2, 0.8, 0.5, 0.5}, 2, 2);
    Tensor q = Tensor.of(new double[] {0.6, 0.4, 0.1, 0.9}, 2, 2).log();
    double expected = klDiv(q, p, Reduction.SUM, false).item() / 2;
    assertThat(klDivBatchMean(q, p, false).item()).isCloseTo(expected, within(1e-12));
    assertThat(klDivBatchMean(q, p.log(), true).item()).isCloseTo(expected, within(1e-12));
  }

  @Test
  void meanOfNothingIsNaN() {
    Tensor none = Tensor.zeros(Shape.of(0), DType.F64);
    assertThat(mseLoss(none, none).item()).isNaN();
    assertThat(mseLoss(none, none, Reduction.SUM).item()).isZero();
  }
}
