package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Autograd;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.GradStatus;
import dev.autograd.GradStatus.State;
import dev.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Why there is no gradient, and where history was cut.
class GradStatusTest {
  /// The number of elements, as a float.
  record Count() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      Tensor n = Tensor.scalar(in[0].numel());
      ctx.markNonDifferentiable(n);
      return n;
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      throw new IllegalStateException("was never differentiable");
    }
  }

  private static String refusal(Tensor root) {
    return refused(ErrorKind.ROOT_NO_GRAD, root::backward).getMessage();
  }

  @Test
  void c07_theErrorNamesTheOperationThatRanWithoutRecording() {
    Tensor x = leaf(1, 2);
    Tensor hidden = GradMode.noGrad(() -> x.exp());
    assertThat(refusal(hidden.mul(2).add(1).sum()))
        .contains("root 0, a f64 tensor of shape []")
        .contains("Its history ends at 'exp', which ran while recording was off")
        .contains("GradMode.noGrad()");
    Tensor served = GradMode.inferenceMode(() -> x.exp());
    assertThat(refusal(served.mul(2).sum()))
        .contains("Its history ends at 'exp', which ran in inference mode");
  }

  @Test
  void c07_theErrorNamesTheOperationWithoutDerivative() {
    Tensor x = leaf(1, 2);
    assertThat(refusal(x.mul(2).gt(1).to(DType.F32).mean()))
        .contains("Its history ends at 'gt_scalar', which has no derivative");
    assertThat(refusal(x.argmax().to(DType.F32)))
        .contains("Its history ends at 'argmax', which has no derivative");
    assertThat(refusal(x.to(DType.I64).to(DType.F32).sum()))
        .contains("Its history ends at 'cast', which has no derivative");
    assertThat(refusal(x.reshape(1, 2).max(1, false).indices().to(DType.F32).sum()))
        .contains("Its history ends at 'max_dim', whose result here is of whole numbers");
    assertThat(refusal(new Count().apply(x).mul(3)))
        .contains("Its history ends at 'count', which declares that this output has no gradient");
  }

  @Test
  void c07_theErrorTellsOfDetachedAndConstantTensors() {
    Tensor x = leaf(1, 2);
    assertThat(refusal(x.mul(2).detach().square().sum()))
        .contains("Its history was cut off by detach()");
    Tensor y = x.mul(2);
    y.detach_();
    assertThat(refusal(y.sum())).contains("Its history was cut off by detach()");
    assertThat(refusal(constant(1, 2).mul(2).sum()))
        .contains("Nothing it was computed from requires grad")
        .contains("requiresGrad(true)")
        .contains("Java array");
    Tensor cleared = leaf(1).requiresGrad(false);
    assertThat(refusal(cleared.mul(2))).contains("Nothing it was computed from requires grad");
  }

  @Test
  void c07_aWriteWithoutRecordingIsACutToo() {
    Tensor c = constant(1, 2);
    Tensor w = leaf(3, 4);
    GradMode.noGrad(() -> c.add_(w));
    assertThat(refusal(c.mul(2).sum())).contains("Its history ends at 'add'");
    Tensor x = leaf(1);
    GradMode.noGrad(() -> x.mul_(w.get(0)));
    x.mul(2).backward();
    assertThat(x.grad()).as("a written leaf is a leaf").isNotNull();
  }

  @Test
  void c07_theFirstCutOfSeveralInputsIsNamed() {
    Tensor x = leaf(1, 2);
    Tensor a = GradMode.noGrad(() -> x.exp());
    Tensor b = x.detach();
    assertThat(refusal(constant(1, 1).mul(a).add(b).sum())).contains("'exp'");
    Tensor parts = Tensor.stack(List.of(constant(1, 1), b, a), 0);
    assertThat(refusal(parts.sum())).contains("detach()");
  }

  private static void says(Tensor t, State state, String part) {
    GradStatus status = t.gradStatus();
    assertThat(status.state()).as(status.explanation()).isEqualTo(state);
    assertThat(status.explanation()).contains(part);
  }

  @Test
  void a04_aResultSaysThatItKeepsNoGradient() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(3);
    says(y, State.NOT_KEPT, "<MulScalarBackward>");
    y.sum().backward();
    assertThat(y.grad()).isNull();
    says(y, State.NOT_KEPT, "retainGrad()");
    says(x, State.PRESENT, "has a gradient");
    Tensor z = x.mul(3);
    z.retainGrad();
    says(z, State.NO_BACKWARD, "keeps its gradient");
    z.sum().backward();
    says(z, State.PRESENT, "has a gradient");
  }

  @Test
  void aLeafSaysHowFarItsGradientCame() {
    Tensor x = leaf(1, 2);
    says(x, State.UNUSED, "No recorded operation");
    GradMode.noGrad(() -> x.mul(2));
    x.detach().mul(2);
    says(x, State.UNUSED, "detach()");
    Tensor loss = x.mul(2).sum();
    Tensor other = leaf(1);
    Tensor elsewhere = other.mul(2);
    assertThat(x.gradStatus().state()).isIn(State.NO_BACKWARD, State.UNREACHED);
    elsewhere.backward();
    says(x, State.UNREACHED, "none reached it");
    Autograd.grad(loss, List.of(x), GradOptions.retainGraph());
    says(x, State.UNREACHED, "grad");
    loss.backward();
    says(x, State.PRESENT, "");
    x.zeroGrad();
    says(x, State.DROPPED, "zeroGrad()");
  }

  @Test
  void aTensorWithoutGradSaysWhereItsHistoryWasCut() {
    says(constant(1), State.NOT_REQUIRED, "Nothing it was computed from");
    Tensor cut = GradMode.noGrad(() -> leaf(1).exp()).mul(2);
    says(cut, State.NOT_REQUIRED, "'exp'");
  }
}
