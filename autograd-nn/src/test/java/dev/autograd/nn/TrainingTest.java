package dev.autograd.nn;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Generator;
import dev.autograd.Tensor;
import dev.autograd.TensorScope;
import dev.autograd.kernel.parallel.Workers;
import dev.autograd.optim.Adam;
import dev.autograd.optim.GradientClipping;
import dev.autograd.optim.Optimizer;
import dev.autograd.optim.Sgd;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// Layers, losses and optimizers together.
class TrainingTest {
  private static final Tensor X = Tensor.of(new float[] {0, 0, 0, 1, 1, 0, 1, 1}, 4, 2);
  private static final Tensor Y = Tensor.of(new float[] {0, 1, 1, 0}, 4, 1);

  private static double[] exclusiveOr(boolean adam) {
    Generator.global().manualSeed(3);
    Sequential net =
        new Sequential(new Linear(2, 8), new Lambda("tanh", Tensor::tanh), new Linear(8, 1));
    Optimizer optimizer =
        adam
            ? Adam.adam(net.namedParameters(), 0.05, Adam.Options.DEFAULTS)
            : new Sgd(net.namedParameters(), 0.5, Sgd.Options.momentum(0.9));
    double[] losses = new double[200];
    for (int i = 0; i < losses.length; i++) {
      optimizer.zeroGrad();
      Tensor loss = Loss.binaryCrossEntropyWithLogits().of(net.forward(X), Y);
      loss.backward();
      optimizer.step();
      losses[i] = loss.item();
    }
    assertThat(net.forward(X).gt(0).toLongArray()).containsExactly(0, 1, 1, 0);
    return losses;
  }

  @Test
  void aNetworkLearnsWhatNoLinearModelCan() {
    for (boolean adam : new boolean[] {false, true}) {
      double[] losses = exclusiveOr(adam);
      assertThat(losses[0]).isBetween(0.5, 1.0);
      assertThat(losses[losses.length - 1]).isLessThan(0.05);
    }
  }

  @Test
  void theSameSeedGivesTheSameRunToTheBit() {
    assertThat(exclusiveOr(true)).isEqualTo(exclusiveOr(true));
  }

  /// A network with every kind of layer, large enough to be split among threads.
  private static Sequential everyLayer() {
    return new Sequential(
        new Conv2d(3, 16, 3, Conv2d.Options.DEFAULTS.withPadding(1)),
        new BatchNorm(16),
        new Lambda("relu", Tensor::relu),
        new MaxPool2d(2),
        new Lambda("tokens", x -> x.flatten(2, 3).transpose(1, 2)),
        new TransformerBlock(16, 4, 64, 0.1),
        new LayerNorm(16),
        new Flatten(),
        new Linear(16 * 144, 10));
  }

  private static final Tensor TARGET = Tensor.arange(16).remainder(Tensor.of(new long[] {10}, 1));

  private static List<float[]> step() {
    Generator.global().manualSeed(11);
    Sequential net = everyLayer();
    Tensor x = Differences.randn(1, 16, 3, 24, 24).requiresGrad(true);
    Tensor loss = Loss.crossEntropy().of(net.forward(x), TARGET);
    loss.backward();
    GradientClipping.byNorm(net.parameters(), 0.1);
    Adam.adamW(net.namedParameters(), 1e-3, Adam.Options.DEFAULTS.withWeightDecay(0.01)).step();
    List<float[]> all = new ArrayList<>();
    all.add(loss.toFloatArray());
    all.add(x.grad().toFloatArray());
    net.state().values().forEach(t -> all.add(t.toFloatArray()));
    return all;
  }

  /// What a network and its optimizer are after some steps, in scopes or not.
  private static List<float[]> steps(boolean adam, boolean inScopes) {
    Generator.global().manualSeed(12);
    Sequential net = everyLayer();
    Optimizer optimizer =
        adam
            ? Adam.adamW(net.namedParameters(), 1e-3, Adam.Options.DEFAULTS.withWeightDecay(0.01))
            : new Sgd(net.namedParameters(), 1e-2, Sgd.Options.momentum(0.9));
    List<float[]> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      try (var _ = inScopes ? TensorScope.open() : null) {
        // Every other step starts from none, the others from the gradients of the one before.
        if (i % 2 == 0) {
          optimizer.zeroGrad();
        }
        Tensor loss =
            Loss.crossEntropy().of(net.forward(Differences.randn(i, 16, 3, 24, 24)), TARGET);
        loss.backward();
        GradientClipping.byNorm(net.parameters(), 1);
        optimizer.step();
        all.add(loss.toFloatArray());
      }
    }
    net.state().values().forEach(t -> all.add(t.toFloatArray()));
    optimizer.state().values().forEach(t -> all.add(t.toFloatArray()));
    net.parameters().forEach(p -> all.add(p.grad().toFloatArray()));
    return all;
  }

  @Test
  void scopesNeverShowInTheBits() {
    for (boolean adam : new boolean[] {false, true}) {
      List<float[]> without = steps(adam, false);
      List<float[]> within = steps(adam, true);
      assertThat(within).hasSameSizeAs(without);
      for (int i = 0; i < without.size(); i++) {
        assertThat(within.get(i)).as("tensor %d", i).isEqualTo(without.get(i));
      }
    }
  }

  @Test
  void theNumberOfThreadsNeverShowsInTheBits() {
    int before = Workers.threads();
    try {
      Workers.threads(1);
      List<float[]> serial = step();
      for (int threads : new int[] {2, 3, 7}) {
        Workers.threads(threads);
        List<float[]> parallel = step();
        for (int i = 0; i < serial.size(); i++) {
          assertThat(parallel.get(i))
              .as("tensor %d on %d threads", i, threads)
              .isEqualTo(serial.get(i));
        }
      }
    } finally {
      Workers.threads(before);
    }
  }
}
