package dev.autograd.gradcheck.property;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.DType;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.kernel.parallel.Workers;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.statistics.Statistics;

/// What holds for every graph, on random ones of 5 to 20 steps.
class RandomGraphTest {
  private static final String SEED = "20261123";
  private static final int SMALL = 64;
  private static final int LARGE = 1 << 18;

  @Provide
  Arbitrary<Chain> chains() {
    return Chain.over(Shapes.any());
  }

  /// Graphs whose values are cut into several chunks of work.
  @Provide
  Arbitrary<Chain> largeChains() {
    Arbitrary<Integer> sizes = Arbitraries.integers().between(150, 400);
    return Chain.over(Combinators.combine(sizes, sizes).as(Shape::of));
  }

  @Property(tries = 150, seed = SEED)
  void gradientsAgreeWithFiniteDifferences(@ForAll("chains") Chain chain) {
    List<Tensor> leaves = chain.values(DType.F64);
    Tensor y = chain.run(leaves, SMALL);
    Tensor weights = Slopes.uniform(y.shape(), 1);
    List<Tensor> grads = Slopes.grad(y, leaves, weights, false);
    boolean moves = false;
    for (int i = 0; i < leaves.size(); i++) {
      double[] slopes = Slopes.of(in -> value(chain, in, weights), leaves, i);
      near("leaf " + i, grads.get(i).toDoubleArray(), slopes);
      moves |= Arrays.stream(slopes).anyMatch(v -> Math.abs(v) > 1e-3);
    }
    covered("slopes that are not zero", moves, 60);
  }

  @Property(tries = 100, seed = SEED)
  void secondGradientsAgreeWithDifferencesOfFirstOnes(@ForAll("chains") Chain chain) {
    List<Tensor> leaves = chain.values(DType.F64);
    Tensor y = chain.run(leaves, SMALL);
    Tensor weights = Slopes.uniform(y.shape(), 1);
    List<Tensor> directions = leaves.stream().map(t -> Slopes.uniform(t.shape(), 2)).toList();
    Tensor along = Tensor.scalar(0, DType.F64);
    List<Tensor> recorded = Slopes.grad(y, leaves, weights, true);
    for (int i = 0; i < leaves.size(); i++) {
      along = along.add(recorded.get(i).mul(directions.get(i)).sum());
    }
    List<Tensor> second = Slopes.grad(along, leaves, Tensor.scalar(1, DType.F64), false);
    boolean bends = false;
    for (int i = 0; i < leaves.size(); i++) {
      double[] slopes = Slopes.of(in -> derivative(chain, in, weights, directions), leaves, i);
      near("leaf " + i, second.get(i).toDoubleArray(), slopes);
      bends |= Arrays.stream(slopes).anyMatch(v -> Math.abs(v) > 1e-3);
    }
    covered("second slopes that are not zero", bends, 50);
  }

  @Property(tries = 200, seed = SEED)
  void backwardIsLinearInItsSeed(
      @ForAll("chains") Chain chain,
      @ForAll @DoubleRange(min = -3, max = 3) double alpha,
      @ForAll @DoubleRange(min = -3, max = 3) double beta) {
    List<Tensor> leaves = chain.values(DType.F64);
    Tensor y = chain.run(leaves, SMALL);
    Tensor u = Slopes.uniform(y.shape(), 3);
    Tensor v = Slopes.uniform(y.shape(), 4);
    List<Tensor> gu = Slopes.grad(y, leaves, u, false);
    List<Tensor> gv = Slopes.grad(y, leaves, v, false);
    List<Tensor> both = Slopes.grad(y, leaves, u.mul(alpha).add(v.mul(beta)), false);
    for (int i = 0; i < leaves.size(); i++) {
      Tensor sum = gu.get(i).mul(alpha).add(gv.get(i).mul(beta));
      double scale = 1 + largest(gu.get(i)) + largest(gv.get(i));
      close("leaf " + i, both.get(i).toDoubleArray(), sum.toDoubleArray(), 1e-11 * scale);
    }
  }

  @Property(tries = 150, seed = SEED)
  void walkingTwiceAccumulatesTwiceTheGradient(@ForAll("chains") Chain chain) {
    List<Tensor> leaves = chain.values(DType.F64);
    Tensor loss = chain.run(leaves, SMALL).sum();
    if (!loss.requiresGrad()) {
      return;
    }
    loss.backward(GradOptions.retainGraph());
    List<double[]> once = grads(leaves);
    loss.backward();
    List<double[]> twice = grads(leaves);
    for (int i = 0; i < leaves.size(); i++) {
      // Doubling is exact.
      double[] doubled = Arrays.stream(once.get(i)).map(v -> 2 * v).toArray();
      assertThat(twice.get(i)).as("leaf %s", i).isEqualTo(doubled);
    }
  }

