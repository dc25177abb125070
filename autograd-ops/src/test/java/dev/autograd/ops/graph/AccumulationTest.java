package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.leafOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.DType;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// What ends up in a leaf: own memory, right shape, right type.
class AccumulationTest {
  private static GradOptions options(boolean createGraph) {
    return createGraph ? GradOptions.createGraph() : GradOptions.defaults();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void i03_theSeedStaysTheCallers(boolean createGraph) {
    Tensor x = leaf(1, 2);
    Tensor seed = constant(3, 3);
    x.backward(seed, options(createGraph));
    seed.zero_();
    assertThat(gradOf(x)).containsExactly(3, 3);
    x.add(1).backward(constant(1, 1));
    assertThat(seed.toDoubleArray()).containsExactly(0, 0);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void i04_leavesNeverShareAGradient(boolean createGraph) {
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    x.add(y).backward(constant(1, 1), options(createGraph));
    x.grad().zero_();
    assertThat(gradOf(x)).containsExactly(0, 0);
    assertThat(gradOf(y)).containsExactly(1, 1);
  }

  @Test
  void aKeptGradientUnderCreateGraphIsItsOwn() {
    Tensor x = leaf(1, 2);
    Tensor h = x.add(0);
    h.retainGrad();
    h.sum().backward(GradOptions.createGraph());
    h.grad().detach().zero_();
    assertThat(gradOf(x)).containsExactly(1, 1);
  }

  @Test
  void p11_zeroGradientsAreNumbers() {
    Tensor x = leaf(1, 2);
    x.mul(2).mul(0).sum().add(x.mul(3).sum()).backward();
    assertThat(gradOf(x)).containsExactly(3, 3);
  }

  @Test
  void p01_broadcastOperandsGetSumsOverTheirCopies() {
    Tensor a = leafOf(new double[] {1, 2, 3}, 3, 1);
    Tensor b = leafOf(new double[] {1, 2, 3, 4}, 1, 4);
    a.add(b).sum().backward();
    assertThat(a.grad().shape()).isEqualTo(Shape.of(3, 1));
    assertThat(gradOf(a)).containsOnly(4);
    assertThat(b.grad().shape()).isEqualTo(Shape.of(1, 4));
    assertThat(gradOf(b)).containsOnly(3);
  }

  @Test
  void p03_leadingDimensionsAreSummedAway() {
    Tensor b = leaf(1, 2, 3, 4);
    Tensor.ones(Shape.of(2, 3, 4), DType.F64).add(b).sum().backward();
    assertThat(gradOf(b)).containsExactly(6, 6, 6, 6);
  }

  @Test
  void p04_anExpandedTensorGetsTheSum() {
    Tensor x = leaf(1);
    x.expand(3).mul(constant(1, 2, 3)).sum().backward();
    assertThat(gradOf(x)).containsExactly(6);
  }

  @Test
  void p05_batchesOfAMatrixProductAreSummed() {
    Tensor a = Tensor.ones(Shape.of(2, 3, 4), DType.F64).requiresGrad(true);
    Tensor b = Tensor.ones(Shape.of(4, 5), DType.F64).requiresGrad(true);
    a.matmul(b).sum().backward();
    assertThat(a.grad().shape()).isEqualTo(a.shape());
    assertThat(gradOf(a)).containsOnly(5);
    assertThat(b.grad().shape()).isEqualTo(b.shape());
    assertThat(gradOf(b)).containsOnly(6);
  }

  @Test
  void p06_eachGradientHasTheTypeOfItsInput() {
    Tensor a = Tensor.of(new float[] {1, 2}).requiresGrad(true);
    Tensor b = leaf(3, 4);
    Tensor y = a.mul(b);
    assertThat(y.dtype()).isEqualTo(DType.F64);
    y.sum().backward();
    assertThat(a.grad().dtype()).isEqualTo(DType.F32);
    assertThat(gradOf(a)).containsExactly(3, 4);
    assertThat(b.grad().dtype()).isEqualTo(DType.F64);
    assertThat(gradOf(b)).containsExactly(1, 2);
  }

  @Test
  void p08_aJavaNumberDoesNotPromoteAFloatingTensor() {
    Tensor a = Tensor.of(new float[] {1, 2});
    assertThat(a.mul(2.5).dtype()).isEqualTo(DType.F32);
  }

  @Test
  void p12_anIndexOutputTakesNoPart() {
    Tensor x = leaf(1, 2, 3);
    x.max(0).values().backward();
    assertThat(gradOf(x)).containsExactly(0, 0, 1);
  }

  @Test
  void i08_emptyOperands() {
    Tensor a = Tensor.zeros(Shape.of(4, 0), DType.F64).requiresGrad(true);
    Tensor b = Tensor.ones(Shape.of(4, 1), DType.F64).requiresGrad(true);
    a.add(b).sum().backward();
    assertThat(a.grad().shape()).isEqualTo(Shape.of(4, 0));
    assertThat(b.grad().shape()).isEqualTo(Shape.of(4, 1));
    assertThat(gradOf(b)).containsOnly(0);
  }

  @Test
  void aLeafUsedInManyPlacesGetsTheSumInOneOrder() {
    Tensor x = Tensor.of(new float[] {0.1f, 0.2f, 0.3f}).requiresGrad(true);
    float[] first = null;
    for (int run = 0; run < 3; run++) {
      x.zeroGrad();
      Tensor sum = Tensor.scalar(0);
      for (int i = 1; i <= 50; i++) {
        sum = sum.add(x.mul(1.0 / i).sin().sum());
      }
      sum.backward();
      float[] g = x.grad().toFloatArray();
      if (first != null) {
        assertThat(g).isEqualTo(first);
      }
      first = g;
    }
  }
}
