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
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/// Writes into whole tensors: versions, histories, refusals.
class InPlaceTest {
  @Test
  void h01_onlyWhoSavedTheOldValueMinds() {
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    Tensor z = x.mul(y);
    Tensor q = z.add(y).sum();
    Tensor w = z.mul(y).sum();
    z.add_(2);
    q.backward(GradOptions.retainGraph());
    assertThat(gradOf(x)).containsExactly(3, 4);
    assertThat(refused(ErrorKind.VERSION_MISMATCH, w::backward))
        .hasMessageContaining("MulBackward")
        .hasMessageContaining("f64 tensor of shape [2]")
        .hasMessageContaining("output 0 of MulBackward")
        .hasMessageContaining("version 1, expected version 0");
  }

  @Test
  void h02_writingIntoASavedResultIsRefusedInBackward() {
    Tensor y = leaf(1, 2).exp();
    Tensor out = y.sum();
    y.add_(1);
    assertThat(y.version()).isEqualTo(1);
    out.add(0);
    assertThat(refused(ErrorKind.VERSION_MISMATCH, out::backward))
        .hasMessageContaining("ExpBackward")
        .hasMessageContaining("f64 tensor of shape [2]")
        .hasMessageContaining("is at version 1, expected version 0")
        .hasMessageContaining("Clone it");
  }

