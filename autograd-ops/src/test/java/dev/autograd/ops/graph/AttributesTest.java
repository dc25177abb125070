package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.leafOf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import org.junit.jupiter.api.Test;

/// What a tensor says and lets be done about itself: arrays, versions, types of gradients, copies.
class AttributesTest {
  /// Doubles, by way of the arrays in backward too, which is wrong under `createGraph`.
  record DoubledByArray() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return doubled(in[0]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {doubled(g)};
    }

    private static Tensor doubled(Tensor t) {
      double[] v = t.contiguous().storage().doubles().clone();
      for (int i = 0; i < v.length; i++) {
        v[i] *= 2;
      }
      return Tensor.of(v, t.shape().dims());
    }
  }

  @Test
  void a14_noAliasEscapesTheVersion() {
    Tensor x = leaf(0, 0);
    Tensor y = x.sigmoid();
    y.detach().zero_();
    assertThat(refused(ErrorKind.VERSION_MISMATCH, () -> y.sum().backward()))
        .hasMessageContaining("SigmoidBackward");
    assertThat(x.grad()).isNull();
  }

  @Test
  void a15_theArrayOfATensorThatRequiresGradIsRefusedWhileGradientsAreRecorded() {
    Tensor x = leaf(1, 2);
    assertThat(refused(ErrorKind.RAW_ACCESS_REQUIRES_GRAD, x::storage))
        .hasMessageContaining("detach()");
    refused(ErrorKind.RAW_ACCESS_REQUIRES_GRAD, () -> x.mul(2).storage());
    assertThat(GradMode.noGrad(x::storage).doubles()).containsExactly(1, 2);
    assertThat(x.detach().storage()).isSameAs(GradMode.noGrad(x::storage));
    assertThat(constant(3).storage().doubles()).containsExactly(3);
    assertThat(x.toDoubleArray()).as("a copy is always allowed").containsExactly(1, 2);
    assertThat((double[]) x.toArray()).containsExactly(1, 2);
    assertThat(x.sum().item()).isEqualTo(3);
  }

  @Test
  void a15_aBackwardThatLeavesTheGraphIsNoticedWhereItWouldBeDifferentiated() {
    Tensor x = leaf(1, 2);
    Tensor y = new DoubledByArray().apply(x).square().sum();
    y.backward(GradOptions.retainGraph());
    assertThat(gradOf(x)).containsExactly(8, 16);
    refused(ErrorKind.RAW_ACCESS_REQUIRES_GRAD, () -> y.backward(GradOptions.createGraph()));
  }

  @Test
  void aWriteThatPassedTheTensorCanBeCounted() {
    double[] values = {1, 2};
    Tensor c = Tensor.of(values);
    Tensor x = leaf(3, 4);
    Tensor y = x.mul(c).sum();
    values[0] = 100;
    assertThat(c.incrementVersion()).isSameAs(c);
    assertThat(c.version()).isEqualTo(1);
    refused(ErrorKind.VERSION_MISMATCH, y::backward);
  }

  @Test
  void a20_gradientsAreCastToTheTypeThatTheLeafAsksFor() {
    Tensor x = leaf(1, 2);
    assertThat(x.gradDtype()).isEqualTo(DType.F64);
    assertThat(constant(1).gradDtype()).isEqualTo(DType.F64);
    assertThat(x.gradDtype(DType.F16)).isSameAs(x);
    assertThat(x.gradDtype()).isEqualTo(DType.F16);
    x.mul(3).sum().backward();
    assertThat(x.grad().dtype()).isEqualTo(DType.F16);
    assertThat(gradOf(x)).containsExactly(3, 3);
    x.mul(2).sum().backward();
    assertThat(x.grad().dtype()).isEqualTo(DType.F16);
    assertThat(gradOf(x)).containsExactly(5, 5);
  }

  @Test
  void a20_aWiderTypeLosesLessInTheSum() {
    Tensor x = Tensor.of(new float[] {1}).requiresGrad(true);
    x.gradDtype(DType.F64);
    x.to(DType.F64).mul(0.1).sum().backward();
    x.mul(1).sum().backward();
    assertThat(x.grad().dtype()).isEqualTo(DType.F64);
    assertThat(gradOf(x)[0]).isCloseTo(1.1, within(1e-7));
    Tensor y = Tensor.of(new float[] {1}).requiresGrad(true);
    y.gradDtype(DType.F64);
    y.backward(Tensor.of(new double[] {0.1}));
    assertThat(y.grad().dtype()).as("a leaf as the root").isEqualTo(DType.F64);
  }

  @Test
  void a20_withoutATypeGradientsStayAsTheyArrive() {
    Tensor x = Tensor.of(new float[] {1, 2}).requiresGrad(true);
    x.gradDtype(null);
    assertThat(x.gradDtype()).isNull();
    new Function() {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        return in[0].clone();
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        return new Tensor[] {g.to(DType.F64)};
      }
    }.apply(x).sum().backward();
    assertThat(x.grad().dtype()).isEqualTo(DType.F64);
    x.grad(Tensor.of(new float[] {1, 1}));
    refused(ErrorKind.GRAD_ASSIGN_MISMATCH, () -> x.grad(Tensor.of(new long[] {1, 1})));
  }

  @Test
  void a20_theTypeBelongsToLeavesAndAgreesWithTheGradientThere() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(2);
    refused(ErrorKind.ARGUMENT, y::gradDtype);
    refused(ErrorKind.ARGUMENT, () -> y.gradDtype(DType.F32));
    refused(ErrorKind.ARGUMENT, () -> constant(1).gradDtype(DType.F32));
    refused(ErrorKind.DTYPE, () -> x.gradDtype(DType.I64));
    y.sum().backward();
    assertThat(refused(ErrorKind.GRAD_ASSIGN_MISMATCH, () -> x.gradDtype(DType.F32)))
        .hasMessageContaining("f64")
        .hasMessageContaining("zeroGrad()");
    x.zeroGrad();
    x.gradDtype(DType.F32);
    refused(ErrorKind.GRAD_ASSIGN_MISMATCH, () -> x.grad(constant(1, 1)));
    x.grad(Tensor.of(new float[] {1, 1}));
  }

  @Test
  void aLeafIsCopiedWithItsGradient() {
    Tensor x = leaf(1, 2);
    x.mul(3).sum().backward();
    Tensor copy = x.deepCopy();
    assertThat(copy.requiresGrad()).isTrue();
    assertThat(copy.isLeaf()).isTrue();
    assertThat(gradOf(copy)).containsExactly(3, 3);
    copy.mul(1).sum().backward();
    assertThat(gradOf(copy)).containsExactly(4, 4);
    assertThat(gradOf(x)).containsExactly(3, 3);
    GradMode.noGrad(() -> copy.zero_());
    assertThat(x.toDoubleArray()).containsExactly(1, 2);
    assertThat(constant(1).deepCopy().requiresGrad()).isFalse();
    assertThat(refused(ErrorKind.DEEPCOPY_NON_LEAF, () -> x.mul(2).deepCopy()))
        .hasMessageContaining("<MulScalarBackward>")
        .hasMessageContaining("clone()");
  }

  @Test
  void i06_aGradientLiesAsItsLeafDoesIfThatHasNoGaps() {
    Tensor wide = Tensor.of(new double[8], 2, 4);
    Tensor gaps = wide.slice(1, 0, 2, 1).detach().requiresGrad(true);
    assertThat(gaps.strides()).containsExactly(4, 1);
    gaps.mul(leafOf(new double[] {1, 2, 3, 4}, 2, 2)).sum().backward();
    assertThat(gaps.grad().strides()).containsExactly(2, 1);
    assertThat(gradOf(gaps)).containsExactly(1, 2, 3, 4);

    Tensor turned = Tensor.of(new double[6], 2, 3).t().detach().requiresGrad(true);
    assertThat(turned.strides()).containsExactly(1, 3);
    Tensor weights = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2);
    turned.mul(weights).sum().backward();
    assertThat(turned.grad().strides()).containsExactly(1, 3);
    assertThat(turned.grad().isView()).isFalse();
    assertThat(gradOf(turned)).containsExactly(1, 2, 3, 4, 5, 6);
    turned.mul(weights).sum().backward();
    assertThat(turned.grad().strides()).containsExactly(1, 3);
    assertThat(gradOf(turned)).containsExactly(2, 4, 6, 8, 10, 12);
  }

  @Test
  void i06_theLayoutKeepsTheHistoryOfARecordedBackward() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2).t().detach().requiresGrad(true);
    x.pow(3).sum().backward(GradOptions.createGraph());
    assertThat(x.grad().strides()).containsExactly(1, 2);
    Tensor g = x.grad();
    x.zeroGrad();
    g.sum().backward();
    assertThat(gradOf(x)).containsExactly(6, 18, 12, 24);
  }
}
