package dev.autograd.ops.attention;

import static dev.autograd.ops.attention.ScaledDotProductAttention.scaledDotProductAttention;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.stream.DoubleStream;
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
}
