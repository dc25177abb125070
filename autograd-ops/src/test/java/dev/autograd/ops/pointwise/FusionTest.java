package dev.autograd.ops.pointwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class FusionTest {
  private static final int N = 20_000;

  private static Tensor numbers(long seed, int... shape) {
    return Tensor.randn(Shape.of(shape), DType.F32, new Generator(seed));
  }

  private static boolean isPending(Tensor t) {
    return t.memory().pending() != null;
  }

  /// Runs often enough for a kernel of the whole, and compares all runs with the one computed step
  /// by step.
  private static void sameBitsAsStepByStep(Supplier<List<Tensor>> program) {
    List<double[]> plain = new ArrayList<>();
    try (var _ = Fusion.off()) {
      program.get().forEach(t -> plain.add(t.detach().toDoubleArray()));
    }
    for (int round = 0; round < Fusion.OFTEN + 2; round++) {
      List<Tensor> results = program.get();
      for (int i = 0; i < results.size(); i++) {
        double[] found = results.get(i).detach().toDoubleArray();
        int at = Arrays.mismatch(found, plain.get(i));
        assertThat(at)
            .as(
                "first difference of result %d in round %d: %s",
                i, round, at < 0 ? "" : found[at] + " instead of " + plain.get(i)[at])
            .isEqualTo(-1);
      }
    }
  }

  @Test
  void aChainIsComputedWhenItIsLookedAt() {
    Tensor x = numbers(1, N);
    Tensor y = x.mul(x).add(3).gelu();
    assertThat(isPending(y)).isTrue();
    double value = y.at(7);
    assertThat(isPending(y)).isFalse();
    try (var _ = Fusion.off()) {
      Tensor now = x.mul(x).add(3).gelu();
      assertThat(isPending(now)).isFalse();
      assertThat(now.at(7)).isEqualTo(value);
    }
  }

  @Test
  void smallTensorsAreComputedAtOnce() {
    assertThat(isPending(numbers(1, 1000).mul(2))).isFalse();
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void forwardAndBackwardOfAChainAreThoseOfItsSteps(DType dtype) {
    Tensor x = numbers(1, N).to(dtype).requiresGrad(true);
    Tensor y = numbers(2, N).to(dtype).requiresGrad(true);
    Tensor g = numbers(3, N).to(dtype);
    sameBitsAsStepByStep(
        () -> {
          x.zeroGrad();
          y.zeroGrad();
          Tensor z = x.mul(y).add(3).gelu();
          z.backward(g);
          return List.of(z, x.grad(), y.grad());
        });
  }

  @Test
  void gradientsAreThereWhenBackwardReturns() {
    Tensor x = numbers(1, N).requiresGrad(true);
    x.mul(2).tanh().backward(numbers(2, N));
    assertThat(isPending(x.grad())).isFalse();
  }

  @Test
  void secondDerivativesAreThoseOfTheSteps() {
    Tensor x = numbers(1, N).requiresGrad(true);
    sameBitsAsStepByStep(
        () -> {
          Tensor y = x.tanh().mul(x).exp();
          Tensor first = Autograd.grad(y.sum(), List.of(x), GradOptions.createGraph()).getFirst();
          return List.of(first, Autograd.grad(first.sum(), List.of(x)).getFirst());
        });
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void randomGraphsGiveTheBitsOfTheirSteps(long seed) {
    List<Tensor> leaves = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      leaves.add(numbers(seed * 10 + i, N).requiresGrad(true));
    }
    Tensor g = numbers(seed, N);
    sameBitsAsStepByStep(
        () -> {
          var random = new Random(seed);
          leaves.forEach(Tensor::zeroGrad);
          List<Tensor> values = new ArrayList<>(leaves);
          for (int i = 0; i < 40; i++) {
            Tensor a = values.get(random.nextInt(values.size()));
            Tensor b = values.get(random.nextInt(values.size()));
            values.add(
                switch (random.nextInt(8)) {
                  case 0 -> a.add(b);
                  case 1 -> a.mul(b).tanh();
                  case 2 -> a.sub(b).sigmoid();
                  case 3 -> a.relu();
                  case 4 -> a.mul(random.nextDouble()).add(b);
                  case 5 -> a.clamp(-1, 1);
                  case 6 -> a.sin();
                  default -> b.div(a.square().add(1));
                });
          }
          Tensor root = values.getLast().add(values.get(values.size() - 2)).add(values.get(20));
          root.backward(g);
          List<Tensor> results = new ArrayList<>(List.of(root, values.get(10), values.get(30)));
          leaves.forEach(leaf -> results.add(leaf.grad() == null ? leaf : leaf.grad()));
          return results;
        });
  }

  @Test
  void aWriteInPlaceLeavesWhatWasComputedFromTheOldValues() {
    sameBitsAsStepByStep(
        () -> {
          Tensor x = numbers(1, N);
          Tensor y = x.mul(2).add(1);
          Tensor z = y.tanh();
          x.add_(5);
          y.mul_(3);
          return List.of(x, y, z);
        });
  }

  @Test
  void aWriteThroughAViewLeavesWhatWasComputedFromTheOldValues() {
    sameBitsAsStepByStep(
        () -> {
          Tensor x = numbers(1, N);
          Tensor y = x.mul(2);
          Tensor half = x.slice(0, 0, N / 2, 1);
          half.add_(x.slice(0, N / 2, N, 1));
          half.mul_(half);
          return List.of(x, y);
        });
  }

  @Test
  void overlappingPartsOfOneTensorAreReadBeforeTheyAreWritten() {
    sameBitsAsStepByStep(
        () -> {
          Tensor x = numbers(1, N + 1);
          x.slice(0, 1, N + 1, 1).add_(x.slice(0, 0, N, 1));
          return List.of(x);
        });
  }

  @Test
  void partsOfAPendingTensorAreItsParts() {
    Tensor x = numbers(1, 2 * N);
    sameBitsAsStepByStep(
        () -> {
          Tensor y = x.mul(3).exp();
          return List.of(y.slice(0, N, 2 * N, 1).add(1), y.reshape(2, N).select(0, 1).tanh(), y);
        });
  }

  @Test
  void anArrayOfTheProgramIsReadAtOnce() {
    float[] mine = new float[N];
    Arrays.fill(mine, 2);
    Tensor y = Tensor.of(mine).mul(3).add(1);
    Arrays.fill(mine, 100);
    assertThat(y.at(N - 1)).isEqualTo(7);
  }

  @Test
  void anArrayThatTheProgramTakesIsReadBefore() {
    Tensor x = Tensor.full(Shape.of(N), 2, DType.F32);
    Tensor y = x.mul(3);
    float[] raw = x.storage().floats();
    Arrays.fill(raw, 100);
    Tensor z = x.mul(3);
    Arrays.fill(raw, 1000);
    assertThat(y.at(0)).isEqualTo(6);
    assertThat(z.at(0)).isEqualTo(300);
  }

  @Test
  void savedValuesThatAreWrittenAreStillAnError() {
    Tensor x = numbers(1, N).requiresGrad(true);
    Tensor y = x.mul(2);
    Tensor z = y.exp();
    Tensor w = z.mul(y);
    z.detach().add_(1);
    assertThatThrownBy(() -> w.sum().backward())
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("in place");
  }

  @Test
  void updatesOfAnOptimizerRunInPlace() {
    sameBitsAsStepByStep(
        () -> {
          Tensor p = numbers(1, N);
          Tensor m = Tensor.zeros(Shape.of(N), DType.F32);
          try (var _ = GradMode.noGrad()) {
            for (int step = 0; step < 5; step++) {
              Tensor g = p.mul(0.1).sin();
              m.mul_(0.9).add_(g);
              p.sub_(m.mul(0.01));
            }
          }
          return List.of(p, m);
        });
  }

  @Test
  void aLongLoopStaysAChainOfBoundedLength() {
    sameBitsAsStepByStep(
        () -> {
          Tensor x = numbers(1, N);
          for (int i = 0; i < 300; i++) {
            x = x.mul(0.99).add(0.01);
          }
          return List.of(x);
        });
  }

  @Test
  void threadsMayLookAtOneTensorAtOnce() throws InterruptedException {
    for (int round = 0; round < 20; round++) {
      Tensor x = numbers(round, N);
      Tensor y = x.mul(2).tanh();
      Tensor z = y.add(x).exp();
      List<Thread> threads = new ArrayList<>();
      double[] sums = new double[4];
      for (int t = 0; t < sums.length; t++) {
        int own = t;
        threads.add(
            Thread.ofPlatform().start(() -> sums[own] = (own % 2 == 0 ? y : z).sum().item()));
      }
      for (Thread t : threads) {
        t.join();
      }
      assertThat(sums[0]).isEqualTo(sums[2]);
      assertThat(sums[1]).isEqualTo(sums[3]);
    }
  }

  @Test
  void retainedGraphsAreWalkedTwice() {
    Tensor x = numbers(1, N).requiresGrad(true);
    Tensor g = numbers(2, N);
    sameBitsAsStepByStep(
        () -> {
          x.zeroGrad();
          Tensor y = x.mul(x).tanh();
          y.backward(g, GradOptions.retainGraph());
          y.backward(g);
          return List.of(x.grad());
        });
  }
}
