package dev.autograd.gradcheck;

import static dev.autograd.gradcheck.Gradcheck.gradcheck;
import static dev.autograd.gradcheck.Gradcheck.gradgradcheck;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.DType;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.gradcheck.Finding.Kind;
import dev.autograd.gradcheck.planted.Right;
import dev.autograd.gradcheck.planted.WrongFunctions;
import dev.autograd.gradcheck.planted.WrongOrders;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What PyTorch's gradcheck and gradgradcheck do, case by case, and where this does better.
class GradcheckTest {
  private static final GradcheckOptions SLOW = GradcheckOptions.DEFAULTS;
  private static final GradcheckOptions FAST = SLOW.withFastMode(true);

  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  private static GradcheckException failure(ThrowingCallable check) {
    GradcheckException e = catchThrowableOfType(GradcheckException.class, check);
    assertThat(e).isNotNull();
    return e;
  }

  private static Kind kindOf(ThrowingCallable check) {
    return failure(check).kind();
  }

  @Test
  void n01_bothOrdersPassOfSinTimesYInSlowAndFastMode() {
    BinaryOperator<Tensor> f = (x, y) -> x.sin().mul(y);
    Tensor x = leaf(0.3, -1.2);
    Tensor y = leaf(2, 0.5);

    assertThat(gradcheck(f, x, y)).isTrue();
    assertThat(gradcheck(f, x, y, FAST)).isTrue();
    assertThat(gradgradcheck(f, x, y)).isTrue();
    assertThat(gradgradcheck(f, x, y, FAST)).isTrue();
  }

  @Test
  void n02_aWrongBackwardIsAMismatchWithBothMatrices() {
    GradcheckException e =
        failure(() -> gradcheck(x -> new WrongFunctions.Bad().apply(x), leaf(2, 3)));

    assertThat(e).isInstanceOf(RuntimeException.class);
    assertThat(e.kind()).isEqualTo(Kind.GRADCHECK_MISMATCH);
    assertThat(e.getMessage())
        .startsWith(
            "gradcheck: Jacobian mismatch for output 0 (BadBackward) with respect to input 0:"
                + " analytic 9.0, numeric ")
        .contains("at output element [1], input element [1]", "2 of 4 elements differ")
        .contains("the gradient is what is wrong, not the step")
        .contains("[[4.000000, 0.000000]\n [0.000000, 6.000000]]")
        .contains("[[6.000000, 0.000000]\n [0.000000, 9.000000]]")
        .contains("Inputs f64[2] with grad; eps by type, seed 0.");
    assertThat(e.output()).isZero();
    assertThat(e.input()).isZero();
    assertThat(e.outputElement()).isEqualTo("[1]");
    assertThat(e.inputElement()).isEqualTo("[1]");
    assertThat(e.analytic()).isEqualTo(9);
    assertThat(e.numeric()).isCloseTo(6, within(1e-8));
    assertThat(e.absoluteError()).isCloseTo(3, within(1e-8));
    assertThat(e.relativeError()).isCloseTo(1 / 3., within(1e-8));
  }

  @Test
  void n03_fastModeFindsItTooAndShowsTheWholeMatrices() {
    GradcheckException e =
        failure(() -> gradcheck(x -> new WrongFunctions.Bad().apply(x), leaf(2, 3), FAST));

    assertThat(e.kind()).isEqualTo(Kind.GRADCHECK_MISMATCH);
    assertThat(e.getMessage())
        .startsWith("gradcheck: fast mode: along random directions the derivative is ")
        .contains("Jacobian mismatch for output 0 (BadBackward) with respect to input 0")
        .contains("[[4.000000, 0.000000]\n [0.000000, 6.000000]]")
        .contains("[[6.000000, 0.000000]\n [0.000000, 9.000000]]");
    assertThat(e.inputElement()).isEqualTo("[1]");
  }

  @Test
  void n04_aMismatchIsReturnedWhereAskedForAndOtherErrorsAreStillThrown() {
    GradcheckOptions quiet = SLOW.withRaiseException(false);

    assertThat(gradcheck(x -> new WrongFunctions.Bad().apply(x), leaf(2, 3), quiet)).isFalse();
    assertThat(gradgradcheck(x -> new WrongOrders.Detached().apply(x), leaf(2), quiet)).isFalse();
    assertThat(gradcheck(Tensor::sin, leaf(2, 3), quiet)).isTrue();
    assertThatIllegalStateException()
        .isThrownBy(
            () ->
                gradcheck(
                    x -> {
                      throw new IllegalStateException("the function's own");
                    },
                    leaf(1),
                    quiet))
        .withMessage("the function's own");
    assertThat(kindOf(() -> gradcheck(Tensor::sin, leaf(1), quiet.withCheckBackwardAd(false))))
        .isEqualTo(Kind.GRADCHECK_ARGS);
  }

