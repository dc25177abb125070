package dev.autograd.ops.graph;

import static dev.autograd.ops.graph.Given.gradOf;
import static dev.autograd.ops.graph.Given.leaf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.Context;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.Function;
import dev.autograd.Generator;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Test;

/// The walk itself: depth, order, threads, re-entrance.
class EngineTest {
  private static final long SMALL_STACK = 512 * 1024;

  private static <T> T onSmallStack(Callable<T> body) throws Exception {
    FutureTask<T> task = new FutureTask<>(body);
    Thread thread = new Thread(null, task, "small-stack", SMALL_STACK);
    thread.start();
    return task.get();
  }

  @Test
  void aChainOfAMillionNodesNeedsNoStack() throws Exception {
    double g =
        onSmallStack(
            () -> {
              Tensor x = leaf(1);
              Tensor y = x;
              for (int i = 0; i < 1_000_000; i++) {
                y = y.add(1);
              }
              y.backward();
              assertThat(y.item()).isEqualTo(1_000_001);
              return gradOf(x)[0];
            });
    assertThat(g).isEqualTo(1);
  }

  @Test
  void aLadderWhosePathsDoubleAtEachRungIsWalkedOnce() throws Exception {
    double g =
        onSmallStack(
            () -> {
              Tensor x = leaf(1);
              Tensor y = x;
              for (int i = 0; i < 60; i++) {
                y = y.add(y);
              }
              return Autograd.grad(y, List.of(x)).getFirst().item();
            });
    assertThat(g).isEqualTo(Math.pow(2, 60));
  }

  @Test
  void readyNodesRunInTheReverseOrderOfTheirCreation() {
    List<String> order = new ArrayList<>();
    Tensor x = leaf(1);
    Tensor[] branches = new Tensor[6];
    for (int i = 0; i < branches.length; i++) {
      int number = i;
      branches[i] = x.mul(i + 1);
      branches[i]
          .gradFn()
          .registerHook(
              (_, _) -> {
                order.add("branch " + number);
                return null;
              });
    }
    x.registerHook(
        _ -> {
          order.add("leaf");
          return null;
        });
    // Joined in an order of their own, which must not matter.
    Tensor out = branches[3];
    for (int i : new int[] {0, 5, 1, 4, 2}) {
      out = out.add(branches[i]);
    }
    out.backward();
    assertThat(order)
        .containsExactly(
            "branch 5", "branch 4", "branch 3", "branch 2", "branch 1", "branch 0", "leaf");
  }

  @Test
  void aLeafIsFilledAsSoonAsItsGradientIsComplete() {
    List<String> order = new ArrayList<>();
    Tensor early = leaf(1);
    Tensor late = leaf(1);
    Tensor h = early.mul(2);
    h.gradFn()
        .registerHook(
            (_, _) -> {
              order.add("h");
              return null;
            });
    late.registerPostAccumulateGradHook(_ -> order.add("late"));
    early.registerPostAccumulateGradHook(_ -> order.add("early"));
    h.mul(late).backward();
    assertThat(order).containsExactly("late", "h", "early");
  }

