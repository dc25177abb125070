package dev.autograd.ops.pointwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.parallel.Workers;
import dev.autograd.ops.loss.CrossEntropy;
import dev.autograd.ops.loss.HuberLoss;
import dev.autograd.ops.loss.MseLoss;
import dev.autograd.ops.loss.Reduction;
import dev.autograd.ops.normalization.LayerNorm;
import dev.autograd.ops.regularization.Dropout;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Broadcasts within chains, and the reductions that end them.
class ChainEndsTest {
  private static final int ROWS = 300;
  private static final int COLUMNS = 97;

  private final int threads = Workers.threads();

  @AfterEach
  void restoreThreads() {
    Workers.threads(threads);
  }

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
    for (int count = 1; count <= 2; count++) {
      Workers.threads(count);
      for (int round = 0; round < Fusion.OFTEN + 1; round++) {
        List<Tensor> results = program.get();
        for (int i = 0; i < results.size(); i++) {
          double[] found = results.get(i).detach().toDoubleArray();
          assertThat(Arrays.mismatch(found, plain.get(i)))
              .as("first difference of result %d in round %d on %d threads", i, round, count)
              .isEqualTo(-1);
        }
      }
    }
  }

  /// Does the same with the gradients of the leaves.
  private static void sameGradients(Function<List<Tensor>, Tensor> program, Tensor... leaves) {
    for (Tensor leaf : leaves) {
      leaf.requiresGrad(true);
    }
    sameBitsAsStepByStep(
        () -> {
          for (Tensor leaf : leaves) {
            leaf.zeroGrad();
          }
          Tensor y = program.apply(List.of(leaves));
          y.backward(Tensor.ones(y.shape(), y.dtype()).mul(0.37));
          List<Tensor> results = new ArrayList<>(List.of(y));
          for (Tensor leaf : leaves) {
            results.add(leaf.grad());
          }
          return results;
        });
  }

  @Test
  void aBiasIsPartOfTheChain() {
    Tensor x = numbers(1, ROWS, COLUMNS);
    Tensor b = numbers(2, COLUMNS);
    Tensor y = x.add(b).relu();
    assertThat(isPending(y)).isTrue();
    sameGradients(in -> in.get(0).add(in.get(1)).relu(), x, b);
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void inputsOfEveryShapeThatBroadcastsAreParts(DType dtype) {
    Tensor x = numbers(1, 16, 12, 10, 9).to(dtype);
    int[][] shapes = {
      {9}, {10, 9}, {10, 1}, {12, 1, 1}, {1, 12, 1, 9}, {16, 1, 1, 1}, {16, 1, 10, 1}, {1}, {}
    };
    for (int[] shape : shapes) {
      Tensor b = numbers(2, shape).to(dtype);
      sameGradients(in -> in.get(0).mul(in.get(1)).sub(in.get(1)).tanh(), x, b);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 16, 64, 255, 256, 257, 1024, 1500})
  void rowsOfEveryLengthAreParts(int columns) {
    Tensor x = numbers(1, 20_000 / columns + 1, columns);
    Tensor row = numbers(2, columns);
    Tensor column = numbers(3, x.size(0), 1);
    sameGradients(in -> in.get(0).mul(in.get(1)).add(in.get(2)), x, row, column);
  }

  @Test
  void viewsAreParts() {
    Tensor x = numbers(1, ROWS, COLUMNS);
    Tensor y = numbers(2, COLUMNS, ROWS);
    Tensor all = numbers(3, 2 * ROWS, 2 * COLUMNS);
    assertThat(isPending(x.add(y.transpose(0, 1)))).isTrue();
    sameGradients(
        in ->
            in.get(0)
                .mul(in.get(1).transpose(0, 1))
                .add(in.get(2).slice(0, 0, 2 * ROWS, 2).slice(1, COLUMNS, 2 * COLUMNS, 1))
                .flip(0)
                .mul(in.get(0)),
        x,
        y,
        all);
  }

  @Test
  void aTensorAndItsTransposeMeet() {
    Tensor x = numbers(1, 150, 150);
    sameBitsAsStepByStep(
        () -> {
          Tensor y = x.mul(2);
          Tensor z = y.add(y.transpose(0, 1)).mul(y);
          y.add_(y.transpose(0, 1));
          return List.of(z, y);
        });
  }

  @Test
  void formulasOfSeveralShapesAreOneChain() {
    Tensor x = numbers(1, 60, 24, 20);
    Tensor b = numbers(2, 20);
    Tensor c = numbers(3, 24, 1);
    Tensor d = numbers(4, 480);
    Tensor e = numbers(5, 96, 1);
    sameGradients(
        in ->
            in.get(0)
                .add(in.get(1))
                .mul(in.get(2))
                .reshape(60, 480)
                .sub(in.get(3))
                .reshape(300, 96)
                .mul(0.5)
                .transpose(0, 1)
                .mul(in.get(4)),
        x,
        b,
        c,
        d,
        e);
  }

  @Test
  void aSmallPendingInputIsComputedFirst() {
    Tensor x = numbers(1, 40, 20_000);
    Tensor b = numbers(2, 20_000);
    sameGradients(in -> in.get(0).add(in.get(1).exp()).sigmoid(), x, b);
  }

  @Test
  void aSmallArrayOfTheProgramIsReadAtOnce() {
    float[] mine = new float[COLUMNS];
    Arrays.fill(mine, 2);
    Tensor y = numbers(1, ROWS, COLUMNS).mul(0).add(Tensor.of(mine)).mul(1);
    assertThat(isPending(y)).isTrue();
    Arrays.fill(mine, 100);
    assertThat(y.at(ROWS - 1, COLUMNS - 1)).isEqualTo(2);
  }

  @Test
  void aBiasThatIsWrittenHasServedBefore() {
    sameBitsAsStepByStep(
        () -> {
          Tensor x = numbers(1, ROWS, COLUMNS);
          Tensor b = numbers(2, COLUMNS);
          Tensor y = x.add(b).tanh();
          b.mul_(100);
          Tensor z = y.mul(b);
          x.add_(b);
          return List.of(x, y, z, b);
        });
  }

  @Test
  void shapesThatDoNotBroadcastAreTheSameError() {
    Tensor x = numbers(1, ROWS, COLUMNS);
    Tensor b = numbers(2, COLUMNS + 1);
    String message = "";
    try (var _ = Fusion.off()) {
      x.add(b);
    } catch (AutogradException e) {
      message = e.getMessage();
    }
    assertThatThrownBy(() -> x.add(b)).hasMessage(message);
  }

  @Test
  void sumsAndMeansReadTheirOperandAsItIsComputed() {
    Tensor x = numbers(1, 40, 60, 50);
    Tensor y = numbers(2, 40, 60, 50);
    Tensor z = x.mul(y);
    z.sum();
    assertThat(isPending(z)).as("not kept, since nobody asked").isTrue();
    double first = z.sum().item();
    assertThat(isPending(z)).as("kept the second time").isFalse();
    assertThat(z.sum().item()).isEqualTo(first);
    int[][] dims = {{}, {0}, {1}, {2}, {0, 1}, {1, 2}, {0, 2}, {0, 1, 2}};
    for (int[] each : dims) {
      sameGradients(in -> in.get(0).mul(in.get(1)).sum(each, true), x, y);
      sameGradients(in -> in.get(0).mul(in.get(1)).exp().mean(each, false), x, y);
    }
    sameGradients(in -> in.get(0).mul(in.get(1)).transpose(0, 2).sum(0), x, y);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 4, 100, 256, 300, 513, 1400})
  void columnsOfEveryNumberAreSummedAsTheyAreComputed(int columns) {
    Tensor x = numbers(1, 60_000 / columns + 1, columns);
    Tensor b = numbers(2, columns);
    sameGradients(in -> in.get(0).mul(in.get(1)).sum(new int[] {0}, false), x, b);
    sameGradients(in -> in.get(0).mul(in.get(1)).sum(new int[] {1}, false), x, b);
  }

  @Test
  void whatAProgramAsksForAfterTheSumIsThere() {
    Tensor x = numbers(1, ROWS, COLUMNS);
    sameBitsAsStepByStep(
        () -> {
          Tensor y = x.mul(x).add(1);
          Tensor z = y.sqrt();
          Tensor sum = z.sum();
          Tensor later = z.mul(y).mean();
          x.add(0.0);
          return List.of(sum, later, z, y, z.add(y));
        });
  }

  @Test
  void writesBetweenTheSumAndTheValuesLeaveTheValues() {
    sameBitsAsStepByStep(
        () -> {
          Tensor x = numbers(1, ROWS, COLUMNS);
          Tensor y = x.mul(3);
          Tensor sum = y.sum();
          x.fill_(7);
          Tensor after = y.sum();
          y.mul_(2);
          return List.of(sum, after, y, x, y.sum());
        });
  }

  @Test
  void anAccumulatorThatIsLookedAtInEveryStepIsComputedInEveryStep() {
    Tensor x = numbers(1, ROWS, COLUMNS);
    sameBitsAsStepByStep(
        () -> {
          Tensor total = x;
          List<Tensor> seen = new ArrayList<>();
          for (int i = 0; i < 40; i++) {
            total = total.add(numbers(i, ROWS, COLUMNS).mul(0.1));
            seen.add(total.sum());
          }
          seen.add(total);
          return seen;
        });
  }

  @Test
  void lossesEndAChain() {
    Tensor x = numbers(1, ROWS, COLUMNS);
    Tensor t = numbers(2, ROWS, COLUMNS);
    for (Reduction reduction : Reduction.values()) {
      sameGradients(in -> MseLoss.mseLoss(in.get(0).mul(2), in.get(1), reduction), x, t);
      sameGradients(in -> HuberLoss.huberLoss(in.get(0), in.get(1), 0.3, reduction), x, t);
    }
    Tensor classes = Tensor.zeros(Shape.of(ROWS), DType.I64);
    sameGradients(in -> CrossEntropy.crossEntropy(in.get(0).add(in.get(1)), classes), x, t);
    try (var _ = GradMode.noGrad()) {
      sameBitsAsStepByStep(
          () -> {
            Tensor logits = x.add(t);
            return List.of(CrossEntropy.crossEntropy(logits, classes), logits);
          });
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"F32", "F64"})
  void normalisationsEndAChain(DType dtype) {
    Tensor x = numbers(1, ROWS, COLUMNS).to(dtype);
    Tensor y = numbers(2, ROWS, COLUMNS).to(dtype);
    Tensor w = numbers(3, COLUMNS).to(dtype);
    Tensor b = numbers(4, COLUMNS).to(dtype);
    sameGradients(
        in -> {
          Tensor h = in.get(0).add(in.get(1));
          return LayerNorm.layerNorm(h, in.get(2), in.get(3), 1e-5).mul(2).add(h);
        },
        x,
        y,
        w,
        b);
    sameGradients(in -> in.get(0).mul(0.3).add(in.get(1)).softmax(-1).mul(in.get(0)), x, y);
    sameGradients(in -> in.get(0).mul(0.3).add(in.get(1)).logSoftmax(1).mul(in.get(0)), x, y);
    sameGradients(in -> in.get(0).mul(0.3).add(in.get(1)).softmax(0).mul(in.get(0)), x, y);
  }

  @Test
  void longAndShortRowsAreNormalised() {
    for (int columns : new int[] {1, 5, 1024, 5000, 20_000}) {
      Tensor x = numbers(1, 40_000 / columns, columns);
      try (var _ = GradMode.noGrad()) {
        sameBitsAsStepByStep(
            () ->
                List.of(
                    LayerNorm.layerNorm(x.mul(2), null, null, 1e-5),
                    x.mul(3).softmax(-1),
                    x.mul(4).logSoftmax(-1)));
      }
    }
  }

  @Test
  void secondDerivativesThroughBroadcastsAndSumsAreThoseOfTheSteps() {
    Tensor x = numbers(1, ROWS, COLUMNS).requiresGrad(true);
    Tensor b = numbers(2, COLUMNS).requiresGrad(true);
    sameBitsAsStepByStep(
        () -> {
          Tensor loss = x.mul(b).tanh().square().mean();
          List<Tensor> first = Autograd.grad(loss, List.of(x, b), GradOptions.createGraph());
          Tensor norm = first.get(0).square().sum().add(first.get(1).square().sum());
          List<Tensor> results = new ArrayList<>(first);
          results.addAll(Autograd.grad(norm, List.of(x, b)));
          return results;
        });
  }

  @Test
  void droppedElementsAreThoseOfTheSeedAndFuse() {
    Tensor x = numbers(1, ROWS, COLUMNS);
    Tensor y = numbers(2, ROWS, COLUMNS);
    sameGradients(
        in -> Dropout.dropout(in.get(0).gelu(), 0.3, new Generator(5)).add(in.get(1)), x, y);
    Tensor mask = Dropout.mask(x.shape(), 0.3, new Generator(5));
    Tensor dropped = Dropout.dropout(x.detach(), 0.3, new Generator(5));
    assertThat(isPending(dropped)).isTrue();
    double[] scaled = x.detach().mul(mask.to(DType.F32)).mul(1 / 0.7).toDoubleArray();
    assertThat(dropped.ne(0).toDoubleArray()).isEqualTo(mask.toDoubleArray());
    assertThat(dropped.sum().item()).isCloseTo(Arrays.stream(scaled).sum(), within(0.1));
  }

  @Test
  void threadsMayReduceOneTensorAtOnce() throws InterruptedException {
    for (int round = 0; round < 20; round++) {
      Tensor x = numbers(round, ROWS, COLUMNS);
      Tensor y = x.mul(2).tanh();
      Tensor z = y.add(x).exp();
      List<Thread> all = new ArrayList<>();
      double[] sums = new double[6];
      for (int t = 0; t < sums.length; t++) {
        int own = t;
        all.add(
            Thread.ofPlatform()
                .start(
                    () ->
                        sums[own] =
                            switch (own % 3) {
                              case 0 -> y.sum().item();
                              case 1 -> z.mean().item();
                              default -> z.softmax(-1).add(y).at(1, 1);
                            }));
      }
      for (Thread t : all) {
        t.join();
      }
      for (int t = 0; t < 3; t++) {
        assertThat(sums[t]).isEqualTo(sums[t + 3]);
      }
    }
  }

  @Test
  void aSumOfProductsTakesNoMemoryOfItsSize() throws ReflectiveOperationException {
    int n = 10_000_000;
    Tensor x = numbers(1, n);
    Tensor y = numbers(2, n);
    Workers.threads(1);
    try (var _ = GradMode.noGrad()) {
      x.mul(y).sum();
      long before = allocatedBytes();
      x.mul(y).sum();
      assertThat(allocatedBytes() - before).isLessThan(16_000_000);
    }
  }

  /// By reflection: nothing else here needs the module.
  private static long allocatedBytes() throws ReflectiveOperationException {
    Object bean =
        Class.forName("java.lang.management.ManagementFactory")
            .getMethod("getThreadMXBean")
            .invoke(null);
    Method allocated =
        Class.forName("com.sun.management.ThreadMXBean")
            .getMethod("getCurrentThreadAllocatedBytes");
    return (long) allocated.invoke(bean);
  }
}
