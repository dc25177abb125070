package dev.autograd.ops.pointwise;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.Function;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Operation;
import dev.autograd.Tensor;
import dev.autograd.kernel.parallel.Workers;
import dev.autograd.ops.activation.ActivationOps;
import dev.autograd.ops.arithmetic.ArithmeticOps;
import dev.autograd.ops.comparison.ComparisonOps;
import dev.autograd.ops.elementary.ElementaryOps;
import dev.autograd.ops.special.SpecialOps;
import dev.autograd.ops.trigonometry.TrigonometryOps;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every formula, on its own samples.
class FormulaContractTest {
  private static final long SEED = 20_261_123;
  private static final double STEP = 1e-5;

  static Stream<Pointwise> formulas() {
    return Stream.of(
            ArithmeticOps.all(),
            ElementaryOps.all(),
            TrigonometryOps.all(),
            SpecialOps.all(),
            ActivationOps.all(),
            ComparisonOps.all())
        .flatMap(List::stream)
        .map(Pointwise.class::cast);
  }

  static Stream<Pointwise> differentiable() {
    return formulas().filter(Operation::differentiable);
  }

  @Test
  void thereAreSamplesOfEveryKindOfInput() {
    var samples = SampleCases.of(new dev.autograd.ops.arithmetic.Mul(), SEED);

    assertThat(samples.cases).anyMatch(c -> !c.inputs()[0].isContiguous());
    assertThat(samples.cases).anyMatch(c -> c.inputs()[0].numel() == 0);
    assertThat(samples.cases).anyMatch(c -> c.inputs()[0].rank() == 0);
    assertThat(samples.cases).anyMatch(c -> !c.inputs()[0].shape().equals(c.inputs()[1].shape()));
    assertThat(samples.refusals).isNotEmpty();
  }

  @ParameterizedTest
  @MethodSource("differentiable")
  void firstDerivativesMatchFiniteDifferences(Pointwise prototype) {
    for (var c : SampleCases.of(prototype, SEED).cases) {
      Tensor[] x = leaves(c.inputs());
      Supplier<Tensor> value = () -> weighted(((Function) c.operation()).apply(x), 1);
      compare(prototype, value, x, false, 1e-6);
    }
  }

  @ParameterizedTest
  @MethodSource("differentiable")
  void secondDerivativesMatchFiniteDifferences(Pointwise prototype) {
    for (var c : SampleCases.of(prototype, SEED).cases) {
      Tensor[] x = leaves(c.inputs());
      List<Tensor> wanted = wanted(x);
      Supplier<Tensor> slope =
          () -> {
            Tensor y = weighted(((Function) c.operation()).apply(x), 1);
            Tensor total = Tensor.scalar(0, DType.F64);
            if (!y.requiresGrad()) {
              return total;
            }
            int k = 2;
            for (Tensor d : Autograd.grad(y, wanted, GradOptions.createGraph())) {
              total = total.add(weighted(d, k++));
            }
            return total;
          };
      compare(prototype, slope, x, true, 2e-5);
    }
  }

  private static void compare(
      Pointwise op, Supplier<Tensor> value, Tensor[] x, boolean mayBeConstant, double tolerance) {
    List<Tensor> wanted = wanted(x);
    Tensor root = value.get();
    if (!root.requiresGrad()) {
      assertThat(mayBeConstant).as("%s: the result must require grad", op).isTrue();
    }
    for (Tensor leaf : wanted) {
      GradOptions options = GradOptions.createGraph().allowingUnused();
      Tensor analytic =
          root.requiresGrad()
              ? Autograd.grad(List.of(root), List.of(leaf), List.of(), options).getFirst()
              : null;
      double[] got = analytic == null ? new double[leaf.numel()] : analytic.toDoubleArray();
      double[] expected = differences(value, leaf);
      for (int i = 0; i < expected.length; i++) {
        assertThat(got[i])
            .as("%s, seed %d: element %d of a gradient of shape %s", op, SEED, i, leaf.shape())
            .isCloseTo(expected[i], within(tolerance * (1 + Math.abs(expected[i]))));
      }
    }
  }

  /// Central differences, one element after the other; strides of the leaf are respected.
  private static double[] differences(Supplier<Tensor> value, Tensor leaf) {
    double[] values = leaf.detach().storage().doubles();
    int[] strides = leaf.strides();
    int[] dims = leaf.shape().dims();
    double[] d = new double[leaf.numel()];
    for (int i = 0; i < d.length; i++) {
      int at = leaf.offset();
      int rest = i;
      for (int k = dims.length - 1; k >= 0; k--) {
        at += rest % dims[k] * strides[k];
        rest /= dims[k];
      }
      double old = values[at];
      values[at] = old + STEP;
      double above = value.get().item();
      values[at] = old - STEP;
      double below = value.get().item();
      values[at] = old;
      d[i] = (above - below) / (2 * STEP);
    }
    return d;
  }

  private static Tensor weighted(Tensor y, int salt) {
    double[] w = new double[y.numel()];
    for (int i = 0; i < w.length; i++) {
      w[i] = Math.cos(salt + 1.7 * i);
    }
    return y.mul(Tensor.of(w).reshape(y.shape().dims())).sum();
  }

  private static Tensor[] leaves(Tensor[] inputs) {
    Tensor[] x = new Tensor[inputs.length];
    for (int i = 0; i < x.length; i++) {
      x[i] = inputs[i].detach();
      if (x[i].dtype().isFloating()) {
        x[i].requiresGrad(true);
      }
    }
    return x;
  }