  @Test
  void threadsWithGraphsOfTheirOwnAgreeToTheBit() throws Exception {
    int threads = 4;
    try (var pool = Executors.newFixedThreadPool(threads)) {
      List<Future<double[]>> results = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        results.add(
            pool.submit(
                () -> {
                  double[] last = {};
                  for (int run = 0; run < 20; run++) {
                    last = gradientOfANetwork();
                  }
                  return last;
                }));
      }
      double[] expected = gradientOfANetwork();
      for (Future<double[]> each : results) {
        assertThat(each.get()).isEqualTo(expected);
      }
    }
  }

  private static double[] gradientOfANetwork() {
    Generator random = new Generator(7);
    Tensor x = Tensor.randn(Shape.of(9, 5), DType.F64, random);
    Tensor w = Tensor.randn(Shape.of(5, 4), DType.F64, random).requiresGrad(true);
    Tensor v = Tensor.randn(Shape.of(4, 3), DType.F64, random).requiresGrad(true);
    x.matmul(w).tanh().matmul(v).logSoftmax(-1).mean().backward();
    return gradOf(w);
  }

  @Test
  void aCommonLeafCollectsFromSeveralThreads() throws Exception {
    Tensor x = leaf(0, 0);
    int threads = 4;
    int passes = 200;
    try (var pool = Executors.newFixedThreadPool(threads)) {
      List<Future<?>> all = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        all.add(
            pool.submit(
                () -> {
                  for (int p = 0; p < passes; p++) {
                    x.mul(2).sum().backward();
                  }
                }));
      }
      for (Future<?> each : all) {
        each.get();
      }
    }
    assertThat(gradOf(x)).containsOnly(2.0 * threads * passes);
  }

  @Test
  void o04_threadsThatShareAGraphEitherSucceedOrHearThatItIsFreed() throws Exception {
    int threads = 5;
    for (int round = 0; round < 200; round++) {
      Tensor x = leaf(1, 2);
      Tensor y = x.add(x.square());
      CountDownLatch start = new CountDownLatch(1);
      int succeeded = 0;
      try (var pool = Executors.newFixedThreadPool(threads)) {
        List<Future<?>> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
          all.add(
              pool.submit(
                  () -> {
                    start.await();
                    y.add(y.square()).sum().backward();
                    return null;
                  }));
        }
        start.countDown();
        for (Future<?> each : all) {
          try {
            each.get();
            succeeded++;
          } catch (ExecutionException e) {
            assertThat(e.getCause()).isInstanceOf(AutogradException.class);
            assertThat(((AutogradException) e.getCause()).kind()).isEqualTo(ErrorKind.GRAPH_FREED);
          }
        }
      }
      assertThat(succeeded).isPositive();
    }
  }

  /// The product of two numbers, whose backward differentiates an inner graph.
  record InnerGraph() implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      ctx.save(in);
      return in[0].mul(in[1]);
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      try (var _ = GradMode.enableGrad()) {
        Tensor a = ctx.saved(0).detach().requiresGrad(true);
        Tensor b = ctx.saved(1).detach().requiresGrad(true);
        a.mul(b).backward(g);
        return new Tensor[] {a.grad(), b.grad()};
      }
    }
  }

  @Test
  void o06_aBackwardMayRunABackward() {
    Tensor x = leaf(1, 2);
    Tensor y = leaf(3, 4);
    new InnerGraph().apply(x, y).sum().backward();
    assertThat(gradOf(x)).containsExactly(3, 4);
    assertThat(gradOf(y)).containsExactly(1, 2);
  }

  /// The identity, which logs its backward and nests itself below its level.
  record Logged(String name, int level, List<String> log) implements Function {
    @Override
    public Tensor forward(Context ctx, Tensor... in) {
      return in[0].clone();
    }

    @Override
    public Tensor[] backward(Context ctx, Tensor g) {
      log.add(name);
      if (level > 0) {
        try (var _ = GradMode.enableGrad()) {
          Tensor inner = Tensor.scalar(1, DType.F64).requiresGrad(true);
          new Logged(name, level - 1, log).apply(inner).backward();
        }
      }
      return new Tensor[] {g};
    }
  }

  @Test
  void o08_nestedWalksEndBeforeWhatWasReadyOutside() {
    List<String> log = new ArrayList<>();
    Tensor x = leaf(6);
    Tensor y = leaf(9);
    Tensor a = new Logged("A", 0, log).apply(x);
    Tensor b = new Logged("B", 9, log).apply(y);
    a.mul(b).backward();
    assertThat(log).hasSize(11).endsWith("A");
    assertThat(log.subList(0, 10)).containsOnly("B");
  }

  @Test
  void aRetainedWalkCanBeRepeatedWithTheSameBits() {
    Tensor x = Tensor.randn(Shape.of(50), DType.F64, new Generator(3)).requiresGrad(true);
    Tensor y = x.exp().mul(x.sin()).add(x.square()).sum();
    double[] first =
        Autograd.grad(y, List.of(x), GradOptions.retainGraph()).getFirst().toDoubleArray();
    double[] second = Autograd.grad(y, List.of(x)).getFirst().toDoubleArray();
    assertThat(second).isEqualTo(first);
  }
}
