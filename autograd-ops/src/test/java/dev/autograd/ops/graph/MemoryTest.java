package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.leaf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Autograd;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import dev.autograd.kernel.expr.Expr;
import dev.autograd.ops.CoreOps;
import java.io.File;
import java.lang.ref.Reference;
import java.lang.ref.WeakReference;
import java.net.URISyntaxException;
import java.net.URL;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// What the garbage collector may take, and when.
@SuppressWarnings(
    "ReachabilityFenceUsage") // a failed assertion ends the test before the fence anyway
class MemoryTest {
  private static boolean dies(WeakReference<?> reference) throws InterruptedException {
    for (int i = 0; i < 50 && reference.get() != null; i++) {
      System.gc();
      Thread.sleep(5);
    }
    return reference.get() == null;
  }

  /// A loss and its saved intermediate value.
  private record Step(Tensor loss, WeakReference<Tensor> intermediate) {
    static Step of(Tensor x) {
      Tensor h = x.exp();
      return new Step(h.mul(h).sum(), new WeakReference<>(h));
    }
  }

  @Test
  void savedValuesLiveUntilBackwardAndNoLonger() throws InterruptedException {
    Tensor x = leaf(1, 2);
    Step step = Step.of(x);
    System.gc();
    assertThat(step.intermediate().get()).as("saved for backward").isNotNull();
    step.loss().backward();
    assertThat(dies(step.intermediate())).as("freed by backward, the root being held").isTrue();
    Reference.reachabilityFence(step);
  }

  @Test
  void aRetainedGraphLivesAsLongAsItsRoot() throws InterruptedException {
    Tensor x = leaf(1, 2);
    Step step = Step.of(x);
    step.loss().backward(GradOptions.retainGraph());
    System.gc();
    assertThat(step.intermediate().get()).isNotNull();
    WeakReference<Tensor> intermediate = step.intermediate();
    Reference.reachabilityFence(step);
    step = null;
    assertThat(dies(intermediate)).as("nobody holds the root").isTrue();
    assertThat(x.grad()).isNotNull();
  }

  private static WeakReference<Tensor> leafInACycle() {
    Tensor x = leaf(1, 2);
    x.pow(3).sum().backward(GradOptions.createGraph());
    assertThat(x.grad().gradFn()).as("the gradient leads back to the leaf").isNotNull();
    return new WeakReference<>(x);
  }

  @Test
  void c34_aLeafThatItsGradientLeadsBackToIsCollected() throws InterruptedException {
    assertThat(dies(leafInACycle())).isTrue();
  }

  @Test
  void droppingTheGradientOfARecordedBackwardFreesItsGraph() throws InterruptedException {
    Tensor x = leaf(1, 2);
    x.pow(3).sum().backward(GradOptions.createGraph());
    WeakReference<Object> node = new WeakReference<>(x.grad().gradFn());
    System.gc();
    assertThat(node.get()).isNotNull();
    x.zeroGrad();
    assertThat(dies(node)).isTrue();
    Reference.reachabilityFence(x);
  }

  /// A hundred thousand steps of everything that could keep something; run with a small heap.
  static final class Steps {
    private Steps() {}

    public static void main(String[] args) {
      Tensor w = leaf(0.5, -0.25, 1);
      Tensor x = Tensor.of(new double[3 * 64], 64, 3).add(1);
      Tensor carried = Tensor.of(new double[64]);
      double sum = 0;
      for (int i = 0; i < 100_000; i++) {
        Tensor y = x.matmul(w).add(carried).tanh();
        if (i % 10 == 0) {
          y.retainGrad();
          y.registerHook(g -> null);
        }
        Tensor loss = y.square().mean();
        if (i % 100 == 0) {
          Tensor d = Autograd.grad(loss, List.of(w), GradOptions.createGraph()).getFirst();
          d.square().sum().backward();
        } else {
          loss.backward();
        }
        GradMode.noGrad(() -> w.sub_(w.grad().mul(1e-3)));
        w.zeroGrad();
        carried = y.detach();
        sum += loss.item();
      }
      System.out.println(sum > 0 ? "done" : "wrong");
    }
  }

  @Test
  void aHundredThousandStepsRunIn64Megabytes() throws Exception {
    String classPath =
        Stream.concat(
                Stream.of(tests()),
                Stream.of(Tensor.class, CoreOps.class, Expr.class).map(MemoryTest::placeOf))
            .map(Path::toString)
            .collect(Collectors.joining(File.pathSeparator));
    Process process =
        new ProcessBuilder(
                ProcessHandle.current().info().command().orElseThrow(),
                "-Xmx64m",
                "-XX:+UseSerialGC",
                "-cp",
                classPath,
                Steps.class.getName())
            .redirectErrorStream(true)
            .start();
    String output;
    try (var out = process.inputReader()) {
      output = out.lines().collect(Collectors.joining("\n"));
    }
    assertThat(process.waitFor(2, TimeUnit.MINUTES)).isTrue();
    assertThat(output).endsWith("done");
    assertThat(process.exitValue()).as(output).isZero();
  }

  /// The place of these tests, which as a part of the module under test do not know it themselves.
  private static Path tests() {
    String file = "/" + MemoryTest.class.getName().replace('.', '/') + ".class";
    Path path = path(MemoryTest.class.getResource(file));
    for (int up = 0; up < file.split("/").length - 1; up++) {
      path = path.getParent();
    }
    return path;
  }

  private static Path placeOf(Class<?> type) {
    return path(type.getProtectionDomain().getCodeSource().getLocation());
  }

  private static Path path(URL url) {
    try {
      return Path.of(url.toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }
}
