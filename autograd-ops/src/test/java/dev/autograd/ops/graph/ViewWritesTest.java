package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.leafOf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.FunctionNode;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.List;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Writes through views, and into tensors that have views.
class ViewWritesTest {
  private static Tensor root() {
    return leafOf(new double[] {1, 2, 3, 4}, 2, 2);
  }

  @Test
  void h08_aWriteThroughAViewIsAWriteIntoItsBase() {
    Tensor root = root();
    Tensor x = root.clone();
    Tensor v = x.get(0);
    assertThat(v.mul_(2)).isSameAs(v);
    assertThat(x.toDoubleArray()).containsExactly(2, 4, 3, 4);
    assertThat(x.gradFn().name()).isEqualTo("CopySlices");
    assertThat(v.gradFn().name()).isEqualTo("AsStridedBackward");
    assertThat(x.version()).isEqualTo(1);
    x.sum().backward();
    assertThat(gradOf(root)).containsExactly(2, 2, 1, 1);
  }

  @Test
  void theWrittenViewItselfCarriesTheNewHistory() {
    Tensor root = root();
    Tensor x = root.clone();
    Tensor v = x.get(0);
    v.mul_(2);
    v.mul(constant(1, 10)).sum().backward();
    assertThat(gradOf(root)).containsExactly(2, 20, 0, 0);
  }

  @Test
  void h09_aSiblingSeesTheNewHistory() {
    Tensor root = root();
    Tensor x = root.clone();
    Tensor v1 = x.get(0);
    Tensor v2 = x.get(0);
    v1.mul_(2);
    v2.sum().backward();
    assertThat(gradOf(root)).containsExactly(2, 2, 0, 0);
  }

  @Test
  void aViewSeesWhatIsWrittenIntoItsBase() {
    Tensor root = root();
    Tensor x = root.clone();
    Tensor column = x.select(1, 1);
    x.mul_(root);
    column.sum().backward();
    assertThat(column.toDoubleArray()).containsExactly(4, 16);
    assertThat(gradOf(root)).containsExactly(0, 4, 0, 8);
  }

  @Test
  void h11_theBaseLearnsOfAVariableWrittenThroughAView() {
    Tensor a = constant(2, 5);
    Tensor b = leaf(3);
    Tensor v = a.narrow(0, 1, 1);
    v.mul_(b);
    assertThat(a.toDoubleArray()).containsExactly(2, 15);
    assertThat(a.requiresGrad()).isTrue();
    assertThat(v.requiresGrad()).isTrue();
    a.sum().backward();
    assertThat(gradOf(b)).containsExactly(5);
  }

  @Test
  void h12_anEarlierViewLearnsOfAVariableWrittenIntoItsBase() {
    Tensor x = constant(1, 2);
    Tensor v = x.get(1);
    Tensor r = leaf(10, 20);
    assertThat(v.requiresGrad()).isFalse();
    x.add_(r);
    assertThat(v.requiresGrad()).isTrue();
    assertThat(v.isLeaf()).isFalse();
    v.backward();
    assertThat(gradOf(r)).containsExactly(0, 1);
  }

  @Test
  void h17_oneOfSeveralViewsCannotBeWritten() {
    Tensor x = root().clone();
    Tensor row = x.unbind(0).getFirst();
    assertThat(refused(ErrorKind.MULTI_VIEW_INPLACE, () -> row.mul_(3)))
        .hasMessageContaining("mul_")
        .hasMessageContaining("unbind")
        .hasMessageContaining("clone");
    refused(ErrorKind.MULTI_VIEW_INPLACE, () -> x.split(1, 1).get(1).zero_());
    refused(ErrorKind.MULTI_VIEW_INPLACE, () -> x.chunk(2, 0).get(1).zero_());
    assertThat(x.toDoubleArray()).containsExactly(1, 2, 3, 4);
    assertThat(x.version()).isZero();
    GradMode.noGrad(() -> row.mul_(3));
    row.detach().add_(1);
    row.clone().add_(1);
    assertThat(x.toDoubleArray()).containsExactly(4, 7, 3, 4);
  }

