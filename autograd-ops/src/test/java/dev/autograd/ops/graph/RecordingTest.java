package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.refused;
import static dev.autograd.ops.loss.BinaryCrossEntropyWithLogits.binaryCrossEntropyWithLogits;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.AccumulateGrad;
import dev.autograd.DType;
import dev.autograd.Edge;
import dev.autograd.ErrorKind;
import dev.autograd.FunctionNode;
import dev.autograd.Generator;
import dev.autograd.Node;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What a forward pass leaves behind.
class RecordingTest {
  @Test
  void a01_onlyWhatDependsOnALeafIsRecorded() {
    Tensor a = constant(1, 2);
    Tensor w = leaf(3, 4);
    Tensor b = a.add(a);
    Tensor c = a.mul(w);
    assertThat(b.requiresGrad()).isFalse();
    assertThat(b.gradFn()).isNull();
    assertThat(b.isLeaf()).isTrue();
    assertThat(c.requiresGrad()).isTrue();
    assertThat(c.gradFn().name()).isEqualTo("MulBackward");
    assertThat(c.isLeaf()).isFalse();
    assertThat(w.isLeaf()).isTrue();
    assertThat(w.gradFn()).isNull();
  }

  @Test
  void b01_nextFunctionsLeadToTheLeaves() {
    Tensor x = leaf(1);
    Tensor y = leaf(2);
    Tensor a = x.add(y);
    Tensor b = a.add(constant(5));
    List<Edge> edges = a.gradFn().nextFunctions();
    assertThat(edges).hasSize(2);
    assertThat(((AccumulateGrad) edges.get(0).node()).variable()).isSameAs(x);
    assertThat(((AccumulateGrad) edges.get(1).node()).variable()).isSameAs(y);
    assertThat(edges).extracting(Edge::outputNr).containsExactly(0, 0);
    assertThat(edges).extracting(e -> e.node().name()).containsOnly("AccumulateGrad");
    assertThat(b.gradFn().nextFunctions().get(0)).isEqualTo(new Edge(a.gradFn(), 0));
    assertThat(b.gradFn().nextFunctions().get(1)).isNull();
  }

  @Test
  void oneLeafHasOneAccumulator() {
    Tensor x = leaf(1);
    List<Edge> square = x.mul(x).gradFn().nextFunctions();
    assertThat(square.get(0).node()).isSameAs(square.get(1).node());
    assertThat(x.exp().gradFn().nextFunctions().get(0).node()).isSameAs(square.get(0).node());
  }

  @Test
  void b04_theInputThatANodeSavesIsTheInputItself() {
    Tensor x = leaf(1, 2);
    FunctionNode node = (FunctionNode) x.pow(3).gradFn();
    assertThat(node.name()).isEqualTo("PowScalarBackward");
    assertThat(node.savedValues()).hasSize(1);
    assertThat(node.savedValues().getFirst()).isSameAs(x);
    assertThat(node.operation().toString()).contains("3.0");
  }

  @Test
  void b05_theSavedResultIsGoneAfterBackward() {
    Tensor x = leaf(0.5);
    Tensor y = x.exp();
    FunctionNode node = (FunctionNode) y.gradFn();
    assertThat(node.savedValues().getFirst().toDoubleArray()).isEqualTo(y.toDoubleArray());
    y.backward();
    assertThat(refused(ErrorKind.GRAPH_FREED, node::savedValues))
        .hasMessageContaining("ExpBackward")
        .hasMessageContaining("freed")
        .hasMessageContaining("retainGraph");
    assertThat(y.gradFn()).isSameAs(node);
  }

  @Test
  void b06_metadataIsKeptWithTheNode() {
    Node node = leaf(1).exp().gradFn();
    node.metadata().put("layer", "encoder");
    assertThat(node.metadata()).containsEntry("layer", "encoder");
  }

  @Test
  void b07_sequenceNumbersGrowInTheOrderOfCreation() {
    Tensor x = leaf(1);
    Tensor a = x.mul(2);
    Tensor b = a.add(1);
    Tensor c = x.mul(4);
    assertThat(a.gradFn().sequenceNumber()).isLessThan(b.gradFn().sequenceNumber());
    assertThat(b.gradFn().sequenceNumber()).isLessThan(c.gradFn().sequenceNumber());
    assertThat(a.gradFn().nextFunctions().getFirst().node().sequenceNumber())
        .isEqualTo(Long.MAX_VALUE);
  }

  @Test
  void a12_outputsOfOneFunctionShareItsNode() {
    Tensor x = Given.leafOf(new double[] {1, 2, 3, 4, 5, 6}, 3, 2);
    List<Tensor> rows = x.unbind(0);
    assertThat(rows).hasSize(3).extracting(Tensor::outputNr).containsExactly(0, 1, 2);
    assertThat(rows.get(1).gradFn()).isSameAs(rows.get(0).gradFn());
    assertThat(rows.get(2).gradFn()).isSameAs(rows.get(0).gradFn());
  }

