package dev.autograd.ops.attention;

import static dev.autograd.ops.attention.ScaledDotProductAttention.scaledDotProductAttention;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Autograd;
import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ScaledDotProductAttentionTest {
  private static Tensor random(long seed, int... shape) {
    return Tensor.randn(Shape.of(shape), DType.F64, new Generator(seed)).requiresGrad(true);
  }

  @Test
  void equalsTheComposedForm() {
    Tensor q = random(1, 2, 3, 4, 5);
    Tensor k = random(2, 2, 3, 6, 5);
    Tensor v = random(3, 2, 3, 6, 7);
    Tensor weights = q.matmul(k.transpose(-2, -1)).div(Math.sqrt(5)).softmax(-1);
    Tensor y = scaledDotProductAttention(q, k, v);
    assertThat(y.shape()).isEqualTo(Shape.of(2, 3, 4, 7));
    assertThat(y.toDoubleArray()).containsExactly(weights.matmul(v).toDoubleArray(), within(1e-12));
  }

  @Test
  void q95_maskedKeysGetExactlyNoGradientAndTheFirstRowSeesItselfOnly() {
    Tensor q = random(1, 3, 4);
    Tensor k = random(2, 3, 4);
    Tensor v = random(3, 3, 2);
    double inf = Double.NEGATIVE_INFINITY;
    Tensor mask = Tensor.of(new double[] {0, inf, inf, 0, 0, inf, 0, 0, 0}, 3, 3);
    Tensor y = scaledDotProductAttention(q, k, v, mask, false, null);
    assertThat(y.get(0).toDoubleArray()).isEqualTo(v.get(0).toDoubleArray());
    assertThat(y.toDoubleArray())
        .isEqualTo(scaledDotProductAttention(q, k, v, null, true, null).toDoubleArray());
    y.get(0).sum().backward();
    assertThat(v.grad().toDoubleArray()).containsExactly(1, 1, 0, 0, 0, 0);
    assertThat(k.grad().toDoubleArray()).containsOnly(0);
    assertThat(q.grad().toDoubleArray()).containsOnly(0);
    q.zeroGrad();
    k.zeroGrad();
    v.zeroGrad();
    scaledDotProductAttention(q, k, v, mask, false, null).get(1).sum().backward();
    assertThat(k.grad().get(2).toDoubleArray()).containsOnly(0);
    assertThat(v.grad().get(2).toDoubleArray()).containsOnly(0);
    assertThat(k.grad().get(1).toDoubleArray()).doesNotContain(0);
  }

  @Test
  void q95_queryWithoutAnyKeyAttendsToNothing() {
    Tensor q = random(1, 2, 4);
    Tensor k = random(2, 3, 4);
    Tensor v = random(3, 3, 2);
    Tensor seen = Tensor.of(new boolean[] {false, false, false, true, false, true}, 2, 3);
    Tensor y = scaledDotProductAttention(q, k, v, seen, false, null);
    assertThat(y.get(0).toDoubleArray()).containsOnly(0);
    assertThat(y.get(1).toDoubleArray()).doesNotContain(0, Double.NaN);
    y.sum().backward();
    assertThat(q.grad().get(0).toDoubleArray()).containsOnly(0);
    assertThat(DoubleStream.of(v.grad().toDoubleArray()).boxed())
        .allSatisfy(g -> assertThat(g).isFinite());
    assertThat(k.grad().get(1).toDoubleArray()).containsOnly(0);
  }

  @Test
  void maskBroadcastsOverHeadsAndCombinesWithCausal() {
    Tensor q = random(1, 2, 3, 4, 5);
    Tensor k = random(2, 2, 3, 4, 5);
    Tensor v = random(3, 2, 3, 4, 5);
    Tensor mask = random(4, 2, 1, 4, 4).detach();
    Tensor y = scaledDotProductAttention(q, k, v, mask, true, 0.3);
    Tensor future = Tensor.ones(Shape.of(4, 4), DType.F64).triu(1).eq(1);
    Tensor scores = q.matmul(k.transpose(-2, -1)).mul(0.3).add(mask);
    Tensor expected = scores.maskedFill(future, Double.NEGATIVE_INFINITY).softmax(-1).matmul(v);
    assertThat(y.toDoubleArray()).containsExactly(expected.toDoubleArray(), within(1e-12));
  }

  private static Tensor composed(
      Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal, double scale) {
    Tensor scores = q.matmul(k.transpose(-2, -1)).mul(scale);
    double inf = Double.NEGATIVE_INFINITY;
    if (mask != null) {
      scores =
          mask.dtype() == DType.BOOL ? scores.maskedFill(mask.logicalNot(), inf) : scores.add(mask);
    }
    if (causal) {
      Tensor future = Tensor.ones(Shape.of(q.size(-2), k.size(-2)), DType.F64).triu(1);
      scores = scores.maskedFill(future.gt(0), inf);
    }
    return scores.softmax(-1).matmul(v);
  }

  /// Compares results and gradients, recorded and not, with those of the composed form.
  private static void sameAsComposed(
      Tensor q, Tensor k, Tensor v, @Nullable Tensor mask, boolean causal) {
    List<Tensor> inputs =
        mask != null && mask.requiresGrad() ? List.of(q, k, v, mask) : List.of(q, k, v);
    Tensor expected = composed(q, k, v, mask, causal, 0.4);
    Tensor y = scaledDotProductAttention(q, k, v, mask, causal, 0.4);
    Tensor w = Tensor.randn(y.shape(), DType.F64, new Generator(9));
    List<Tensor> dx = Autograd.grad(expected.mul(w).sum(), inputs);
    assertThat(y.shape()).isEqualTo(expected.shape());
    assertThat(y.toDoubleArray()).containsExactly(expected.toDoubleArray(), within(1e-12));
    List<Tensor> recorded = Autograd.grad(y.mul(w).sum(), inputs, GradOptions.createGraph());
    List<Tensor> fast = Autograd.grad(y.mul(w).sum(), inputs);
    for (int i = 0; i < dx.size(); i++) {
      assertThat(fast.get(i).shape()).isEqualTo(inputs.get(i).shape());
      double[] wanted = dx.get(i).toDoubleArray();
      assertThat(fast.get(i).toDoubleArray()).containsExactly(wanted, within(1e-11));
      assertThat(recorded.get(i).toDoubleArray()).containsExactly(wanted, within(1e-11));
    }
  }

  @Test
  void gradientsOfPackedProjectionsAreThoseOfTheComposedForm() {
    Tensor parts = random(1, 2, 70, 3, 2, 5).permute(2, 0, 3, 1, 4);
    sameAsComposed(parts.get(0), parts.get(1), parts.get(2), null, false);
    sameAsComposed(parts.get(0), parts.get(1), parts.get(2), null, true);
  }

  @Test
  void severalHeadsMayShareKeysAndValues() {
    Tensor q = random(1, 2, 6, 9, 4);
    sameAsComposed(q, random(2, 2, 1, 7, 4), random(3, 2, 1, 7, 3), null, false);
    sameAsComposed(q, random(2, 7, 4), random(3, 6, 7, 3), null, true);
    Tensor k = random(2, 2, 2, 1, 7, 4).expand(2, 2, 3, 7, 4).reshape(2, 6, 7, 4);
    sameAsComposed(q, k, random(3, 7, 3), null, false);
    sameAsComposed(random(1, 9, 4), random(2, 7, 4), random(3, 6, 7, 3), null, false);
  }

  @Test
  void masksOfAnyLayoutHideKeysOrAreAdded() {
    Tensor q = random(1, 2, 3, 66, 4);
    Tensor k = random(2, 2, 3, 130, 4);
    Tensor v = random(3, 2, 3, 130, 3);
    sameAsComposed(q, k, v, random(4, 66, 130), false);
    sameAsComposed(q, k, v, random(4, 130, 66).transpose(0, 1).detach(), true);
    sameAsComposed(q, k, v, random(4, 2, 1, 1, 130).detach().gt(0), false);
    sameAsComposed(q, k, v, random(4, 3, 1, 130).detach().gt(-1), false);
    sameAsComposed(q, k, v, random(4, 66, 1).detach(), false);
  }

  @Test
  void theSecondResultIsTheLogarithmOfTheSums() {
    Tensor q = random(1, 2, 4, 5);
    Tensor k = random(2, 2, 6, 5);
    Tensor[] both = new ScaledDotProductAttention().apply(q, k, random(3, 2, 6, 7));
    Tensor scores = q.matmul(k.transpose(-2, -1)).div(Math.sqrt(5));
    assertThat(both[1].toDoubleArray())
        .containsExactly(scores.logsumexp(-1).toDoubleArray(), within(1e-12));
    assertThat(both[1].requiresGrad()).isFalse();
  }
}
