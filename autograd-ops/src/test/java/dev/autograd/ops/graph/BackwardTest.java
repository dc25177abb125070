package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.leafOf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Autograd;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.FunctionNode;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Node;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Gradients into leaves: roots, seeds, freeing, accumulation.
class BackwardTest {
  @Test
  void a03_theGradientOfALeafIsAPlainTensor() {
    Tensor x = leaf(1, 2, 3);
    x.mul(x).sum().backward();
    assertThat(gradOf(x)).containsExactly(2, 4, 6);
    assertThat(x.grad().requiresGrad()).isFalse();
    assertThat(x.grad().gradFn()).isNull();
  }

  @Test
  void a04_resultsKeepNoGradient() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(3);
    y.sum().backward();
    assertThat(y.grad()).isNull();
    assertThat(gradOf(x)).containsExactly(3, 3);
  }

  @Test
  void c01_theGradientOfASquare() {
    Tensor x = leaf(3);
    x.square().backward();
    assertThat(gradOf(x)).containsExactly(6);
  }

  @Test
  void c06_aSeedIsOfNumbers() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(3);
    Tensor truth = Tensor.of(new boolean[] {true, false});
    assertThat(refused(ErrorKind.SEED_TYPE, () -> y.backward(truth)))
        .hasMessageContaining("f64")
        .hasMessageContaining("got bool");
    y.backward(Tensor.of(new long[] {1, 10}));
    assertThat(gradOf(x)).as("whole numbers are cast").containsExactly(3, 30);
  }

  @Test
  void c35_aFreedGraphKeepsItsNodes() {
    Tensor x = leaf(1, 2);
    Tensor loss = x.mul(leaf(3, 4)).sum();
    loss.backward();
    assertThat(loss.gradFn().name()).isEqualTo("SumBackward");
    Node product = loss.gradFn().nextFunctions().getFirst().node();
    assertThat(product.name()).isEqualTo("MulBackward");
    assertThat(product.nextFunctions()).hasSize(2);
    refused(ErrorKind.GRAPH_FREED, () -> ((FunctionNode) product).savedValues());
  }

  @Test
  void c02_anImpliedSeedNeedsARootOfOneElement() {
    Tensor y = leaf(1, 2, 3).mul(2);
    assertThat(refused(ErrorKind.ROOT_NOT_SCALAR, y::backward))
        .hasMessageContaining("root 0 has shape [3]")
        .hasMessageContaining("sum()")
        .hasMessageContaining("seed");
  }

  @Test
  void rootsOfOneElementNeedNoSeedWhateverTheirRank() {
    Tensor x = leafOf(new double[] {3}, 1, 1, 1);
    x.square().backward();
    assertThat(gradOf(x)).containsExactly(6);
    assertThat(x.grad().shape()).isEqualTo(Shape.of(1, 1, 1));
  }

  @Test
  void c04_theSeedWeighsTheRoot() {
    Tensor x = leaf(1, 2, 3);
    x.mul(2).backward(constant(1, 10, 100));
    assertThat(gradOf(x)).containsExactly(2, 20, 200);
  }

  @Test
  void noSeedStandsForTheImpliedOne() {
    Tensor x = leaf(3);
    x.square().backward((Tensor) null);
    assertThat(gradOf(x)).containsExactly(6);
    Tensor two = leaf(1, 2).mul(2);
    refused(ErrorKind.ROOT_NOT_SCALAR, () -> two.backward((Tensor) null));
  }

  @Test
  void aSeedHasTheShapeOfItsRoot() {
    Tensor y = leaf(1, 2, 3).mul(2);
    Tensor seed = constant(1, 2);
    assertThat(refused(ErrorKind.SEED_SHAPE, () -> y.backward(seed)))
        .hasMessageContaining("[3]")
        .hasMessageContaining("[2]");
    assertThat(
            refused(
                ErrorKind.ARGUMENT,
                () -> Autograd.backward(List.of(y, y), List.of(seed), GradOptions.defaults())))
        .hasMessageContaining("2 roots")
        .hasMessageContaining("got 1");
  }

  @Test
  void aSeedOfAnotherTypeIsCast() {
    Tensor x = leaf(1, 2);
    x.mul(3).backward(Tensor.of(new long[] {1, 2}));
    assertThat(gradOf(x)).containsExactly(3, 6);
    assertThat(x.grad().dtype()).isEqualTo(DType.F64);
  }

  @Test
  void c07_aRootWithoutHistoryIsAMistake() {
    assertThat(refused(ErrorKind.ROOT_NO_GRAD, constant(1)::backward))
        .hasMessageContaining("root 0")
        .hasMessageContaining("f64")
        .hasMessageContaining("requiresGrad(true)");
    Tensor x = leaf(1);
    Tensor hidden = GradMode.noGrad(() -> x.mul(2));
    refused(ErrorKind.ROOT_NO_GRAD, hidden::backward);
  }

  @Test
  void c09_aLeafCanBeTheRoot() {
    Tensor v = leaf(1, 2);
    v.backward(constant(3, 4));
    assertThat(gradOf(v)).containsExactly(3, 4);
  }

  @Test
  void c10_aGraphIsWalkedOnceUnlessRetained() {
    Tensor x = leaf(2);
    Tensor y = x.mul(x).mul(x);
    y.backward();
    assertThat(refused(ErrorKind.GRAPH_FREED, y::backward))
        .hasMessageContaining("MulBackward")
        .hasMessageContaining("freed by an earlier backward")
        .hasMessageContaining("retainGraph");
    assertThat(gradOf(x)).as("the refused pass adds nothing").containsExactly(12);
  }

  @Test
  void c11_aGraphThatSavesNothingCanBeWalkedAgain() {
    Tensor x = leaf(1);
    Tensor y = x.add(1);
    y.backward();
    y.backward();
    assertThat(gradOf(x)).containsExactly(2);
  }

  @Test
  void c12_aRetainedGraphAddsUp() {
    Tensor x = leaf(2);
    Tensor y = x.pow(3);
    y.backward(GradOptions.retainGraph());
    y.backward(GradOptions.retainGraph());
    y.backward();
    assertThat(gradOf(x)).containsExactly(36);
    refused(ErrorKind.GRAPH_FREED, y::backward);
  }

  @Test
  void c27_aRootMayDependOnAnother() {
    Tensor x = leaf(2);
    Tensor y = x.square();
    Tensor z = y.pow(3);
    Autograd.backward(List.of(y, z), List.of(constant(1), constant(1)), GradOptions.defaults());
    assertThat(gradOf(x)).containsExactly(196);
  }

  @Test
  void oneRootMayBeGivenTwice() {
    Tensor x = leaf(2);
    Tensor y = x.square();
    Autograd.backward(List.of(y, y));
    assertThat(gradOf(x)).containsExactly(8);
  }

  @Test
  void c32_separateGraphsAddUpInACommonLeaf() {
    Tensor x = leaf(1);
    x.mul(2).backward();
    x.mul(2).backward();
    assertThat(gradOf(x)).containsExactly(4);
    x.zeroGrad();
    assertThat(x.grad()).isNull();
  }

  @Test
  void c23_onlyTheNamedInputsAccumulate() {
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    Tensor out = x.square().add(x.mul(y)).sum();
    Autograd.backward(List.of(out), List.of(), GradOptions.defaults(), List.of(x));
    assertThat(gradOf(x)).containsExactly(5, 8);
    assertThat(y.grad()).isNull();
  }

  @Test
  void namedInputsMayBeResults() {
    Tensor x = leaf(1, 2);
    Tensor h = x.mul(3);
    Autograd.backward(List.of(h.square().sum()), List.of(), GradOptions.defaults(), List.of(h));
    assertThat(gradOf(h)).containsExactly(6, 12);
    assertThat(x.grad()).isNull();
  }

  @Test
  void c34_gradientsOfARecordedPassAreDifferentiable() {
    Tensor x = leaf(2);
    x.pow(3).backward(GradOptions.createGraph());
    Tensor first = x.grad();
    assertThat(first.requiresGrad()).isTrue();
    x.zeroGrad();
    first.backward();
    assertThat(gradOf(x)).containsExactly(12);
  }

  @Test
  void c16_recordedGradientsCanBeCombined() {
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    Tensor z = x.square().add(y.mul(x)).add(y.square());
    z.backward(constant(1, 1), GradOptions.createGraph());
    assertThat(gradOf(x)).containsExactly(5, 8);
    assertThat(gradOf(y)).containsExactly(7, 10);
    Tensor sum = x.grad().mul(2).add(y.grad());
    Tensor second =
        Autograd.grad(List.of(sum), List.of(x), List.of(constant(1, 1)), GradOptions.defaults())
            .getFirst();
    assertThat(second.toDoubleArray()).containsExactly(5, 5);
  }

  @Test
  void j01_notANumberPassesWithoutError() {
    Tensor x = leaf(0, 0);
    x.div(constant(0, 0)).mul(0).sum().backward();
    assertThat(gradOf(x)).containsOnly(Double.NaN);
  }

  @Test
  void a17_a18_anAssignedGradientHasTheShapeAndTypeOfItsTensor() {
    Tensor x = Tensor.zeros(Shape.of(5, 5), DType.F64).requiresGrad(true);
    assertThat(
            refused(
                ErrorKind.GRAD_ASSIGN_MISMATCH,
                () -> x.grad(Tensor.zeros(Shape.of(2, 2), DType.F64))))
        .hasMessageContaining("[5, 5]")
        .hasMessageContaining("[2, 2]");
    assertThat(
            refused(
                ErrorKind.GRAD_ASSIGN_MISMATCH,
                () -> x.grad(Tensor.zeros(Shape.of(5, 5), DType.I64))))
        .hasMessageContaining("i64");
    refused(ErrorKind.GRAD_ASSIGN_MISMATCH, () -> x.grad(x));
    Tensor own = Tensor.ones(Shape.of(5, 5), DType.F64);
    x.grad(own);
    assertThat(x.grad()).isSameAs(own);
    x.grad(null);
    assertThat(x.grad()).isNull();
  }
}
