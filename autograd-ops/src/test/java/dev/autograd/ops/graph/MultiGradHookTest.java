package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.constant;
import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static dev.autograd.ops.graph.Given.refused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.Autograd;
import dev.autograd.Context;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.MultiGradMode;
import dev.autograd.RemovableHandle;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Hooks on several gradients, callbacks of a walk, and gradients that are not to be written.
class MultiGradHookTest {
  private static double[] items(List<@Nullable Tensor> grads) {
    return grads.stream().mapToDouble(g -> g == null ? Double.NaN : g.item()).toArray();
  }

  @Test
  void f16_anAnyHookRunsOnceInEachBackwardWithTheFirstGradient() {
    Tensor a = leaf(1);
    Tensor b = a.mul(2);
    Tensor c = b.mul(3);
    List<double[]> seen = new ArrayList<>();
    Autograd.registerMultiGradHook(
        List.of(a, b, c), MultiGradMode.ANY, grads -> seen.add(items(grads)));
    Tensor y = c.mul(5);
    y.backward(GradOptions.retainGraph());
    y.backward();
    assertThat(seen).hasSize(2);
    assertThat(seen.get(0)).containsExactly(Double.NaN, Double.NaN, 5);
    assertThat(seen.get(1)).containsExactly(Double.NaN, Double.NaN, 5);
  }

  @Test
  void f16_anAllHookRunsOnceInEachBackwardWithAllGradients() {
    Tensor a = leaf(1);
    Tensor b = leaf(2);
    Tensor c = a.mul(b);
    List<double[]> seen = new ArrayList<>();
    RemovableHandle handle =
        Autograd.registerMultiGradHook(
            List.of(a, b, c), MultiGradMode.ALL, grads -> seen.add(items(grads)));
    c.mul(5).backward(GradOptions.retainGraph());
    c.mul(7).backward(GradOptions.retainGraph());
    assertThat(seen).hasSize(2);
    assertThat(seen.get(0)).containsExactly(10, 5, 5);
    assertThat(seen.get(1)).containsExactly(14, 7, 7);
    handle.remove();
    c.backward();
    assertThat(seen).hasSize(2);
  }

  @Test
  void anAllHookWaitsForWhatTheBackwardComputesOnly() {
    Tensor a = leaf(1);
    Tensor b = leaf(2);
    Tensor unused = leaf(3);
    List<double[]> seen = new ArrayList<>();
    Autograd.registerMultiGradHook(
        List.of(a, b, unused), MultiGradMode.ALL, grads -> seen.add(items(grads)));
    a.mul(b).backward();
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst()).containsExactly(2, 1, Double.NaN);