  @Property(tries = 150, seed = SEED)
  void recordedAndPlainGradientsAgree(@ForAll("chains") Chain chain) {
    List<Tensor> leaves = chain.values(DType.F64);
    Tensor y = chain.run(leaves, SMALL);
    Tensor weights = Slopes.uniform(y.shape(), 1);
    List<Tensor> plain = Slopes.grad(y, leaves, weights, false);
    List<Tensor> recorded = Slopes.grad(y, leaves, weights, true);
    for (int i = 0; i < leaves.size(); i++) {
      double scale = 1 + largest(plain.get(i));
      close(
          "leaf " + i,
          recorded.get(i).detach().toDoubleArray(),
          plain.get(i).toDoubleArray(),
          1e-11 * scale);
    }
  }

  @Property(tries = 150, seed = SEED)
  void stridedLeavesHaveTheGradientsOfTheirCopies(@ForAll("chains") Chain chain) {
    List<Tensor> copies = chain.values(DType.F64);
    List<Tensor> strided = new ArrayList<>();
    for (Tensor t : copies) {
      int last = t.rank() - 1;
      Tensor x = t.detach();
      strided.add(
          (t.rank() < 2 ? x : x.transpose(0, last).contiguous().transpose(0, last))
              .detach()
              .requiresGrad(true));
    }
    Tensor y = chain.run(copies, SMALL);
    Tensor z = chain.run(strided, SMALL);
    close("value", z.detach().toDoubleArray(), y.detach().toDoubleArray(), 1e-12);
    Tensor weights = Slopes.uniform(y.shape(), 1);
    List<Tensor> a = Slopes.grad(y, copies, weights, false);
    List<Tensor> b = Slopes.grad(z, strided, weights, false);
    for (int i = 0; i < copies.size(); i++) {
      double scale = 1 + largest(a.get(i));
      close("leaf " + i, b.get(i).toDoubleArray(), a.get(i).toDoubleArray(), 1e-11 * scale);
    }
  }

  @Property(tries = 100, seed = SEED)
  void withoutRecordingTheValuesAreTheSameBits(@ForAll("chains") Chain chain) {
    List<Tensor> leaves = chain.values(DType.F64);
    double[] recorded = chain.run(leaves, SMALL).detach().toDoubleArray();
    try (var _ = GradMode.noGrad()) {
      Tensor y = chain.run(leaves, SMALL);
      assertThat(y.requiresGrad() && !leaves.contains(y)).isFalse();
      assertThat(y.detach().toDoubleArray()).isEqualTo(recorded);
    }
  }

  @Property(tries = 15, seed = SEED)
  void theNumberOfThreadsDoesNotChangeABit(@ForAll("largeChains") Chain chain) {
    int before = Workers.threads();
    try {
      List<float[]> expected = null;
      for (int threads : new int[] {1, 3}) {
        Workers.threads(threads);
        List<Tensor> leaves = chain.values(DType.F32);
        Tensor y = chain.run(leaves, LARGE);
        Tensor seed = Tensor.ones(y.shape(), DType.F32);
        List<float[]> got = new ArrayList<>();
        got.add(y.detach().toFloatArray());
        Slopes.grad(y, leaves, seed, false).forEach(g -> got.add(g.toFloatArray()));
        if (expected == null) {
          expected = got;
        }
        for (int k = 0; k < got.size(); k++) {
          assertThat(got.get(k)).as("%s threads", threads).isEqualTo(expected.get(k));
        }
      }
    } finally {
      Workers.threads(before);
    }
  }

  private static double value(Chain chain, List<Tensor> in, Tensor weights) {
    return Slopes.dot(chain.run(in, SMALL), weights);
  }

  private static double derivative(
      Chain chain, List<Tensor> in, Tensor weights, List<Tensor> directions) {
    List<Tensor> grads = Slopes.grad(chain.run(in, SMALL), in, weights, false);
    double sum = 0;
    for (int i = 0; i < grads.size(); i++) {
      sum += Slopes.dot(grads.get(i), directions.get(i));
    }
    return sum;
  }

  private static List<double[]> grads(List<Tensor> leaves) {
    return leaves.stream()
        .map(Tensor::grad)
        .map(g -> g == null ? new double[0] : g.toDoubleArray())
        .toList();
  }

  private static double largest(Tensor t) {
    return Arrays.stream(t.detach().toDoubleArray()).map(Math::abs).max().orElse(0);
  }

  /// Differences err in proportion to how steep the graph is along any element.
  private static void near(String what, double[] got, double[] slopes) {
    double scale = 1 + Arrays.stream(slopes).map(Math::abs).max().orElse(0);
    close(what, got, slopes, 1e-6 * scale);
  }

  private static void close(String what, double[] got, double[] want, double tolerance) {
    assertThat(got).as(what).hasSameSizeAs(want);
    for (int e = 0; e < got.length; e++) {
      assertThat(Math.abs(got[e] - want[e]))
          .as("%s, element %s: %s, expected %s", what, e, got[e], want[e])
          .isLessThanOrEqualTo(tolerance);
    }
  }

  /// Keeps a property from holding because there was nothing to hold.
  private static void covered(String what, boolean yes, int percent) {
    Statistics.label(what).collect(yes).coverage(c -> c.check(true).percentage(p -> p >= percent));
  }
}
