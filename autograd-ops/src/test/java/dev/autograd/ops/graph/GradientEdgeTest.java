package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Autograd;
import dev.autograd.DType;
import dev.autograd.Edge;
import dev.autograd.ErrorKind;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Edges in the place of tensors: as roots, as inputs, after the tensor has moved on.
class GradientEdgeTest {
  private static double[] only(List<@Nullable Tensor> grads) {
    assertThat(grads).hasSize(1);
    Tensor g = grads.getFirst();
    assertThat(g).isNotNull();
    return g.toDoubleArray();
  }

  @Test
  void anEdgeKnowsItsNodeShapeAndType() {
    Tensor x = leaf(1, 2, 3);
    Tensor y = x.mul(2);
    Edge edge = y.gradientEdge();
    assertThat(edge.node()).isSameAs(y.gradFn());
    assertThat(edge.outputNr()).isZero();
    assertThat(edge.shape()).isEqualTo(Shape.of(3));
    assertThat(edge.dtype()).isEqualTo(DType.F64);
    assertThat(edge.gradientEdge()).isSameAs(edge);
    assertThat(x.gradientEdge().node().name()).isEqualTo("AccumulateGrad");
    assertThat(x.gradientEdge().shape()).isEqualTo(Shape.of(3));
    assertThat(x.unbind(0).get(2).gradientEdge().outputNr()).isEqualTo(2);
    assertThat(refused(ErrorKind.INPUT_NO_GRAD, () -> constant(1).gradientEdge()))
        .hasMessageContaining("does not require grad");
  }

  @Test
  void anEdgeIsARootLikeItsTensor() {
    Tensor x = leaf(1, 2);
    Edge y = x.square().gradientEdge();
    refused(ErrorKind.ROOT_NOT_SCALAR, () -> Autograd.backward(List.of(y), List.of(), opts()));
    refused(
        ErrorKind.SEED_SHAPE, () -> Autograd.backward(List.of(y), List.of(constant(1)), opts()));
    Autograd.backward(List.of(y), List.of(constant(1, 10)), GradOptions.retainGraph());
    assertThat(gradOf(x)).containsExactly(2, 40);
    Edge sum = x.mul(3).sum().gradientEdge();
    assertThat(only(Autograd.grad(List.of(sum), List.of(x), List.of(), opts())))
        .containsExactly(3, 3);
    assertThat(only(Autograd.grad(List.of(y), List.of(x), List.of(constant(1, 1)), opts())))
        .containsExactly(2, 4);
  }

  @Test
  void anEdgeIsAnInputLikeItsTensor() {
    Tensor x = leaf(1, 2);
    Tensor h = x.mul(3);
    Tensor loss = h.mul(h).sum();
    assertThat(only(Autograd.grad(List.of(loss), List.of(h.gradientEdge()), List.of(), retained())))
        .containsExactly(6, 12);
    Autograd.backward(List.of(loss), List.of(), retained(), List.of(x.gradientEdge()));
    assertThat(gradOf(x)).containsExactly(18, 36);
    assertThat(
            refused(
                ErrorKind.ARGUMENT,
                () ->
                    Autograd.backward(List.of(loss), List.of(), opts(), List.of(h.gradientEdge()))))
        .hasMessageContaining("<MulScalarBackward>")
        .hasMessageContaining("Use grad");
  }

  @Test
  void anEdgeStaysWhereItIsWhenTheTensorIsWritten() {
    Tensor x = leaf(1, 2);
    Tensor h = x.mul(3);
    Edge before = h.gradientEdge();
    h.mul_(5);
    Tensor loss = h.sum();
    assertThat(only(Autograd.grad(List.of(loss), List.of(before), List.of(), retained())))
        .containsExactly(5, 5);
    assertThat(only(Autograd.grad(List.of(loss), List.of(h), List.of(), retained())))
        .containsExactly(1, 1);
    assertThat(only(Autograd.grad(List.of(before), List.of(x), List.of(constant(1, 1)), opts())))
        .containsExactly(3, 3);
  }

  @Test
  void anUnreachedEdgeIsNullOrZeros() {
    Tensor x = leaf(1, 2);
    Edge aside = x.mul(3).gradientEdge();
    Tensor loss = x.sum();
    refused(
        ErrorKind.UNUSED_INPUT,
        () -> Autograd.grad(List.of(loss), List.of(aside), List.of(), opts()));
    assertThat(
            Autograd.grad(
                List.of(loss), List.of(aside), List.of(), GradOptions.defaults().allowingUnused()))
        .containsExactly((Tensor) null);
    assertThat(
            only(
                Autograd.grad(
                    List.of(loss),
                    List.of(aside),
                    List.of(),
                    GradOptions.defaults().materializingGrads())))
        .containsExactly(0, 0);
  }

  private static GradOptions opts() {
    return GradOptions.defaults();
  }

  private static GradOptions retained() {
    return GradOptions.retainGraph();
  }
}