  @Test
  void n05_withoutAnInputThatRequiresGradThereIsNothingToCheck() {
    Tensor x = Tensor.of(new double[] {1, 2});
    for (GradcheckOptions o : List.of(SLOW, FAST, SLOW.withRaiseException(false))) {
      assertThat(kindOf(() -> gradcheck(Tensor::sin, x, o))).isEqualTo(Kind.GRADCHECK_NO_INPUT);
      assertThat(kindOf(() -> gradgradcheck(Tensor::sin, x, o))).isEqualTo(Kind.GRADCHECK_NO_INPUT);
    }
  }

  @Test
  void n06_singlePrecisionIsCheckedWithStepsThatSuitIt() {
    Tensor x = Tensor.of(new float[] {0.7f, -2.5f, 40}).requiresGrad(true);

    for (GradcheckOptions o : List.of(SLOW, FAST)) {
      assertThat(gradcheck(t -> t.sin().mul(t), x, o)).isTrue();
      assertThat(gradcheck(t -> t.softmax(0).log(), x.detach().div(20).requiresGrad(true), o))
          .isTrue();
      assertThat(gradgradcheck(t -> t.sin().mul(t), x, o)).isTrue();
      assertThat(kindOf(() -> gradcheck(t -> new WrongFunctions.Bad().apply(t), x, o)))
          .isEqualTo(Kind.GRADCHECK_MISMATCH);
    }
  }

  @Test
  void n06_aStepThatSinglePrecisionCannotHoldIsRefused() {
    Tensor x = Tensor.of(new float[] {0.7f, 4}).requiresGrad(true);

    assertThatThrownBy(() -> gradcheck(Tensor::sin, x, SLOW.withEps(1e-6)))
        .isInstanceOf(GradcheckException.class)
        .hasMessageContaining("a step of 1.0E-6 is lost in input 0")
        .hasMessageContaining("f32 numbers are up to 4.76")
        .hasMessageContaining("Leave eps out, which chooses it by type, or pass f64 tensors.");
    assertThat(gradcheck(Tensor::sin, x, SLOW.withEps(1e-2))).isTrue();
  }

  @Test
  void n07_inputsWhoseElementsShareMemoryAreRefused() {
    Tensor expanded = Tensor.of(new double[] {1}).expand(3).detach().requiresGrad(true);
    Tensor sliding =
        Tensor.of(new double[] {1, 2, 3})
            .alias(Shape.of(2, 2), new int[] {1, 1}, 0)
            .detach()
            .requiresGrad(true);

    for (Tensor x : List.of(expanded, sliding)) {
      GradcheckException e = failure(() -> gradcheck(Tensor::sin, x));
      assertThat(e.kind()).isEqualTo(Kind.GRADCHECK_OVERLAP);
      assertThat(e).hasMessageContaining("input 0").hasMessageContaining("Pass clone() of it.");
    }
    assertThat(gradcheck(Tensor::sin, expanded.clone().detach().requiresGrad(true))).isTrue();
  }

  @Test
  void n08_aBackwardThatIsNotReentrantIsFound() {
    GradcheckException e =
        failure(
            () -> gradcheck(x -> new WrongFunctions.Jitter(new AtomicInteger()).apply(x), leaf(2)));

    assertThat(e.kind()).isEqualTo(Kind.GRADCHECK_NONDET);
    assertThat(e)
        .hasMessageContaining("backward is not reentrant: two walks from output 0")
        .hasMessageContaining("allowed 0.0");
    assertThat(e.absoluteError()).isBetween(0.9e-6, 1.1e-6);
  }

  @Test
  void n09_nondetTolAllowsIt() {
    assertThat(
            gradcheck(
                x -> new WrongFunctions.Jitter(new AtomicInteger()).apply(x),
                leaf(2),
                SLOW.withNondetTol(1e-5)))
        .isTrue();
  }

  @Test
  void n10_aBackwardThatIsNotLinearInTheGradientIsNamedAsSuch() {
    UnaryOperator<Tensor> f =
        x -> {
          Tensor y = x.clone();
          y.registerHook(g -> g.add(0.01));
          return y;
        };
    for (GradcheckOptions o : List.of(SLOW, FAST, SLOW.withAtol(0.1))) {
      GradcheckException e = failure(() -> gradcheck(f, leaf(1), o));
      assertThat(e.kind()).isEqualTo(Kind.GRADCHECK_NOT_LINEAR);
      assertThat(e).hasMessageContaining("backward is not multiplied by the gradient");
      assertThat(e.analytic()).isEqualTo(0.01);
    }
  }

