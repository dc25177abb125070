package dev.autograd.ops;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.Generator;
import dev.autograd.GradOptions;
import dev.autograd.Operation;
import dev.autograd.Tensor;
import dev.autograd.kernel.parallel.Workers;
import dev.autograd.ops.attention.AttentionOps;
import dev.autograd.ops.conv.ConvOps;
import dev.autograd.ops.index.IndexOps;
import dev.autograd.ops.linalg.LinalgOps;
import dev.autograd.ops.loss.LossOps;
import dev.autograd.ops.normalization.NormalizationOps;
import dev.autograd.ops.order.OrderOps;
import dev.autograd.ops.recurrent.RecurrentOps;
import dev.autograd.ops.reduction.ReductionOps;
import dev.autograd.ops.regularization.RegularizationOps;
import dev.autograd.ops.shape.Cast;
import dev.autograd.ops.shape.ShapeOps;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/// Holds the operations that are no formulas to finite differences, on their own samples.
class OperationSamplesTest {
  private static final long SEED = 20261123;
  private static final double STEP = 1e-5;

  private static Stream<SampleCase> cases() {
    return Stream.of(
            ShapeOps.all(),
            IndexOps.all(),
            ReductionOps.all(),
            OrderOps.all(),
            LinalgOps.all(),
            ConvOps.all(),
            NormalizationOps.all(),
            LossOps.all(),
            AttentionOps.all(),
            RecurrentOps.all(),
            RegularizationOps.all())
        .flatMap(List<Operation>::stream)
        .flatMap(op -> SampleCase.of(op, SEED).stream());
  }

  /// Makes a test of each case that has gradients.
  private static Stream<DynamicTest> each(Consumer<SampleCase> check) {
    return accepted(check, OperationSamplesTest::hasGradients);
  }

  private static boolean hasGradients(SampleCase c) {
    return c.operation().differentiable()
        && Stream.of(c.inputs()).anyMatch(x -> x.dtype().isFloating());
  }

  private static Stream<DynamicTest> accepted(
      Consumer<SampleCase> check, Predicate<SampleCase> which) {
    return cases()
        .filter(c -> c.message() == null)
        .filter(which)
        .map(c -> dynamicTest(c.toString(), () -> check.accept(c)));
  }

  @TestFactory
  Stream<DynamicTest> firstGradientsAgreeWithFiniteDifferences() {
    return each(
        c -> {
          Tensor[] in = c.leaves(DType.F64);
          Tensor[] weights = weights(c, in);
          List<@Nullable Tensor> found = gradients(c, in, weights, false);
          int compared = 0;
          for (int i = 0; i < in.length; i++) {
            Tensor dx = found.get(i);
            if (dx == null) {
              continue;
            }
            assertThat(dx.shape()).isEqualTo(in[i].shape());
            double[] analytic = dx.toDoubleArray();
            for (int e = 0; e < analytic.length; e++) {
              double up = loss(c, moved(in, i, e, STEP), weights);
              double down = loss(c, moved(in, i, e, -STEP), weights);
              assertClose(c + " input " + i + " element " + e, analytic[e], (up - down) / 2 / STEP);
              compared++;
            }
          }
          assertThat(compared > 0 || empty(in)).as("something was compared").isTrue();
        });
  }