  @Test
  void h17_aVariableCannotBeWrittenIntoOneOfSeveralViewsOfAConstant() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2);
    Tensor row = x.unbind(0).getFirst();
    row.mul_(2);
    refused(ErrorKind.MULTI_VIEW_INPLACE, () -> row.mul_(leaf(5, 6)));
    assertThat(x.toDoubleArray()).containsExactly(2, 4, 3, 4);
    assertThat(x.requiresGrad()).isFalse();
  }

  @Test
  void h17_h18_whatOneViewIsRefusedAllViewsOfItAre() {
    Tensor x = root().clone();
    List<UnaryOperator<Tensor>> views =
        List.of(
            v -> v.reshape(2, 1),
            v -> v.unsqueeze(0).squeeze(),
            v -> v.narrow(0, 1, 1).expand(1).reshape(1, 1).t(),
            v -> v.unbind(0).getFirst());
    for (UnaryOperator<Tensor> further : views) {
      Tensor several = further.apply(x.unbind(0).getFirst());
      refused(ErrorKind.MULTI_VIEW_INPLACE, () -> several.add_(1));
      Tensor apart = further.apply(GradMode.noGrad(() -> x.get(0)));
      refused(ErrorKind.NOGRAD_VIEW_INPLACE, () -> apart.add_(1));
      Tensor both = GradMode.noGrad(() -> further.apply(x.get(0)));
      refused(ErrorKind.NOGRAD_VIEW_INPLACE, () -> both.add_(1));
      Tensor custom = further.apply(new FirstRow(false).apply(x));
      assertThat(catchKind(() -> custom.add_(1)))
          .isIn(ErrorKind.CUSTOM_VIEW_INPLACE, ErrorKind.MULTI_VIEW_INPLACE);
    }
    assertThat(x.toDoubleArray()).containsExactly(1, 2, 3, 4);
  }

  /// The first row as a view, from a function that vouches for it or does not.
  record FirstRow(boolean plainViews) implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].get(0);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      Tensor below = Tensor.zeros(ctx.inputShape(0), g.dtype()).slice(0, 1, 99, 1);
      return new Tensor[] {Tensor.cat(List.of(g.unsqueeze(0), below), 0)};
    }
  }

  /// Returns its input as it is.
  record Same() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0];
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g};
    }
  }

  private static ErrorKind catchKind(ThrowingCallable call) {
    return catchThrowableOfType(AutogradException.class, call).kind();
  }

  @Test
  void aViewFromACustomFunctionCannotBeWritten() {
    Tensor x = root().clone();
    Tensor row = new FirstRow(false).apply(x);
    assertThat(row.isView()).isTrue();
    assertThat(refused(ErrorKind.CUSTOM_VIEW_INPLACE, () -> row.mul_(2)))
        .hasMessageContaining("mul_")
        .hasMessageContaining("plainViews()");
    refused(ErrorKind.CUSTOM_VIEW_INPLACE, () -> new Same().apply(x).mul_(2));
    GradMode.noGrad(() -> row.mul_(2));
    assertThat(x.toDoubleArray()).containsExactly(2, 4, 3, 4);
  }

  @Test
  void aFunctionCanVouchForItsViews() {
    Tensor root = root();
    Tensor x = root.clone();
    new FirstRow(true).apply(x).mul_(2);
    assertThat(x.toDoubleArray()).containsExactly(2, 4, 3, 4);
    x.sum().backward();
    assertThat(gradOf(root)).containsExactly(2, 2, 1, 1);
  }

  /// Doubles its input in place.
  record Doubled() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.markDirty(in[0]);
      Tensor.operations().copyInto(in[0].mul(2), in[0]);
      return in[0];
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      return new Tensor[] {g.mul(2)};
    }
  }

  @Test
  void aCustomFunctionThatWritesIntoAViewWritesIntoItsBase() {
    Tensor root = root();
    Tensor x = root.clone();
    Tensor row = x.get(1);
    assertThat(new Doubled().apply(row)).isSameAs(row);
    assertThat(x.toDoubleArray()).containsExactly(1, 2, 6, 8);
    assertThat(x.version()).isEqualTo(1);
    assertThat(x.gradFn().name()).isEqualTo("CopySlices");
    x.sum().add(row.sum()).backward();
    assertThat(gradOf(root)).containsExactly(1, 1, 4, 4);
  }

  @Test
  void aViewMadeWithoutRecordingCannotFollowItsBase() {
    Tensor x = root().clone();
    Tensor v = GradMode.noGrad(() -> x.get(0));
    x.mul_(2);
    assertThat(refused(ErrorKind.NOGRAD_VIEW_INPLACE, v::gradFn))
        .hasMessageContaining("MulScalarBackward")
        .hasMessageContaining("Make it again");
    refused(ErrorKind.NOGRAD_VIEW_INPLACE, () -> v.mul(2));
    assertThat(v.toString()).isEqualTo("tensor([2.0, 4.0], dtype=f64, gradFn=<Invalid>)");
    assertThat(GradMode.noGrad(() -> v.mul(2)).toDoubleArray()).containsExactly(4, 8);
  }

  @Test
  void aWriteIsRecordedInABaseOfAnyLayout() {
    // Every base is a copy of the root that lies in its storage in another way.
    List<UnaryOperator<Tensor>> layouts =
        List.of(
            t -> t.t().clone().detach().t().detach(),
            t -> Tensor.zeros(Shape.of(4, 6), DType.F64).slice(0, 1, 3, 1).slice(1, 2, 6, 2),
            t -> Tensor.zeros(Shape.of(3, 2, 2), DType.F64).select(0, 1));
    for (UnaryOperator<Tensor> layout : layouts) {
      Tensor root = root();
      Tensor base = layout.apply(root).detach();
      base.copy_(root);
      assertThat(base.isView()).isFalse();
      Tensor column = base.select(1, 1);
      Tensor corner = base.get(1).narrow(0, 0, 1);
      column.mul_(root.select(1, 0)); // (x0, x1 x0), (x2, x3 x2)
      assertThat(base.gradFn().name()).isEqualTo("CopySlices");
      corner.mul_(5);
      assertThat(base.toDoubleArray()).containsExactly(1, 2, 15, 12);
      Tensor loss = base.mul(base).sum().add(column.sum());
      Tensor d = Autograd.grad(loss, List.of(root), GradOptions.createGraph()).getFirst();
      // x0² + (x0 x1)² + (5 x2)² + (x2 x3)² + x0 x1 + x2 x3
      assertThat(d.toDoubleArray()).containsExactly(2 + 8 + 2, 4 + 1, 150 + 96 + 4, 72 + 3);
      Tensor dd = Autograd.grad(d.get(1).get(0), List.of(root)).getFirst();
      assertThat(dd.toDoubleArray()).containsExactly(0, 0, 50 + 32, 4 * 3 * 4 + 1);
    }
  }

  @Test
  void aBaseWhoseElementsShareMemoryCannotBeWrittenThroughAView() {
    Tensor wide = leaf(1, 2).mul(1).expand(3, 2).detach();
    Tensor row = wide.get(0);
    refused(ErrorKind.OVERLAPPING_WRITE, () -> row.mul_(leaf(1, 2)));
    assertThat(wide.toDoubleArray()).containsExactly(1, 2, 1, 2, 1, 2);
  }

  @Test
  void h18_aViewMadeWithoutRecordingCannotRecordAWrite() {
    Tensor x = root().clone();
    Tensor v = GradMode.noGrad(() -> x.get(0));
    assertThat(refused(ErrorKind.NOGRAD_VIEW_INPLACE, () -> v.mul_(2)))
        .hasMessageContaining("mul_")
        .hasMessageContaining("noGrad()");
    GradMode.noGrad(() -> v.mul_(2));
    assertThat(x.toDoubleArray()).containsExactly(2, 4, 3, 4);
  }

  @Test
  void h21_anOperationThatSavesItsResultWorksOnAView() {
    Tensor x = leaf(1, 2, 3);
    Tensor y = x.mul(1);
    y.reshape(3, 1).relu_();
    y.sum().backward();
    assertThat(gradOf(x)).containsExactly(1, 1, 1);
  }

  @Test
  void h28_keptGradientsFollowTheViews() {
    Tensor base = leaf(1, 2).clone();
    Tensor v = base.reshape(2, 1).reshape(2);
    Tensor v2 = base.reshape(2, 1).reshape(2);
    v.retainGrad();
    v2.retainGrad();
    v.mul_(2);
    v.add(v2).sum().backward();
    assertThat(gradOf(v)).containsExactly(1, 1);
    assertThat(gradOf(v2)).containsExactly(1, 1);
  }

  @Test
  void h29_aPartIsExponentiatedInPlace() {
    Tensor x = leaf(1, 1, 1);
    Tensor y = x.clone();
    y.narrow(0, 1, 2).exp_();
    y.sum().backward();
    assertThat(gradOf(x)).containsExactly(1, Math.E, Math.E);
  }

  @Test
  void assigningRowsBuildsATensorOfVariables() {
    Tensor a = leaf(1, 2);
    Tensor b = leaf(3, 4);
    Tensor y = Tensor.of(new double[4], 2, 2);
    y.get(0).copy_(a.mul(b));
    y.get(1).copy_(a.add(b));
    assertThat(y.toDoubleArray()).containsExactly(3, 8, 4, 6);
    y.mul(y).sum().backward();
    assertThat(gradOf(a)).containsExactly(2 * 3 * 3 + 2 * 4, 2 * 8 * 4 + 2 * 6);
    assertThat(gradOf(b)).containsExactly(2 * 3 * 1 + 2 * 4, 2 * 8 * 2 + 2 * 6);
  }

  @Test
  void writesThroughViewsAreDifferentiatedTwice() {
    Tensor x = leaf(2, 3);
    Tensor y = x.mul(x);
    y.get(0).mul_(x.get(1)); // (x0² x1, x1²)
    Tensor loss = y.square().sum(); // x0⁴ x1² + x1⁴
    Tensor d = Autograd.grad(loss, List.of(x), GradOptions.createGraph()).getFirst();
    double x0 = 2;
    double x1 = 3;
    assertThat(d.toDoubleArray())
        .containsExactly(
            new double[] {
              4 * Math.pow(x0, 3) * x1 * x1, 2 * Math.pow(x0, 4) * x1 + 4 * Math.pow(x1, 3)
            },
            within(1e-9));
    Tensor dd = Autograd.grad(d.get(0), List.of(x)).getFirst();
    assertThat(dd.toDoubleArray())
        .containsExactly(
            new double[] {12 * x0 * x0 * x1 * x1, 8 * Math.pow(x0, 3) * x1}, within(1e-9));
  }

  @Test
  void overlappingAndTransposedWindows() {
    Tensor root = root();
    Tensor x = root.clone();
    Tensor t = x.t();
    x.get(0).mul_(2);
    t.narrow(0, 0, 1).mul_(5); // the first column
    assertThat(x.toDoubleArray()).containsExactly(10, 4, 15, 4);
    t.mul(Tensor.of(new double[] {1, 10, 100, 1000}, 2, 2)).sum().backward();
    assertThat(gradOf(root)).containsExactly(10, 200, 50, 1000);
  }

  @Test
  void anExpandedViewOfAWrittenBaseSumsItsGradient() {
    Tensor root = leaf(1, 2);
    Tensor x = root.clone();
    Tensor wide = x.expand(3, 2);
    x.mul_(4);
    assertThat(wide.toDoubleArray()).containsExactly(4, 8, 4, 8, 4, 8);
    wide.mul(Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 3, 2)).sum().backward();
    assertThat(gradOf(root)).containsExactly(36, 48);
  }

  @Test
  void whoSavedTheViewNoticesAWriteIntoTheBase() {
    Tensor x = root().clone();
    Tensor y = x.get(0).exp().mul(x.get(1)).sum();
    x.get(1).add_(1);
    assertThat(refused(ErrorKind.VERSION_MISMATCH, y::backward))
        .hasMessageContaining("MulBackward")
        .hasMessageContaining("version 1, expected version 0");
  }

  @Test
  void aWriteWithoutRecordingLeavesTheHistory() {
    Tensor root = root();
    Tensor x = root.mul(2);
    Tensor v = x.get(0);
    GradMode.noGrad(() -> v.zero_());
    assertThat(((FunctionNode) x.gradFn()).name()).isEqualTo("MulScalarBackward");
    assertThat(v.gradFn().name()).isNotEqualTo("AsStridedBackward");
    v.sum().backward();
    assertThat(gradOf(root)).containsExactly(2, 2, 0, 0);
  }

  @Test
  void aRefusedWriteChangesNothing() {
    Tensor x = root();
    Tensor v = x.get(0);
    refused(ErrorKind.VIEW_OF_LEAF_INPLACE, () -> v.mul_(2));
    assertThat(x.toDoubleArray()).containsExactly(1, 2, 3, 4);
    assertThat(x.version()).isZero();
    Tensor hidden = root().clone();
    Tensor part = hidden.get(1).detach();
    part.mul_(2);
    assertThat(hidden.version()).as("a detached alias counts").isEqualTo(1);
  }
}