  @Test
  void n11_aBackwardMustTakeAbsentGradients() {
    UnaryOperator<List<Tensor>> f =
        in -> List.of(new WrongFunctions.RefusesAbsent().apply(in.getFirst()));
    List<Tensor> x = List.of(leaf(1, 2));

    GradcheckException e = failure(() -> gradcheck(f, x));
    assertThat(e.kind()).isEqualTo(Kind.GRADCHECK_UNDEFINED);
    assertThat(e).hasMessageContaining("undefined (null) gradient of all outputs");
    assertThat(kindOf(() -> gradcheck(f, x, FAST))).isEqualTo(Kind.GRADCHECK_UNDEFINED);
  }

  @Test
  void n11_absentGradientsAreZeros() {
    UnaryOperator<List<Tensor>> f =
        in -> List.of(new WrongFunctions.TakesAbsentForOnes().apply(in.getFirst()));

    GradcheckException e = failure(() -> gradcheck(f, List.of(leaf(1, 2))));
    assertThat(e.kind()).isEqualTo(Kind.GRADCHECK_UNDEFINED);
    assertThat(e.analytic()).isEqualTo(5);
  }

  @Test
  void n11_withoutThatCheckTheSameIsNotTried() {
    // Both outputs are used in one sum, so that no gradient is absent in the rest of the check.
    UnaryOperator<Tensor> f =
        x -> {
          Tensor[] y = new WrongFunctions.RefusesAbsent().apply(x);
          return y[0].mul(y[1]);
        };
    assertThat(kindOf(() -> gradcheck(f, leaf(1, 2)))).isEqualTo(Kind.GRADCHECK_UNDEFINED);
    assertThat(gradcheck(f, leaf(1, 2), SLOW.withCheckUndefinedGrad(false))).isTrue();
  }

  @Test
  void n12_outputsThatChangeTheirShapeOrTypeNearbyAreRefused() {
    UnaryOperator<Tensor> shape = x -> x.item() > 1 ? Tensor.cat(List.of(x, x), 0) : x.mul(2);
    UnaryOperator<Tensor> type = x -> x.item() > 1 ? x.to(DType.F32) : x.mul(2);

    for (UnaryOperator<Tensor> f : List.of(shape, type)) {
      assertThat(kindOf(() -> gradcheck(f, leaf(1), SLOW.withRaiseException(false))))
          .isEqualTo(Kind.GRADCHECK_SHAPE);
    }
    assertThatThrownBy(() -> gradcheck(shape, leaf(1)))
        .hasMessageContaining("[f64[1]] there, [f64[2]] nearby");
  }

  @Test
  void n13_anOutputWithoutGradientMustNotDependOnTheInput() {
    GradcheckException e = failure(() -> gradcheck(x -> x.detach().mul(2), leaf(1, 2)));

    assertThat(e.kind()).isEqualTo(Kind.GRADCHECK_NONDIFF);
    assertThat(e).hasMessageContaining("output 0 does not require grad, but depends on the input");
    assertThat(e.numeric()).isCloseTo(2, within(1e-8));
    assertThat(gradcheck(x -> Tensor.of(new double[] {7}), leaf(1, 2))).isTrue();
    assertThat(gradcheck(Tensor::argmax, leaf(1, 2))).isTrue();
  }

  @Test
  void n14_withoutOutputsAllIsWell() {
    assertThat(gradcheck(in -> List.of(), List.of(leaf(1)))).isTrue();
    assertThat(gradgradcheck(in -> List.of(), List.of(leaf(1)))).isTrue();
  }

  @Test
  void n20_absPassesAtZeroAndReluDoesNot() {
    assertThat(gradcheck(Tensor::abs, leaf(0))).isTrue();

    GradcheckException e = failure(() -> gradcheck(Tensor::relu, leaf(0)));
    assertThat(e.kind()).isEqualTo(Kind.GRADCHECK_MISMATCH);
    assertThat(e.analytic()).isZero();
    assertThat(e.numeric()).isEqualTo(0.5);
    assertThat(e)
        .hasMessageContaining("kink or a jump here: its slope is 0.0 from the left and 1.0 from");
  }

