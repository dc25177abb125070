package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.leafOf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.ErrorKind;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/// Scopes without recording, and tensors cut off from the graph.
class GradModeTest {
  @Test
  void d01_nothingIsRecordedInsideNoGrad() {
    Tensor x = leaf(1, 2);
    Tensor w;
    try (var _ = GradMode.noGrad()) {
      w = x.mul(2);
    }
    assertThat(w.requiresGrad()).isFalse();
    assertThat(w.gradFn()).isNull();
    assertThat(x.requiresGrad()).isTrue();
    assertThat(x.mul(2).requiresGrad()).isTrue();
  }

  @Test
  void d02_scopesNestAndRestore() {
    Tensor x = leaf(1);
    try (var _ = GradMode.noGrad()) {
      assertThat(GradMode.isEnabled()).isFalse();
      try (var _ = GradMode.enableGrad()) {
        assertThat(GradMode.isEnabled()).isTrue();
        assertThat(x.mul(2).requiresGrad()).isTrue();
      }
      assertThat(GradMode.isEnabled()).isFalse();
      try (var _ = GradMode.setEnabled(true)) {
        assertThat(x.mul(2).requiresGrad()).isTrue();
      }
      assertThat(x.mul(2).requiresGrad()).isFalse();
    }
    assertThat(GradMode.isEnabled()).isTrue();
  }

  @Test
  void d03_anExceptionRestoresTheMode() {
    assertThatThrownBy(
            () ->
                GradMode.noGrad(
                    (Runnable)
                        () -> {
                          throw new IllegalStateException("stop");
                        }))
        .hasMessage("stop");
    assertThat(GradMode.isEnabled()).isTrue();
  }

  @Test
  void theModeBelongsToItsThread() {
    try (var _ = GradMode.noGrad()) {
      assertThat(CompletableFuture.supplyAsync(GradMode::isEnabled).join()).isTrue();
    }
  }

  @Test
  void d05_aLeafMayBeWrittenInsideNoGrad() {
    Tensor x = leaf(1, 2);
    try (var _ = GradMode.noGrad()) {
      x.add_(1);
    }
    assertThat(x.toDoubleArray()).containsExactly(2, 3);
    assertThat(x.isLeaf()).isTrue();
    assertThat(x.requiresGrad()).isTrue();
    assertThat(x.version()).isEqualTo(1);
  }

  @Test
  void d08_nothingFlowsThroughADetachedTensor() {
    Tensor x = leaf(1, 2);
    Tensor y = x.mul(2).detach();
    assertThat(y.requiresGrad()).isFalse();
    x.add(y).sum().backward();
    assertThat(gradOf(x)).containsExactly(1, 1);
  }

  @Test
  void aDetachedTensorSharesMemoryAndVersion() {
    Tensor x = leaf(1, 2);
    Tensor y = x.exp();
    Tensor alias = y.detach();
    alias.zero_();
    assertThat(y.toDoubleArray()).containsOnly(0);
    assertThat(y.version()).isEqualTo(1);
    assertThat(refused(ErrorKind.VERSION_MISMATCH, () -> y.sum().backward()))
        .hasMessageContaining("ExpBackward");
  }

  @Test
  void d09_detachingInPlaceCutsLaterPassesOff() {
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    Tensor a = x.mul(2);
    y.add(a).sum().backward();
    assertThat(a.detach_()).isSameAs(a);
    assertThat(a.isLeaf()).isTrue();
    assertThat(a.requiresGrad()).isFalse();
    y.add(a).sum().backward();
    assertThat(gradOf(x)).containsExactly(2, 2);
    assertThat(gradOf(y)).containsExactly(2, 2);
  }

  @Test
  void d10_aViewCannotBeDetachedInPlace() {
    Tensor view = leafOf(new double[] {1, 2, 3, 4}, 2, 2).get(0);
    assertThat(refused(ErrorKind.DETACH_VIEW, view::detach_)).hasMessageContaining("detach()");
  }

  @Test
  void valuesMayBeReadWithoutLeavingTheGraph() {
    Tensor x = leaf(1, 2);
    double[] values = x.toDoubleArray();
    values[0] = 99;
    assertThat(x.at(0)).as("what is handed out is a copy").isEqualTo(1);
    assertThat(x.mul(2).toDoubleArray()).containsExactly(2, 4);
  }

  @Test
  void backwardRunsInsideNoGradToo() {
    Tensor x = leaf(3);
    Tensor y = x.square();
    try (var _ = GradMode.noGrad()) {
      y.backward();
      assertThat(GradMode.isEnabled()).isFalse();
    }
    assertThat(gradOf(x)).containsExactly(6);
  }

  @Test
  void aRecordedPassInsideNoGradIsStillRecorded() {
    Tensor x = leaf(3);
    Tensor y = x.pow(3);
    try (var _ = GradMode.noGrad()) {
      y.backward(GradOptions.createGraph());
    }
    assertThat(x.grad().requiresGrad()).isTrue();
    assertThat(constant(1).requiresGrad()).isFalse();
  }
}
