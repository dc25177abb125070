package dev.autograd.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Generator;
import dev.autograd.Tensor;
import dev.autograd.kernel.parallel.Workers;
import dev.autograd.optim.Adam;
import dev.autograd.optim.Optimizer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Several models in training at the same time, each on a thread of its own.
class ManyGraphsTest {
  private static final int GRAPHS = 6;
  private static final int STEPS = 5;
  private static final int THREADS = 3;

  private final int before = Workers.threads();

  @AfterEach
  void restore() {
    Workers.threads(before);
  }

  /// A model with its data and its optimizer, large enough to be split among threads.
  private static final class Training {
    private final Sequential model;
    private final Optimizer optimizer;
    private final Tensor x;
    private final Tensor target;

    Training(int seed) {
      Generator.global().manualSeed(seed);
      model =
          new Sequential(
              new Conv2d(3, 8, 3, Conv2d.Options.DEFAULTS.withPadding(1)),
              new Lambda("gelu", Tensor::gelu),
              new MaxPool2d(2),
              new Flatten(),
              new LayerNorm(8 * 144),
              new Linear(8 * 144, 64),
              new Lambda("tanh", Tensor::tanh),
              new Linear(64, 10));
      optimizer = Adam.adam(model.namedParameters(), 1e-3, Adam.Options.DEFAULTS);
      x = Tensor.randn(16, 3, 24, 24);
      target = Tensor.arange(16).remainder(Tensor.of(new long[] {10}, 1));
    }

    List<float[]> run() {
      for (int i = 0; i < STEPS; i++) {
        optimizer.zeroGrad();
        Loss.crossEntropy().of(model.forward(x), target).backward();
        optimizer.step();
      }
      List<float[]> state = new ArrayList<>();
      model.state().values().forEach(t -> state.add(t.toFloatArray()));
      return state;
    }
  }

  private static long workers() {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(t -> t.getName().startsWith("autograd-worker"))
        .count();
  }

  private static void awaitNoMoreWorkersThan(int n) throws InterruptedException {
    for (int i = 0; i < 1000 && workers() > n; i++) {
      Thread.sleep(5);
    }
    assertThat(workers()).isLessThanOrEqualTo(n);
  }

  @Test
  void graphsOfManyThreadsShareTheWorkersAndGiveTheBitsOfEachAlone()
      throws InterruptedException, ExecutionException {
    Workers.threads(1);
    List<List<float[]>> alone = new ArrayList<>();
    List<Training> trainings = new ArrayList<>();
    for (int g = 0; g < GRAPHS; g++) {
      alone.add(new Training(g).run());
      trainings.add(new Training(g));
    }
    awaitNoMoreWorkersThan(0);
    Workers.threads(THREADS);

    try (ExecutorService pool = Executors.newFixedThreadPool(GRAPHS)) {
      List<Future<List<float[]>>> together = new ArrayList<>();
      trainings.forEach(t -> together.add(pool.submit(t::run)));
      long most = 0;
      while (!together.stream().allMatch(Future::isDone)) {
        most = Math.max(most, workers());
        Thread.sleep(1);
      }
      assertThat(most).as("workers at once").isBetween(1L, THREADS - 1L);
      for (int g = 0; g < GRAPHS; g++) {
        List<float[]> state = together.get(g).get();
        for (int i = 0; i < state.size(); i++) {
          assertThat(state.get(i)).as("graph %d, tensor %d", g, i).isEqualTo(alone.get(g).get(i));
        }
      }
    }
  }
}