  @Test
  void h03_aScalarMultipleSavesNothing() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(3);
    Tensor z = y.mul(2);
    y.add_(1);
    z.sum().backward();
    assertThat(gradOf(x)).containsExactly(6, 6);
  }

  @Test
  void h04_olderResultsKeepTheOlderHistory() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(3);
    Tensor z = y.add(1);
    assertThat(y.mul_(5)).isSameAs(y);
    z.add(y).sum().backward();
    assertThat(gradOf(x)).containsExactly(18, 18);
  }

  @Test
  void h05_aLeafThatRequiresGradCannotBeWritten() {
    Tensor x = leaf(1, 2);
    assertThat(refused(ErrorKind.LEAF_INPLACE, () -> x.add_(1)))
        .hasMessageContaining("add_")
        .hasMessageContaining("noGrad()");
    assertThat(x.toDoubleArray()).containsExactly(1, 2);
    assertThat(x.version()).isZero();
  }

  @Test
  void a22_aConstantWrittenWithAVariableJoinsTheGraph() {
    Tensor x = constant(1, 1);
    Tensor y = leaf(2, 3);
    x.add_(y);
    assertThat(x.requiresGrad()).isTrue();
    assertThat(x.isLeaf()).isFalse();
    assertThat(x.gradFn()).isNotNull();
    x.sum().backward();
    assertThat(gradOf(y)).containsExactly(1, 1);
  }

  @Test
  void h06_h07_aViewOfALeafCannotBeWritten() {
    Tensor x = leafOf(new double[] {1, 2, 3, 4}, 2, 2);
    Tensor row = x.get(0);
    assertThat(refused(ErrorKind.VIEW_OF_LEAF_INPLACE, () -> row.fill_(0)))
        .hasMessageContaining("clone");
    Tensor whole = x.reshape(4);
    refused(ErrorKind.VIEW_OF_LEAF_INPLACE, () -> whole.add_(1));
    GradMode.noGrad(() -> row.fill_(0));
    assertThat(x.toDoubleArray()).containsExactly(0, 0, 3, 4);
  }

  @Test
  void h20_elementsThatShareMemoryCannotBeWritten() {
    Tensor y = constant(1).expand(3);
    assertThat(refused(ErrorKind.OVERLAPPING_WRITE, () -> y.add_(1)))
        .hasMessageContaining("[3]")
        .hasMessageContaining("expanded");
  }

  @Test
  void h22_anIndexWrittenAfterItsUseIsNoticed() {
    Tensor x = leaf(1, 2, 3);
    Tensor index = Tensor.of(new long[] {0, 2});
    Tensor y = x.indexSelect(0, index).sum();
    index.fill_(1);
    assertThat(refused(ErrorKind.VERSION_MISMATCH, y::backward)).hasMessageContaining("i64");
  }

  @Test
  void h25_onlyOperandsThatAGradientNeedsAreSaved() {
    Tensor w = leaf(2);
    Tensor x = constant(3);
    Tensor y = w.mul(x);
    GradMode.noGrad(() -> w.sub_(1));
    y.backward();
    assertThat(gradOf(w)).containsExactly(3);
  }

  @Test
  void h26_theIdiomOfAnOptimizer() {
    Tensor p = leaf(1, 1);
    p.mul(2).sum().backward();
    Tensor g = p.grad();
    GradMode.noGrad(() -> p.sub_(g.mul(0.1)));
    g.zero_();
    p.mul(3).sum().backward();
    assertThat(p.toDoubleArray()).containsExactly(0.8, 0.8);
    assertThat(p.grad()).isSameAs(g);
    assertThat(gradOf(p)).containsExactly(3, 3);
  }

  @Test
  void h27_aViewOfAViewHasTheRootAsItsBase() {
    Tensor a = constant(1, 2, 3, 4);
    Tensor b = a.reshape(2, 2);
    Tensor c = b.get(1);
    assertThat(b.isView()).isTrue();
    assertThat(b.base()).isSameAs(a);
    assertThat(c.base()).isSameAs(a);
    assertThat(a.isView()).isFalse();
    assertThat(a.clone().isView()).isFalse();
    assertThat(b.clone().base()).isNull();
  }

  @Test
  void viewsShareTheVersionOfTheirStorage() {
    Tensor a = constant(1, 2, 3, 4);
    Tensor row = a.reshape(2, 2).get(1);
    row.add_(1);
    a.mul_(2);
    assertThat(row.version()).isEqualTo(2);
    assertThat(a.version()).isEqualTo(2);
    assertThat(a.toDoubleArray()).containsExactly(2, 4, 8, 10);
    assertThat(row.toDoubleArray()).containsExactly(8, 10);
  }

  @Test
  void h30_aCopyReplacesHistory() {
    Tensor x = leaf(1, 2, 3);
    Tensor y = Tensor.zeros(Shape.of(3), DType.F64);
    y.copy_(x);
    y.mul_(3);
    y.sum().backward();
    assertThat(gradOf(x)).containsExactly(3, 3, 3);
  }

  @Test
  void aCopyBroadcastsAndCasts() {
    Tensor x = Tensor.of(new float[] {1, 2}).requiresGrad(true);
    Tensor y = Tensor.zeros(Shape.of(3, 2), DType.F64);
    y.copy_(x);
    assertThat(y.toDoubleArray()).containsExactly(1, 2, 1, 2, 1, 2);
    y.sum().backward();
    assertThat(x.grad().dtype()).isEqualTo(DType.F32);
    assertThat(gradOf(x)).containsExactly(3, 3);
  }

  @Test
  void h31_overwritingGivesZerosToTheOldContents() {
    Tensor x = leaf(1, 2, 3);
    Tensor y = x.mul(2);
    y.fill_(5);
    assertThat(y.toDoubleArray()).containsOnly(5);
    y.sum().backward();
    assertThat(gradOf(x)).containsExactly(0, 0, 0);
  }

  @Test
  void inPlaceOperationsThatSaveTheirInputSaveTheOldValue() {
    Tensor x = leaf(2, 3);
    Tensor y = x.mul(1);
    y.mul_(y);
    y.sum().backward();
    assertThat(gradOf(x)).containsExactly(4, 6);

    Tensor a = leaf(0.5, 1);
    Tensor b = a.mul(1);
    b.sin_();
    b.sum().backward();
    assertThat(gradOf(a)).containsExactly(Math.cos(0.5), Math.cos(1));
  }

  @Test
  void inPlaceOperationsThatSaveTheirResultSaveTheNewValue() {
    Tensor x = leaf(0, 1);
    Tensor y = x.mul(1);
    y.exp_();
    y.sum().backward();
    assertThat(gradOf(x)).containsExactly(1, Math.E);
  }

  @Test
  void aChainOfWritesIsDifferentiatedTwice() {
    Tensor x = leaf(2);
    Tensor y = x.mul(1);
    y.mul_(y);
    y.mul_(x);
    Tensor d = Autograd.grad(y, List.of(x), GradOptions.createGraph()).getFirst();
    assertThat(d.item()).isEqualTo(12);
    assertThat(Autograd.grad(d, List.of(x)).getFirst().item()).isEqualTo(12);
  }

  @Test
  void aWriteKeepsShapeAndKindOfNumber() {
    Tensor x = constant(1, 2);
    Tensor wide = Tensor.ones(Shape.of(3, 2), DType.F64);
    assertThat(refused(ErrorKind.SHAPE, () -> x.add_(wide)))
        .hasMessageContaining("add_")
        .hasMessageContaining("[3, 2]")
        .hasMessageContaining("[2]");
    Tensor whole = Tensor.of(new long[] {1, 2});
    assertThat(refused(ErrorKind.DTYPE, () -> whole.add_(x)))
        .hasMessageContaining("f64")
        .hasMessageContaining("i64");
    assertThat(whole.toLongArray()).containsExactly(1, 2);
    Tensor single = Tensor.of(new float[] {1, 2});
    single.add_(x);
    assertThat(single.dtype()).isEqualTo(DType.F32);
    assertThat(single.toDoubleArray()).containsExactly(2, 4);
  }

  @Test
  void theInPlaceFormsAreTheirOperationsWithTheSameGradients() {
    record Pair(String name, UnaryOperator<Tensor> inPlace, UnaryOperator<Tensor> plain) {}
    Tensor index = Tensor.of(new long[] {2, 0});
    Tensor source = constant(7, 8);
    List<Pair> all =
        List.of(
            new Pair("pow", x -> x.pow_(3), x -> x.pow(3)),
            new Pair("square", Tensor::square_, Tensor::square),
            new Pair("reciprocal", Tensor::reciprocal_, Tensor::reciprocal),
            new Pair("log", Tensor::log_, Tensor::log),
            new Pair("cos", Tensor::cos_, Tensor::cos),
            new Pair("abs", Tensor::abs_, Tensor::abs),
            new Pair("floor", Tensor::floor_, Tensor::floor),
            new Pair("ceil", Tensor::ceil_, Tensor::ceil),
            new Pair("round", Tensor::round_, Tensor::round),
            new Pair("trunc", Tensor::trunc_, Tensor::trunc),
            new Pair("zero", Tensor::zero_, x -> x.mul(0)),
            new Pair(
                "scatter", x -> x.scatter_(0, index, source), x -> x.scatter(0, index, source)),
            new Pair(
                "scatterAdd",
                x -> x.scatterAdd_(0, index, source),
                x -> x.scatterAdd(0, index, source)));
    for (Pair pair : all) {
      Tensor x = leaf(0.5, 1.25, 2.75);
      Tensor y = x.clone();
      assertThat(pair.inPlace().apply(y)).as(pair.name()).isSameAs(y);
      assertThat(y.version()).as(pair.name()).isEqualTo(1);
      y.mul(constant(1, 2, 3)).sum().backward();
      Tensor other = leaf(0.5, 1.25, 2.75);
      Tensor z = pair.plain().apply(other);
      z.mul(constant(1, 2, 3)).sum().backward();
      assertThat(y.toDoubleArray()).as(pair.name()).containsExactly(z.toDoubleArray());
      assertThat(gradOf(x)).as(pair.name()).containsExactly(gradOf(other));
    }
  }
}