  private static List<Tensor> wanted(Tensor[] x) {
    return Stream.of(x).filter(Tensor::requiresGrad).toList();
  }

  @ParameterizedTest
  @MethodSource("formulas")
  void layoutChangesNoBit(Pointwise prototype) {
    for (var c : SampleCases.of(prototype, SEED).cases) {
      Tensor[] dense = new Tensor[c.inputs().length];
      for (int i = 0; i < dense.length; i++) {
        dense[i] = c.inputs()[i].clone();
      }
      Tensor a = ((Function) c.operation()).apply(c.inputs());
      Tensor b = ((Function) c.operation()).apply(dense);
      assertThat(a.shape()).isEqualTo(b.shape());
      assertThat(a.toDoubleArray()).as("%s", c.operation()).isEqualTo(b.toDoubleArray());
    }
  }

  @ParameterizedTest
  @MethodSource("formulas")
  void inputsStayUnchanged(Pointwise prototype) {
    for (var c : SampleCases.of(prototype, SEED).cases) {
      Tensor[] x = leaves(c.inputs());
      List<double[]> before = new ArrayList<>();
      for (Tensor t : x) {
        before.add(t.toDoubleArray());
      }
      Tensor y = ((Function) c.operation()).apply(x);
      if (y.requiresGrad()) {
        y.backward(Tensor.ones(y.shape(), y.dtype()));
      }
      for (int i = 0; i < x.length; i++) {
        assertThat(x[i].toDoubleArray()).as("%s", c.operation()).isEqualTo(before.get(i));
        assertThat(x[i].version()).isZero();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formulas")
  void singlePrecisionIsNearDouble(Pointwise prototype) {
    for (var c : SampleCases.of(prototype, SEED).cases) {
      Tensor[] single = new Tensor[c.inputs().length];
      Tensor[] twice = new Tensor[c.inputs().length];
      for (int i = 0; i < single.length; i++) {
        boolean floating = c.inputs()[i].dtype().isFloating();
        single[i] = floating ? c.inputs()[i].to(DType.F32) : c.inputs()[i];
        twice[i] = floating ? single[i].to(DType.F64) : c.inputs()[i];
      }
      Tensor a = ((Function) c.operation()).apply(single);
      Tensor b = ((Function) c.operation()).apply(twice);
      assertThat(a.dtype()).isEqualTo(b.dtype() == DType.F64 ? DType.F32 : b.dtype());
      double[] got = a.toDoubleArray();
      double[] expected = b.toDoubleArray();
      for (int i = 0; i < got.length; i++) {
        assertThat(got[i])
            .as("%s, element %d", c.operation(), i)
            .isCloseTo(expected[i], within(2e-5 * (1 + Math.abs(expected[i]))));
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formulas")
  void badInputsAreRefusedWithTheReason(Pointwise prototype) {
    for (var r : SampleCases.of(prototype, SEED).refusals) {
      assertThatThrownBy(() -> ((Function) r.operation()).apply(r.inputs()))
          .as("%s", r.operation())
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining(r.message())
          .hasMessageStartingWith(r.operation().name() + ": ");
    }
  }

  @ParameterizedTest
  @MethodSource("differentiable")
  void onePassForAllGradientsGivesTheSameBits(Pointwise prototype) {
    for (var c : SampleCases.of(prototype, SEED).cases) {
      Tensor[] x = leaves(c.inputs());
      List<Tensor> wanted = wanted(x);
      Tensor y = ((Function) c.operation()).apply(x);
      Tensor seed = Tensor.full(y.shape(), 0.7, y.dtype());
      List<Tensor> together =
          Autograd.grad(List.of(y), wanted, List.of(seed), GradOptions.retainGraph());
      List<Tensor> apart =
          Autograd.grad(List.of(y), wanted, List.of(seed), GradOptions.createGraph());
      for (int i = 0; i < wanted.size(); i++) {
        assertThat(together.get(i).toDoubleArray())
            .as("%s", c.operation())
            .isEqualTo(apart.get(i).toDoubleArray());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("formulas")
  void theNumberOfThreadsChangesNoBit(Pointwise prototype) {
    int before = Workers.threads();
    int n = 100_000;
    Tensor[] x = new Tensor[prototype.arity()];
    var source = SampleCases.of(prototype, SEED).cases.getFirst();
    for (int i = 0; i < x.length; i++) {
      // The sample's values over and over, each a little off.
      double[] values = source.inputs()[i].toDoubleArray();
      double[] many = new double[n];
      for (int k = 0; k < n; k++) {
        many[k] = values[k % values.length] * (1 + k * 1e-9);
      }
      boolean floating = source.inputs()[i].dtype().isFloating();
      x[i] = floating ? Tensor.of(many).to(DType.F32) : Tensor.of(many).ne(0);
    }
    try {
      double[] first = null;
      for (int threads : new int[] {1, 2, 4}) {
        Workers.threads(threads);
        double[] y;
        try (var _ = GradMode.noGrad()) {
          y = prototype.apply(x).toDoubleArray();
        }
        first = first == null ? y : first;
        assertThat(y).as("%s on %d threads", prototype, threads).isEqualTo(first);
      }
    } finally {
      Workers.threads(before);
    }
  }

  @ParameterizedTest
  @MethodSource("formulas")
  void namesAreUniqueAndSnakeCase(Pointwise prototype) {
    assertThat(prototype.name()).matches("[a-z][a-z0-9]*(_[a-z0-9]+)*");
    assertThat(formulas().filter(o -> o.name().equals(prototype.name()))).hasSize(1);
  }
}