  @TestFactory
  Stream<DynamicTest> recordedGradientsAreThePlainOnes() {
    return each(
        c -> {
          Tensor[] in = c.leaves(DType.F64);
          Tensor[] weights = weights(c, in);
          List<@Nullable Tensor> plain = gradients(c, in, weights, false);
          List<@Nullable Tensor> recorded = gradients(c, in, weights, true);
          for (int i = 0; i < in.length; i++) {
            Tensor a = plain.get(i);
            Tensor b = recorded.get(i);
            assertThat(a == null).isEqualTo(b == null);
            if (a != null && b != null) {
              assertClose(c + " input " + i, a.toDoubleArray(), b.toDoubleArray());
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> secondGradientsAgreeWithDifferencesOfFirstOnes() {
    return each(
        c -> {
          Tensor[] in = c.leaves(DType.F64);
          if (empty(in)) {
            return;
          }
          Tensor[] weights = weights(c, in);
          Tensor[] direction = directions(in);
          List<@Nullable Tensor> first = gradients(c, in, weights, true);
          Tensor dot = null;
          for (int i = 0; i < in.length; i++) {
            Tensor g = first.get(i);
            if (g != null && g.requiresGrad()) {
              Tensor term = g.mul(direction[i]).sum();
              dot = dot == null ? term : dot.add(term);
            }
          }
          List<Tensor> leaves = Stream.of(in).filter(Tensor::requiresGrad).toList();
          List<@Nullable Tensor> second =
              dot == null
                  ? new ArrayList<>(java.util.Collections.nCopies(leaves.size(), null))
                  : Autograd.grad(
                      List.of(dot), leaves, List.of(), new GradOptions(false, false, true));
          List<@Nullable Tensor> up = gradients(c, shifted(in, direction, STEP), weights, false);
          List<@Nullable Tensor> down = gradients(c, shifted(in, direction, -STEP), weights, false);
          int leaf = 0;
          for (int i = 0; i < in.length; i++) {
            if (!in[i].requiresGrad()) {
              continue;
            }
            Tensor h = second.get(leaf++);
            double[] a = values(up.get(i), in[i]);
            double[] b = values(down.get(i), in[i]);
            double[] analytic = values(h, in[i]);
            for (int e = 0; e < a.length; e++) {
              assertClose(
                  c + " input " + i + " element " + e, analytic[e], (a[e] - b[e]) / 2 / STEP);
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> singlePrecisionIsNearDouble() {
    return each(
        c -> {
          Tensor[] in = c.leaves(DType.F64);
          Tensor[] single = c.leaves(DType.F32);
          Tensor[] weights = weights(c, in);
          Tensor[] singleWeights =
              Stream.of(weights).map(w -> w.to(DType.F32)).toArray(Tensor[]::new);
          Tensor[] y = c.apply(in);
          Tensor[] ySingle = c.apply(single);
          for (int i = 0; i < y.length; i++) {
            boolean ownType = c.operation() instanceof Cast;
            if (y[i].dtype().isFloating() && !ownType) {
              assertThat(ySingle[i].dtype()).isEqualTo(DType.F32);
            }
            near(c + " output " + i, ySingle[i].toDoubleArray(), y[i].toDoubleArray());
          }
          List<@Nullable Tensor> g = gradients(c, in, weights, false);
          List<@Nullable Tensor> gSingle = gradients(c, single, singleWeights, false);
          for (int i = 0; i < in.length; i++) {
            Tensor a = g.get(i);
            Tensor b = gSingle.get(i);
            assertThat(a == null).isEqualTo(b == null);
            if (a != null && b != null) {
              near(c + " gradient " + i, b.toDoubleArray(), a.toDoubleArray());
            }
          }
        });
  }

  @TestFactory
  Stream<DynamicTest> bitsDoNotDependOnThreadsAndInputsStayAsTheyAre() {
    return accepted(
        c -> {
          int before = Workers.threads();
          try {
            List<float[]> expected = null;
            for (int threads : new int[] {1, 2, 4, 1}) {
              Workers.threads(threads);
              Tensor[] in = c.leaves(DType.F32);
              float[][] copies = Stream.of(in).map(Tensor::toFloatArray).toArray(float[][]::new);
              List<float[]> got = new ArrayList<>();
              for (Tensor y : c.apply(in)) {
                got.add(y.toFloatArray());
              }
              if (hasGradients(c)) {
                for (Tensor g : gradients(c, in, weights(c, in), false)) {
                  got.add(g == null ? new float[0] : g.toFloatArray());
                }
              }
              for (int i = 0; i < in.length; i++) {
                assertThat(in[i].toFloatArray()).as("input %s", i).isEqualTo(copies[i]);
              }
              if (expected == null) {
                expected = got;
              }
              for (int i = 0; i < got.size(); i++) {
                assertThat(got.get(i))
                    .as("%s on %s threads", c, threads)
                    .isEqualTo(expected.get(i));
              }
            }
          } finally {
            Workers.threads(before);
          }
        },
        _ -> true);
  }

  @TestFactory
  Stream<DynamicTest> rejectedInputsAreNamed() {
    return cases()
        .filter(c -> c.message() != null)
        .map(
            c ->
                dynamicTest(
                    c.toString(),
                    () ->
                        assertThatThrownBy(() -> c.apply(c.inputs()))
                            .isInstanceOf(AutogradException.class)
                            .hasMessageContaining(c.message())));
  }

  // --- numbers ---------------------------------------------------------------------------------

  /// Returns fixed random weights that make one number of the floating outputs.
  private static Tensor[] weights(SampleCase c, Tensor[] in) {
    Generator generator = new Generator(7);
    return Stream.of(c.apply(in))
        .map(
            y ->
                y.dtype().isFloating() && y.requiresGrad()
                    ? Tensor.randn(y.shape(), DType.F64, generator).to(y.dtype())
                    : Tensor.scalar(0, DType.F64))
        .toArray(Tensor[]::new);
  }

  private static Tensor[] directions(Tensor[] in) {
    Generator generator = new Generator(11);
    return Stream.of(in)
        .map(x -> Tensor.randn(x.shape(), DType.F64, generator))
        .toArray(Tensor[]::new);
  }

  private static double loss(SampleCase c, Tensor[] in, Tensor[] weights) {
    Tensor[] y = c.apply(in);
    double sum = 0;
    for (int i = 0; i < y.length; i++) {
      if (y[i].requiresGrad()) {
        sum += y[i].detach().mul(weights[i]).sum().item();
      }
    }
    return sum;
  }

  private static List<@Nullable Tensor> gradients(
      SampleCase c, Tensor[] in, Tensor[] weights, boolean record) {
    Tensor[] y = c.apply(in);
    List<Tensor> roots = new ArrayList<>();
    List<Tensor> seeds = new ArrayList<>();
    for (int i = 0; i < y.length; i++) {
      if (y[i].requiresGrad()) {
        roots.add(y[i]);
        seeds.add(weights[i]);
      }
    }
    List<Tensor> leaves = Stream.of(in).filter(Tensor::requiresGrad).toList();
    assertThat(roots).as("%s: outputs with a history", c).isNotEmpty();
    List<@Nullable Tensor> found =
        Autograd.grad(roots, leaves, seeds, new GradOptions(record, record, true));
    List<@Nullable Tensor> all = new ArrayList<>();
    int leaf = 0;
    for (Tensor x : in) {
      all.add(x.requiresGrad() ? found.get(leaf++) : null);
    }
    return all;
  }

  private static Tensor[] moved(Tensor[] in, int input, int element, double step) {
    Tensor[] moved = in.clone();
    double[] values = in[input].detach().toDoubleArray();
    values[element] += step;
    moved[input] = Tensor.of(values, in[input].shape().dims()).reshape(in[input].shape().dims());
    moved[input].requiresGrad(true);
    return moved;
  }

  private static Tensor[] shifted(Tensor[] in, Tensor[] direction, double step) {
    Tensor[] moved = in.clone();
    for (int i = 0; i < in.length; i++) {
      if (in[i].requiresGrad()) {
        moved[i] = in[i].detach().add(direction[i].mul(step)).requiresGrad(true);
      }
    }
    return moved;
  }

  private static double[] values(@Nullable Tensor t, Tensor like) {
    return t == null ? new double[like.numel()] : t.toDoubleArray();
  }

  private static boolean empty(Tensor[] in) {
    for (Tensor t : in) {
      if (t.numel() == 0) {
        return true;
      }
    }
    return false;
  }

  private static void assertClose(String what, double[] got, double[] want) {
    for (int i = 0; i < got.length; i++) {
      assertClose(what + " element " + i, got[i], want[i]);
    }
  }

  private static void assertClose(String what, double got, double want) {
    assertThat(Math.abs(got - want))
        .as("%s: %s, expected %s", what, got, want)
        .isLessThanOrEqualTo(1e-6 + 1e-6 * Math.abs(want));
  }

  private static void near(String what, double[] got, double[] want) {
    for (int i = 0; i < got.length; i++) {
      // Equal infinities have no distance.
      double distance = got[i] == want[i] ? 0 : Math.abs(got[i] - want[i]);
      assertThat(distance)
          .as("%s element %s: %s, expected %s", what, i, got[i], want[i])
          .isLessThanOrEqualTo(2e-4 + 2e-4 * Math.abs(want[i]));
    }
  }
}
