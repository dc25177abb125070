package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.Autograd;
import dev.autograd.FunctionNode;
import dev.autograd.GradOptions;
import dev.autograd.SavedTensorHooks;
import dev.autograd.Tensor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Saved values that wait in files.
class DiskOffloadTest {
  private static final int PATIENCE_MILLIS = 10_000;

  @TempDir Path folder;

  private long files() throws IOException {
    try (Stream<Path> all = Files.list(folder)) {
      return all.count();
    }
  }

  @Test
  void valuesComeBackBitForBitAndTheirFilesGoWithBackward() throws IOException {
    double odd = Double.longBitsToDouble(0x7ff0_0000_0000_0123L);
    Tensor x = leaf(-0.0, odd, 1e-320, 3);
    Tensor h = x.mul(1);
    Tensor y;
    try (var _ = SavedTensorHooks.toDisk(folder)) {
      y = h.mul(h);
    }
    assertThat(files()).isEqualTo(2);
    Tensor back = ((FunctionNode) y.gradFn()).savedValues().getFirst();
    double[] was = h.detach().storage().doubles();
    double[] is = back.detach().storage().doubles();
    for (int i = 0; i < was.length; i++) {
      assertThat(Double.doubleToRawLongBits(is[i])).isEqualTo(Double.doubleToRawLongBits(was[i]));
    }
    y.sum().backward();
    assertThat(files()).isZero();
    assertThat(gradOf(x)[3]).isEqualTo(6);
  }

  @Test
  void largeStridedAndEmptyTensorsGoThereAndBack() throws IOException {
    Tensor x = Tensor.randn(600, 700).requiresGrad(true);
    Tensor empty = Tensor.zeros(0, 3).requiresGrad(true);
    Tensor plain = x.mul(1).transpose(0, 1).pow(3).sum();
    float[] expected = Autograd.grad(plain, List.of(x)).getFirst().toFloatArray();
    Tensor y;
    Tensor z;
    try (var _ = SavedTensorHooks.toDisk(folder)) {
      y = x.mul(1).transpose(0, 1).pow(3).sum();
      z = empty.mul(1).pow(3).sum();
    }
    assertThat(files()).isEqualTo(2);
    z.backward();
    y.backward();
    assertThat(x.grad().toFloatArray()).isEqualTo(expected);
    assertThat(files()).isZero();
  }

  @Test
  void leavesAreNotWritten() throws IOException {
    Tensor w = leaf(2);
    try (var _ = SavedTensorHooks.toDisk(folder)) {
      w.mul(w).backward();
      assertThat(files()).isZero();
    }
    assertThat(gradOf(w)).containsExactly(4);
  }

  @Test
  void secondDerivativesComeOutOfFilesToo() {
    Tensor x = leaf(2);
    Tensor y;
    try (var _ = SavedTensorHooks.toDisk(folder)) {
      y = x.mul(1).pow(3);
    }
    Tensor first = Autograd.grad(y, List.of(x), GradOptions.createGraph()).getFirst();
    assertThat(Autograd.grad(first, List.of(x)).getFirst().item()).isEqualTo(12);
  }

  @Test
  void theFilesOfACollectedGraphGo() throws Exception {
    try (var _ = SavedTensorHooks.toDisk(folder)) {
      leaf(1).mul(2).exp();
    }
    long until = System.nanoTime() + PATIENCE_MILLIS * 1_000_000L;
    while (files() > 0 && System.nanoTime() < until) {
      System.gc();
      Thread.sleep(10);
    }
    assertThat(files()).isZero();
  }

  @Test
  void withoutAFolderOfOnesOwnTheSystemsIsUsed() {
    Tensor x = leaf(1, 2);
    Tensor y;
    try (var _ = SavedTensorHooks.toDisk()) {
      y = x.mul(1).exp().sum();
    }
    y.backward();
    assertThat(gradOf(x)).containsExactly(Math.E, Math.exp(2));
  }

  @Test
  void failuresToWriteAndToReadNameTheFile() throws IOException {
    Path gone = folder.resolve("gone");
    Tensor x = leaf(1);
    Tensor y;
    try (var _ = SavedTensorHooks.toDisk(gone)) {
      y = x.mul(1).exp();
      try (Stream<Path> all = Files.list(gone)) {
        for (Path file : all.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(gone);
      assertThatThrownBy(() -> x.mul(1).exp())
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("gone");
    }
    assertThatThrownBy(y::backward)
        .isInstanceOf(UncheckedIOException.class)
        .hasMessageContaining("ExpBackward")
        .hasMessageContaining("gone");
  }
}