  @Test
  void n21_aBackwardThatIsCutOffPassesTheFirstOrderOnly() {
    UnaryOperator<Tensor> cube = x -> new WrongOrders.Detached().apply(x);

    assertThat(gradcheck(cube, leaf(1, 2))).isTrue();
    for (GradcheckOptions o : List.of(SLOW, FAST)) {
      GradcheckException e = failure(() -> gradgradcheck(cube, leaf(1, 2), o));
      assertThat(e.kind()).isEqualTo(Kind.GRADGRADCHECK_MISMATCH);
      assertThat(e.getMessage()).startsWith("gradgradcheck: ");
      assertThat(e.input()).isZero();
      assertThat(e.analytic()).isZero();
    }
  }

  @Test
  void n21_aBackwardThatIsCutOffFromTheGradientThatComesInIsFoundToo() {
    GradcheckException e =
        failure(() -> gradgradcheck(x -> new WrongOrders.UpstreamDetached().apply(x), leaf(1, 2)));
    assertThat(e.kind()).isEqualTo(Kind.GRADGRADCHECK_MISMATCH);
    // The only input is number 0, the gradient that comes in number 1.
    assertThat(e.input()).isEqualTo(1);
  }

  @Test
  void n22_secondDerivativesAreTakenAtRandomOrGivenGradients() {
    UnaryOperator<List<Tensor>> cube = in -> List.of(new Right.Cube().apply(in.getFirst()));
    List<Tensor> x = List.of(leaf(1, 2));

    assertThat(gradgradcheck(cube, x)).isTrue();
    assertThat(gradgradcheck(cube, x, List.of(leaf(3, 0)), SLOW)).isTrue();
    assertThat(gradgradcheck(cube, x, List.of(Tensor.of(new double[] {3, 0})), SLOW)).isTrue();
    assertThat(kindOf(() -> gradgradcheck(cube, x, List.of(leaf(3)), SLOW)))
        .isEqualTo(Kind.GRADCHECK_ARGS);
  }

  @Test
  void n22_randomGradientsThatComeInAreStridedWhereAskedFor() {
    List<Boolean> contiguous = new ArrayList<>();
    UnaryOperator<Tensor> f =
        x -> {
          Tensor y = x.mul(x).mul(x);
          y.registerHook(
              g -> {
                contiguous.add(g == null || g.isContiguous());
                return null;
              });
          return y;
        };
    assertThat(gradgradcheck(f, leaf(1, 2))).isTrue();
    assertThat(contiguous).isNotEmpty().doesNotContain(false);
    contiguous.clear();
    assertThat(gradgradcheck(f, leaf(1, 2), SLOW.withGenNonContigGradOutputs(true))).isTrue();
    assertThat(contiguous).isNotEmpty().contains(false);
  }

  @Test
  void n23_thereAreNoComplexTensorsToCheck() {
    assertThat(Arrays.stream(DType.values()).filter(DType::isFloating))
        .as("every type that can require grad is real")
        .containsExactlyInAnyOrder(DType.F16, DType.BF16, DType.F32, DType.F64);
  }

  @Test
  void n24_fastModeTakesAsManyEvaluationsForManyElementsAsForFew() {
    GradcheckOptions fast = FAST.withEps(1e-6);
    assertThat(evaluations(300, fast)).isEqualTo(evaluations(3, fast));
    assertThat(evaluations(300, FAST)).isEqualTo(evaluations(3, FAST)).isLessThan(20);
    // Without it there are two for each element.
    assertThat(evaluations(30, SLOW.withEps(1e-6)) - evaluations(3, SLOW.withEps(1e-6)))
        .isEqualTo(2 * 27);
    assertThat(evaluations(3, SLOW.withEps(1e-6)) - evaluations(3, fast)).isEqualTo(2 * 2);
  }

  private static int evaluations(int n, GradcheckOptions options) {
    AtomicInteger calls = new AtomicInteger();
    double[] values = new double[n];
    Arrays.setAll(values, i -> Math.sin(i));
    gradcheck(
        x -> {
          calls.incrementAndGet();
          return x.square();
        },
        leaf(values),
        options);
    return calls.get();
  }

  @Test
  void n24_fastModeFindsOneWrongElementAmongMany() {
    double[] values = new double[100];
    Arrays.setAll(values, i -> 1 + Math.cos(i));
    GradcheckException e =
        failure(
            () -> gradcheck(x -> new WrongFunctions.LastElement().apply(x), leaf(values), FAST));
    assertThat(e.inputElement()).isEqualTo("[99]");
    assertThat(e.getMessage()).doesNotContain("numeric, a row").contains("1 of 10000 elements");
  }
}