  @Test
  void b11_anUnusedOutputContributesZeros() {
    Tensor x = Tensor.zeros(Shape.of(10, 2), DType.F64).requiresGrad(true);
    List<Tensor> chunks = x.chunk(5, 0);
    chunks.get(2).mul(4).add(2).sum().backward();
    assertThat(x.grad().sum(1).toDoubleArray()).containsExactly(0, 0, 0, 0, 8, 8, 0, 0, 0, 0);
  }

  @Test
  void b15_aNodeChecksHowManyGradientsItIsGiven() {
    Node node = leaf(3).square().gradFn();
    Tensor one = constant(1);
    assertThat(refused(ErrorKind.NODE_ARITY, () -> node.call(one, one)))
        .hasMessageContaining("SquareBackward")
        .hasMessageContaining("1 outputs, got 2");
    assertThat(node.call(one)[0].toDoubleArray()).containsExactly(6);
  }

  @Test
  void b16_indicesAndComparisonsCarryNoGradient() {
    Tensor x = leaf(3, 1, 2);
    assertThat(x.argmax().requiresGrad()).isFalse();
    assertThat(x.gt(1).requiresGrad()).isFalse();
    assertThat(x.eq(x).requiresGrad()).isFalse();
    assertThat(x.isNan().requiresGrad()).isFalse();
    Tensor sign = x.sign();
    assertThat(sign.requiresGrad()).isTrue();
    sign.sum().backward();
    assertThat(gradOf(x)).containsOnly(0);
  }

  @Test
  void onlyFloatingTensorsMayRequireGrad() {
    Tensor indices = Tensor.arange(3);
    assertThat(refused(ErrorKind.NON_FLOAT_REQUIRES_GRAD, () -> indices.requiresGrad(true)))
        .hasMessageContaining("i64");
    assertThat(indices.requiresGrad(false).requiresGrad()).isFalse();
  }

  @Test
  void requiresGradIsClearedOnLeavesOnly() {
    Tensor x = leaf(1);
    Tensor y = x.mul(2);
    assertThat(refused(ErrorKind.REQUIRES_GRAD_ON_NON_LEAF, () -> y.requiresGrad(false)))
        .hasMessageContaining("MulScalarBackward")
        .hasMessageContaining("detach()");
    assertThat(y.requiresGrad(true)).isSameAs(y);
    x.requiresGrad(false);
    assertThat(x.mul(2).requiresGrad()).isFalse();
    y.backward();
    assertThat(gradOf(x)).as("the graph recorded before stays whole").containsExactly(2);
  }

  @Test
  void theGraphOfEachIterationIsWhatPlainJavaDid() {
    Tensor w = leaf(1.5);
    int[] expected = {0, 1, 2, 3};
    for (int steps : expected) {
      w.zeroGrad();
      Tensor y = w;
      for (int i = 0; i < steps; i++) {
        y = y.mul(w);
      }
      y.sum().backward();
      assertThat(gradOf(w)[0]).isCloseTo((steps + 1) * Math.pow(1.5, steps), within(1e-12));
    }
  }

  @Test
  void aBranchThatDependsOnTheDataIsDifferentiatedAsTaken() {
    for (double start : new double[] {0.3, 1.7, -2.0}) {
      Tensor x = leaf(start);
      Tensor y = x;
      double value = start;
      double slope = 1;
      while (Math.abs(y.item()) < 10) {
        if (y.item() > 0) {
          y = y.mul(y).add(x);
          slope = 2 * value * slope + 1;
          value = value * value + start;
        } else {
          y = y.mul(-3);
          slope *= -3;
          value *= -3;
        }
      }
      y.backward();
      assertThat(y.item()).isEqualTo(value);
      assertThat(gradOf(x)[0]).as("at %s", start).isCloseTo(slope, within(1e-9 * Math.abs(slope)));
    }
  }

  @Test
  void theGradientsOfALinearClassifierAreThoseOfTheClosedForm() {
    Tensor x = Tensor.ones(5);
    Tensor y = Tensor.zeros(3);
    Generator random = new Generator(42);
    Tensor w = Tensor.randn(Shape.of(5, 3), DType.F32, random).requiresGrad(true);
    Tensor b = Tensor.randn(Shape.of(3), DType.F32, random).requiresGrad(true);
    Tensor z = x.matmul(w).add(b);
    Tensor loss = binaryCrossEntropyWithLogits(z, y);
    assertThat(z.gradFn().name()).isEqualTo("AddBackward");
    assertThat(loss.gradFn().name()).isEqualTo("BinaryCrossEntropyWithLogitsBackward");
    loss.backward();

    float[] logits = z.toFloatArray();
    for (int j = 0; j < 3; j++) {
      double expected = 1 / (1 + Math.exp(-logits[j])) / 3;
      assertThat(b.grad().at(j)).isCloseTo(expected, within(1e-6));
      for (int i = 0; i < 5; i++) {
        assertThat(w.grad().at(i, j)).as("row %d", i).isEqualTo(b.grad().at(j));
      }
    }
    assertThat(x.grad()).isNull();
    assertThat(y.grad()).isNull();
    assertThat(z.grad()).isNull();
  }
}
