package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.leafOf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.Autograd;
import dev.autograd.ErrorKind;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Tensors made in inference mode, and what may be done with them outside.
class InferenceModeTest {
  private static Tensor made(double... values) {
    return GradMode.inferenceMode(() -> constant(values));
  }

  @Test
  void d12_nothingIsRecordedAndNewTensorsAreInferenceTensors() {
    Tensor x = leaf(1, 2);
    try (var _ = GradMode.inferenceMode()) {
      assertThat(GradMode.isInferenceMode()).isTrue();
      assertThat(GradMode.isEnabled()).isFalse();
      Tensor y = x.mul(2);
      assertThat(y.isInference()).isTrue();
      assertThat(y.requiresGrad()).isFalse();
      assertThat(y.isLeaf()).isTrue();
      Tensor asked = Tensor.ones(2).requiresGrad(true);
      assertThat(asked.isInference()).isTrue();
      assertThat(asked.requiresGrad()).isTrue();
      assertThat(asked.mul(2).requiresGrad()).isFalse();
    }
    assertThat(GradMode.isInferenceMode()).isFalse();
    assertThat(GradMode.isEnabled()).isTrue();
    assertThat(x.isInference()).isFalse();
    assertThat(x.mul(2).isInference()).isFalse();
  }

  @Test
  void d12_theModeNestsWithFalse() {
    Tensor x = leaf(1);
    try (var _ = GradMode.inferenceMode()) {
      try (var _ = GradMode.inferenceMode(false)) {
        Tensor y = x.mul(2);
        assertThat(y.requiresGrad()).isTrue();
        assertThat(y.isInference()).isFalse();
        assertThat(GradMode.inferenceMode(() -> x.mul(2)).isInference()).isTrue();
        assertThat(GradMode.isInferenceMode()).isFalse();
      }
      assertThat(GradMode.isInferenceMode()).isTrue();
      assertThat(GradMode.isEnabled()).isFalse();
      assertThat(GradMode.inferenceMode(false, () -> x.mul(2)).requiresGrad()).isTrue();
    }
    GradMode.noGrad(
        () -> {
          GradMode.inferenceMode(() -> assertThat(x.add(1).isInference()).isTrue());
          assertThat(GradMode.isEnabled()).as("back in noGrad").isFalse();
        });
  }

  @Test
  void d12_enablingGradHasNoEffectInside() {
    Tensor x = leaf(1);
    try (var _ = GradMode.inferenceMode()) {
      assertThat(GradMode.enableGrad(() -> x.mul(2)).requiresGrad()).isFalse();
      GradMode.setGradEnabled(true);
      assertThat(GradMode.isEnabled()).isFalse();
    }
  }

  @Test
  void d12_anExceptionRestoresTheMode() {
    assertThatThrownBy(
            () ->
                GradMode.inferenceMode(
                    (Runnable)
                        () -> {
                          throw new IllegalStateException("stop");
                        }))
        .hasMessage("stop");
    assertThat(GradMode.isInferenceMode()).isFalse();
    assertThat(GradMode.isEnabled()).isTrue();
  }

  @Test
  void d12_anInferenceTensorCannotRequireGradOutside() {
    Tensor c = made(1, 2);
    assertThat(refused(ErrorKind.INFERENCE_REQUIRES_GRAD, () -> c.requiresGrad(true)))
        .hasMessageContaining("Clone it");
    assertThat(c.requiresGrad(false).requiresGrad()).isFalse();
  }

  @Test
  void d12_anInferenceTensorCannotBeSavedForBackward() {
    Tensor c = made(3, 4);
    Tensor x = leaf(1, 2);
    assertThat(refused(ErrorKind.INFERENCE_SAVED, () -> x.mul(c)))
        .hasMessageContaining("inference mode")
        .hasMessageContaining("Clone it");
    x.add(c).sum().backward();
    assertThat(gradOf(x)).as("an addition saves nothing").containsExactly(1, 1);
    x.zeroGrad();
    x.mul(c.clone()).sum().backward();
    assertThat(gradOf(x)).containsExactly(3, 4);
  }

