package dev.autograd.ops.attention;

import static dev.autograd.ops.attention.ScaledDotProductAttention.scaledDotProductAttention;
import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.CoreOps;
import java.io.File;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class AttentionMemoryTest {
  private static final int LENGTH = 4096;
  private static final int HEAP_MEGABYTES = 40;

  /// Attention and its gradients; run with a heap that the matrix of weights does not fit into.
  static final class LongSequence {
    private LongSequence() {}

    public static void main(String[] args) {
      Tensor q = Tensor.randn(LENGTH, 8).requiresGrad(true);
      Tensor k = Tensor.randn(LENGTH, 8).requiresGrad(true);
      Tensor v = Tensor.randn(LENGTH, 8).requiresGrad(true);
      Tensor shift = Tensor.zeros(1, LENGTH);
      scaledDotProductAttention(q, k, v, null, true, null).sum().backward();
      scaledDotProductAttention(q, k, v, shift, false, null).square().sum().backward();
      System.out.println(v.grad().sum().item() > 0 ? "done" : "wrong");
    }
  }

  @Test
  void theMatrixOfWeightsIsNeverInMemory() throws Exception {
    assertThat((long) Float.BYTES * LENGTH * LENGTH).isGreaterThan((long) HEAP_MEGABYTES << 20);
    String classPath =
        Stream.concat(
                Stream.of(tests()),
                Stream.of(Tensor.class, CoreOps.class, Expr.class)
                    .map(type -> path(type.getProtectionDomain().getCodeSource().getLocation())))
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx" + HEAP_MEGABYTES + "m",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                LongSequence.class.getName())
            .redirectErrorStream(true)
            .start();
    String output;
    try (var out = process.inputReader()) {
      output = out.lines().collect(Collectors.joining("\n"));
    }
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(output).endsWith("done");
    assertThat(process.exitValue()).as(output).isZero();
  }

  /// The place of these tests, which as a part of the module under test do not know it themselves.
  private static Path tests() {
    String file = "/" + AttentionMemoryTest.class.getName().replace('.', '/') + ".class";
    Path path = path(AttentionMemoryTest.class.getResource(file));
    for (int up = 0; up < file.split("/").length - 1; up++) {
      path = path.getParent();
    }
    return path;
  }

  private static Path path(URL url) {
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
