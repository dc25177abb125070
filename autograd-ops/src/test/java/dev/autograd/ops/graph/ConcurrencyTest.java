package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.Autograd;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/// Many threads, platform and virtual, on graphs of their own and on shared leaves.
class ConcurrencyTest {
  private static void all(ExecutorService pool, int times, Callable<?> task) throws Exception {
    CountDownLatch start = new CountDownLatch(1);
    List<Future<?>> running = new ArrayList<>();
    for (int i = 0; i < times; i++) {
      running.add(
          pool.submit(
              () -> {
                start.await();
                return task.call();
              }));
    }
    start.countDown();
    for (Future<?> each : running) {
      each.get();
    }
  }

  @Test
  @SuppressWarnings(
      "ThreadPriorityCheck") // a virtual thread that yields may go on on another carrier
  void d02_everyVirtualThreadHasItsOwnModes() throws Exception {
    Tensor x = leaf(1, 2);
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      all(
          threads,
          500,
          () -> {
            for (int i = 0; i < 20; i++) {
              try (var _ = GradMode.noGrad()) {
                Thread.yield();
                assertThat(x.mul(2).requiresGrad()).isFalse();
                try (var _ = GradMode.inferenceMode(i % 2 == 0)) {
                  Thread.yield();
                  assertThat(GradMode.isInferenceMode()).isEqualTo(i % 2 == 0);
                  assertThat(x.mul(2).requiresGrad()).isEqualTo(i % 2 == 1);
                }
              }
              Thread.yield();
              assertThat(x.mul(2).requiresGrad()).isTrue();
            }
            return null;
          });
    }
  }

  @Test
  void backwardOfManyThreadsAddsUpInSharedLeaves() throws Exception {
    Tensor x = leaf(1, 2);
    Tensor w = leaf(3, 4);
    x.sum().backward();
    Tensor kept = x.grad();
    try (var threads = Executors.newFixedThreadPool(8)) {
      all(
          threads,
          400,
          () -> {
            x.mul(w).sum().backward();
            return null;
          });
    }
    assertThat(x.grad()).isSameAs(kept);
    assertThat(gradOf(x)).containsExactly(1 + 400 * 3, 1 + 400 * 4);
    assertThat(gradOf(w)).containsExactly(400, 800);
  }

  @Test
  void gradOfManyThreadsIsOfEachItsOwn() throws Exception {
    Tensor x = leaf(1, 2);
    Tensor shared = x.square();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      all(
          threads,
          200,
          () -> {
            Tensor y = shared.mul(3).sum();
            Tensor g = Autograd.grad(y, List.of(x), GradOptions.retainGraph()).getFirst();
            assertThat(g.toDoubleArray()).containsExactly(6, 12);
            return null;
          });
    }
    assertThat(x.grad()).isNull();
  }

  /// The identity, whose backward fails.
  record Failing() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].clone();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      throw new IllegalStateException("half-way");
    }
  }

  @Test
  void o14_afterAFailureTheEngineIsUsableAtOnce() {
    Tensor x = leaf(1, 2, 3);
    Tensor y = leaf(1, 2, 3);
    Tensor failing = x.mul(2).add(new Failing().apply(y)).sum();
    assertThatThrownBy(failing::backward).hasMessage("half-way");
    x.zeroGrad();
    x.mul(2).sum().backward();
    assertThat(gradOf(x)).containsExactly(2, 2, 2);
    assertThat(GradMode.isEnabled()).isTrue();
  }

  /// The identity, which notes the threads that run it.
  record Noted(Set<Thread> threads) implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].clone();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      threads.add(Thread.currentThread());
      return new Tensor[] {g};
    }
  }

  private static Set<Thread> threadsOfABackward() {
    Set<Thread> threads = Collections.synchronizedSet(new HashSet<>());
    Tensor x = leaf(1, 2);
    x.registerHook(
        g -> {
          threads.add(Thread.currentThread());
          return null;
        });
    Tensor y = new Noted(threads).apply(x);
    new Noted(threads).apply(y.mul(2)).add(new Noted(threads).apply(y.exp())).sum().backward();
    return threads;
  }

  @Test
  void o11_aWalkRunsOnTheThreadThatAsksForIt() throws Exception {
    assertThat(threadsOfABackward()).containsExactly(Thread.currentThread());
    AtomicReference<Set<Thread>> found = new AtomicReference<>();
    Thread virtual = Thread.startVirtualThread(() -> found.set(threadsOfABackward()));
    virtual.join();
    assertThat(found.get()).containsExactly(virtual);
  }

  /// The identity, whose backward runs a walk inside, as deep as its level, and doubles at the end.
  record Nested(int level) implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].clone();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      if (level == 0) {
        return new Tensor[] {g.mul(2)};
      }
      try (var _ = GradMode.enableGrad()) {
        Tensor inner = Tensor.scalar(1, DType.F64).requiresGrad(true);
        new Nested(level - 1).apply(inner).backward();
        return new Tensor[] {g.mul(inner.grad().item())};
      }
    }
  }

  @Test
  void o07_walksMayNestTwoThousandDeep() {
    Tensor x = leaf(1);
    new Nested(2000).apply(x).backward();
    assertThat(gradOf(x)).containsExactly(2);
  }

  /// Fails at the bottom of nested walks, and notes what the modes and operations are there.
  record FailsDeep(int level, List<String> log) implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].clone();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      if (level == 0) {
        log.add("recording " + GradMode.isEnabled());
        g.exp();
        throw new IllegalStateException("deep");
      }
      try (var _ = GradMode.enableGrad()) {
        Tensor inner = leaf(1);
        new FailsDeep(level - 1, log).apply(inner).backward();
      }
      throw new AssertionError("the failure was lost");
    }
  }

  @Test
  void o07_aDeepWalkSeesTheModesAndFailsAsAnyOther() {
    List<String> log = new ArrayList<>();
    Tensor y = new FailsDeep(200, log).apply(leaf(1));
    try (var _ =
        Autograd.intercept(
            call -> {
              if (call.operation().name().equals("exp")) {
                log.add("exp");
              }
              return call.proceed();
            })) {
      assertThatThrownBy(y::backward).isInstanceOf(IllegalStateException.class).hasMessage("deep");
    }
    assertThat(log).containsExactly("recording false", "exp");
    assertThat(GradMode.isEnabled()).isTrue();
    Tensor x = leaf(1, 2);
    x.mul(2).sum().backward();
    assertThat(gradOf(x)).as("the engine is usable").containsExactly(2, 2);
  }
}