  @Test
  void d12_anInferenceTensorCanBeWrittenInsideOnly() {
    Tensor c = made(1, 2);
    assertThat(refused(ErrorKind.INFERENCE_INPLACE, () -> c.add_(1)))
        .hasMessageContaining("add_")
        .hasMessageContaining("GradMode.inferenceMode()");
    refused(ErrorKind.INFERENCE_INPLACE, () -> GradMode.noGrad(() -> c.reshape(2, 1).add_(1)));
    assertThat(c.toDoubleArray()).containsExactly(1, 2);
    GradMode.inferenceMode(() -> c.add_(1));
    assertThat(c.toDoubleArray()).containsExactly(2, 3);
  }

  @Test
  void d13_anInferenceTensorHasNoVersion() {
    Tensor c = made(1, 2);
    assertThat(refused(ErrorKind.INFERENCE_VERSION, c::version)).hasMessageContaining("version");
    refused(ErrorKind.INFERENCE_VERSION, c::incrementVersion);
    Tensor view = c.reshape(2, 1);
    assertThat(view.isInference()).as("a view of one is one").isTrue();
    refused(ErrorKind.INFERENCE_VERSION, view::version);
  }

  @Test
  void d16_normalTensorsAreCountedInside() {
    Tensor x = leaf(1, 2);
    Tensor a = x.mul(1);
    Tensor out = a.mul(a).sum();
    GradMode.inferenceMode(() -> a.add_(2));
    assertThat(a.isInference()).isFalse();
    assertThat(a.version()).isEqualTo(1);
    refused(ErrorKind.VERSION_MISMATCH, out::backward);
  }

  @Test
  void d17_aViewOfANormalTensorIsNormalButApart() {
    Tensor s = leafOf(new double[] {1, 2, 3, 4}, 2, 2);
    Tensor a = s.clone();
    Tensor view = GradMode.inferenceMode(() -> a.reshape(4));
    assertThat(view.isInference()).isFalse();
    assertThat(view.requiresGrad()).isTrue();
    assertThat(view.isLeaf()).isTrue();
    assertThat(view.isView()).isTrue();
    assertThat(view.version()).isEqualTo(a.version());
    assertThat(view.mul(view).requiresGrad()).isTrue();
    assertThat(refused(ErrorKind.NOGRAD_VIEW_INPLACE, () -> view.add_(2)))
        .hasMessageContaining("add_")
        .hasMessageContaining("inference mode");
    GradMode.inferenceMode(() -> view.add_(2));
    assertThat(a.toDoubleArray()).containsExactly(3, 4, 5, 6);
    assertThat(a.version()).isEqualTo(1);
  }

  @Test
  void d17_aViewOfATensorWithoutGradMayBeWritten() {
    Tensor a = constant(1, 2);
    Tensor view = GradMode.inferenceMode(() -> a.reshape(2, 1));
    assertThat(view.requiresGrad()).isFalse();
    view.add_(2);
    assertThat(a.toDoubleArray()).containsExactly(3, 4);
  }

  @Test
  void d19_aCloneMadeOutsideIsNormal() {
    Tensor c = made(1, 2);
    Tensor copy = c.clone();
    assertThat(copy.isInference()).isFalse();
    copy.requiresGrad(true);
    copy.mul(copy).sum().backward();
    assertThat(gradOf(copy)).containsExactly(2, 4);
    assertThat(GradMode.inferenceMode(() -> copy.clone()).isInference()).isTrue();
  }

  @Test
  void gradientsOfABackwardInsideAreNormal() {
    Tensor x = leaf(3);
    Tensor y = leaf(2);
    Tensor loss = x.mul(x).mul(y);
    GradMode.inferenceMode(
        () -> {
          loss.backward(GradOptions.retainGraph());
          Autograd.backward(List.of(loss), List.of(), GradOptions.retainGraph(), List.of(y));
          assertThat(GradMode.isInferenceMode()).isTrue();
        });
    assertThat(x.grad().isInference()).isFalse();
    assertThat(y.grad().isInference()).isFalse();
    loss.backward();
    assertThat(gradOf(x)).containsExactly(24);
    assertThat(gradOf(y)).containsExactly(27);
  }
}