    Tensor y = a.mul(b);
    Autograd.grad(y, List.of(a));
    assertThat(seen).hasSize(2);
    assertThat(seen.get(1)).containsExactly(2, Double.NaN, Double.NaN);
  }

  @Test
  void anAllHookRunsAtTheEndWhereAGradientStaysAway() {
    record Silent() implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        return in[0].clone();
      }

      @Override
      public @Nullable Tensor[] backward(Context ctx, Tensor g) {
        return new Tensor[] {null};
      }
    }
    Tensor a = leaf(1);
    Tensor b = leaf(2);
    List<double[]> seen = new ArrayList<>();
    Autograd.registerMultiGradHook(
        List.of(a, b), MultiGradMode.ALL, grads -> seen.add(items(grads)));
    new Silent().apply(a).add(b).backward();
    assertThat(seen).hasSize(1);
    assertThat(seen.getFirst()).containsExactly(Double.NaN, 1);
  }

  @Test
  void walksOfSeveralThreadsAreToldApart() throws InterruptedException {
    Tensor a = leaf(1);
    Tensor b = leaf(2);
    var seen = new ConcurrentLinkedQueue<double[]>();
    Autograd.registerMultiGradHook(
        List.of(a, b), MultiGradMode.ALL, grads -> seen.add(items(grads)));
    CountDownLatch ready = new CountDownLatch(4);
    List<Thread> threads = new ArrayList<>();
    for (int i = 1; i <= 4; i++) {
      int factor = i;
      threads.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    Tensor y = a.mul(b).mul(factor);
                    ready.countDown();
                    try {
                      ready.await();
                    } catch (InterruptedException e) {
                      throw new IllegalStateException(e);
                    }
                    y.backward();
                  }));
    }
    for (Thread t : threads) {
      t.join();
    }
    assertThat(seen.stream().map(s -> s[0] / s[1]).toList()).containsOnly(2.0).hasSize(4);
    assertThat(seen.stream().mapToDouble(s -> s[1]).sorted().toArray()).containsExactly(1, 2, 3, 4);
  }

  @Test
  void theTensorsMustBeThereAndRequireGrad() {
    refused(
        ErrorKind.ARGUMENT,
        () -> Autograd.registerMultiGradHook(List.of(), MultiGradMode.ALL, _ -> {}));
    Tensor x = leaf(1);
    assertThat(
            refused(
                ErrorKind.HOOK_NO_GRAD,
                () ->
                    Autograd.registerMultiGradHook(
                        List.of(x, constant(1)), MultiGradMode.ALL, _ -> {})))
        .hasMessageContaining("tensor 1");
  }

  @Test
  void f18_hooksOfWhatIsNotAskedForDoNotRun() {
    Tensor a = leaf(1);
    Tensor z = leaf(2);
    List<String> seen = new ArrayList<>();
    a.registerHook(
        _ -> {
          seen.add("a");
          return null;
        });
    z.registerHook(
        _ -> {
          seen.add("z");
          return null;
        });
    Autograd.grad(a.mul(z), List.of(z));
    assertThat(seen).containsExactly("z");
  }

  // --- callbacks -------------------------------------------------------------------------------

  @Test
  void callbacksRunWhenAllNodesHaveRun() {
    Tensor x = leaf(1);
    List<String> order = new ArrayList<>();
    Tensor h = x.mul(2);
    h.registerHook(
        _ -> {
          Autograd.queueCallback(
              () -> {
                order.add("first, x.grad is " + gradOf(x)[0]);
                Autograd.queueCallback(() -> order.add("third"));
              });
          Autograd.queueCallback(() -> order.add("second"));
          return null;
        });
    x.registerPostAccumulateGradHook(_ -> order.add("leaf"));
    h.mul(3).backward();
    assertThat(order).containsExactly("leaf", "first, x.grad is 6.0", "second", "third");
    refused(ErrorKind.ARGUMENT, () -> Autograd.queueCallback(() -> {}));
  }

  @Test
  void callbacksBelongToTheInnermostWalkAndToOneThatSucceeds() {
    List<String> order = new ArrayList<>();
    Tensor x = leaf(1);
    Tensor h = x.mul(2);
    h.registerHook(
        _ -> {
          try (var _ = GradMode.enableGrad()) {
            Tensor inner = leaf(1).mul(2);
            inner.registerHook(
                _ -> {
                  Autograd.queueCallback(() -> order.add("inner"));
                  return null;
                });
            inner.backward();
          }
          order.add("hook");
          Autograd.queueCallback(() -> order.add("outer"));
          return null;
        });
    h.backward();
    assertThat(order).containsExactly("inner", "hook", "outer");

    order.clear();
    Tensor failing = x.mul(2);
    failing.registerHook(
        _ -> {
          Autograd.queueCallback(() -> order.add("never"));
          throw new IllegalStateException("boom");
        });
    assertThatThrownBy(failing::backward).hasMessage("boom");
    assertThat(order).isEmpty();
  }

  // --- gradients that are not to be written ----------------------------------------------------

  @Test
  void aHookMustNotWriteIntoItsGradient() {
    Tensor x = leaf(1);
    Tensor y = x.mul(2);
    y.registerHook(g -> g.mul_(2));
    assertThat(refused(ErrorKind.GRAD_WRITTEN, y::backward))
        .hasMessageContaining("MulScalarBackward")
        .hasMessageContaining("hook")
        .hasMessageContaining("in place");

    Tensor before = x.mul(2);
    before
        .gradFn()
        .registerPrehook(
            g -> {
              g[0].zero_();
              return null;
            });
    assertThat(refused(ErrorKind.GRAD_WRITTEN, before::backward)).hasMessageContaining("pre-hook");

    Tensor after = x.mul(2);
    after
        .gradFn()
        .registerHook(
            (in, _) -> {
              in[0].zero_();
              return null;
            });
    assertThat(refused(ErrorKind.GRAD_WRITTEN, after::backward)).hasMessageContaining("post-hook");
  }

  @Test
  void aBackwardMustNotWriteIntoItsGradient() {
    record Careless() implements Function {
      @Override
      public Tensor forward(Context ctx, Tensor... in) {
        return in[0].mul(2);
      }

      @Override
      public Tensor[] backward(Context ctx, Tensor g) {
        return new Tensor[] {g.mul_(2)};
      }
    }
    Tensor y = new Careless().apply(leaf(1));
    Tensor seed = constant(1);
    assertThat(refused(ErrorKind.GRAD_WRITTEN, () -> y.backward(seed)))
        .hasMessageContaining("CarelessBackward")
        .hasMessageContaining("backward");
  }

  @Test
  void hooksOfNodesFollowTheModeOfTheWalk() {
    Tensor x = leaf(1);
    Tensor w = leaf(3);
    Tensor y = x.mul(2);
    y.gradFn().registerPrehook(g -> new Tensor[] {g[0].mul(w)});
    y.backward();
    assertThat(gradOf(x)).containsExactly(6);
    assertThat(x.grad().requiresGrad()).isFalse();
  }
}
