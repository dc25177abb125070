package dev.autograd.gradcheck;

import static dev.autograd.gradcheck.Gradcheck.gradcheck;
import static dev.autograd.gradcheck.Gradcheck.gradgradcheck;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.autograd.Autograd;
import dev.autograd.AutogradException;
import dev.autograd.DType;
import dev.autograd.ErrorKind;
import dev.autograd.FunctionContractException;
import dev.autograd.GradMode;
import dev.autograd.GradOptions;
import dev.autograd.Shape;
import dev.autograd.Tensor;
import dev.autograd.gradcheck.Finding.Kind;
import dev.autograd.gradcheck.planted.WrongContracts;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// What gradcheck is given, what it does with it, and what the function may do with it.
class GradcheckInputsTest {
  private static Tensor leaf(double... values) {
    return Tensor.of(values).requiresGrad(true);
  }

  private static GradcheckException failure(ThrowingCallable check) {
    GradcheckException e = catchThrowableOfType(GradcheckException.class, check);
    assertThat(e).isNotNull();
    return e;
  }

  @Test
  void theCallersTensorsStayAsTheyAre() {
    Tensor x = leaf(1, 2);
    Tensor c = Tensor.of(new double[] {3, 4});
    gradcheck((a, b) -> a.mul(b).sin(), x, c);
    gradgradcheck((a, b) -> a.mul(b).sin(), x, c);

    assertThat(x.toDoubleArray()).containsExactly(1, 2);
    assertThat(x.version()).isZero();
    assertThat(x.grad()).isNull();
    assertThat(x.requiresGrad()).isTrue();
    assertThat(c.requiresGrad()).isFalse();
  }

  @Test
  void resultsOfOperationsMayBeInputs() {
    assertThat(gradcheck(Tensor::sin, leaf(1, 2).mul(3))).isTrue();
  }

  @Test
  void stridedInputsStayStrided() {
    Tensor x = Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3).transpose(0, 1);
    UnaryOperator<Tensor> f =
        t -> {
          assertThat(t.strides()).containsExactly(1, 3);
          return t.sin();
        };
    assertThat(gradcheck(f, x.detach().requiresGrad(true))).isTrue();
  }

  @Test
  void itWorksWhereRecordingIsOffAndLeavesItSo() {
    Tensor x = leaf(1, 2);
    try (var _ = GradMode.noGrad()) {
      assertThat(gradcheck(Tensor::sin, x)).isTrue();
      assertThat(gradgradcheck(Tensor::sin, x)).isTrue();
      assertThat(GradMode.isEnabled()).isFalse();
    }
  }

  @Test
  void aFunctionMayTakeGradientsItself() {
    UnaryOperator<Tensor> slope =
        x -> Autograd.grad(x.mul(x).mul(x).sum(), List.of(x), GradOptions.createGraph()).getFirst();
    assertThat(gradcheck(slope, leaf(1, 2))).isTrue();
    assertThat(gradgradcheck(slope, leaf(1, 2))).isTrue();
  }

  @Test
  void aWriteIntoAnInputThatIsDifferentiatedIsFound() {
    UnaryOperator<Tensor> f =
        x -> {
          try (var _ = GradMode.noGrad()) {
            x.mul_(2);
          }
          return x.mul(3);
        };
    GradcheckException e = failure(() -> gradcheck(f, leaf(1, 2)));
    assertThat(e.kind()).isEqualTo(Kind.INPUT_CHANGED);
    assertThat(e.analytic()).isEqualTo(2);
    assertThat(e.numeric()).isEqualTo(1);
    assertThat(e).hasMessageContaining("the function wrote into the input");
    // Where it is recorded the engine itself refuses it, in its own words.
    assertThatThrownBy(() -> gradcheck(x -> x.mul_(2), leaf(1, 2)))
        .isInstanceOfSatisfying(
            AutogradException.class, a -> assertThat(a.kind()).isEqualTo(ErrorKind.LEAF_INPLACE));
  }

  @Test
  void aWritePastTheVersionsIsFoundToo() {
    Tensor x = leaf(1, 2, 3);
    assertThat(failure(() -> gradcheck(t -> new WrongContracts.WritesArray().apply(t), x)).kind())
        .isEqualTo(Kind.INPUT_CHANGED);
  }

  @Test
  void inPlaceOperationsOnCopiesAreChecked() {
    assertThat(gradcheck(x -> x.clone().mul_(x).sin_(), leaf(1, 2))).isTrue();
    assertThat(gradgradcheck(x -> x.clone().mul_(x).sin_(), leaf(1, 2))).isTrue();
  }

  @Test
  void aBufferMayBeWrittenAndStartsAnewEachTime() {
    Tensor mean = Tensor.of(new double[] {0});
    UnaryOperator<List<Tensor>> f =
        in -> {
          Tensor x = in.get(0);
          Tensor running = in.get(1);
          running.mul_(0.9).add_(x.detach().mean().mul(0.1));
          return List.of(x.mul(running.detach().add(1).detach().mul(0).add(1)), running);
        };
    assertThat(gradcheck(f, List.of(leaf(1, 2), mean))).isTrue();
    assertThat(mean.item()).isZero();
  }

  @Test
  void aBackwardThatWritesIntoItsGradientIsFound() {
    GradcheckException e =
        failure(() -> gradcheck(x -> new WrongContracts.WritesUpstream().apply(x), leaf(1, 2)));
    assertThat(e.kind()).isEqualTo(Kind.INPUT_CHANGED);
    assertThat(e)
        .hasMessageContaining("writes_upstream: backward wrote into the gradient of output 0");
  }

  @Test
  void gradientsOfAnotherTypeAreFoundWhereAskedFor() {
    UnaryOperator<Tensor> f = x -> new WrongContracts.WrongType().apply(x).sin();
    GradcheckOptions loose = GradcheckOptions.DEFAULTS.withAtol(1e-3);

    assertThat(gradcheck(f, leaf(1, 2), loose)).isTrue();
    GradcheckException e = failure(() -> gradcheck(f, leaf(1, 2), loose.withCheckGradDtypes(true)));
    assertThat(e.kind()).isEqualTo(Kind.GRADCHECK_DTYPE);
    assertThat(e)
        .hasMessageContaining("wrong_type: backward returned a gradient of f32[2] for input 0");
  }

  @Test
  void gradientsOfAnotherShapeAreRefusedByTheEngine() {
    assertThatThrownBy(
            () ->
                gradcheck(
                    (a, b) -> new WrongContracts.WrongShape().apply(a, b), leaf(1, 2), leaf(3, 4)))
        .isInstanceOfSatisfying(
            FunctionContractException.class,
            e -> assertThat(e.kind()).isEqualTo(ErrorKind.BAD_GRAD_SHAPE));
  }

  @Test
  void aFunctionThatDrawsRandomNumbersIsNamedAsSuch() {
    AtomicInteger calls = new AtomicInteger();
    GradcheckException e =
        failure(() -> gradcheck(x -> x.mul(calls.incrementAndGet()), leaf(1, 2)));
    assertThat(e.kind()).isEqualTo(Kind.GRADCHECK_NONDET);
    assertThat(e)
        .hasMessageContaining("other results when it is called again, 2.0 and 4.0")
        .hasMessageContaining("Does it draw random numbers");
  }

  @Test
  void aTensorUsedPastTheArgumentsIsFound() {
    Tensor x = leaf(1, 2);
    Tensor w = leaf(3, 4);
    GradcheckException e = failure(() -> gradcheck((a, b) -> a.mul(w), x, w));
    assertThat(e.kind()).isEqualTo(Kind.GRADCHECK_NO_INPUT);
    assertThat(e).hasMessageContaining("the tensor given as input 1 itself");
    assertThat(failure(() -> gradgradcheck((a, b) -> a.mul(w), x, w)).kind())
        .isEqualTo(Kind.GRADCHECK_NO_INPUT);
    assertThat(failure(() -> gradcheck(a -> w.mul(2), x)))
        .hasMessageContaining("none to its arguments");
    // What the function brings itself is no business of the check.
    assertThat(gradcheck(a -> a.mul(w), x)).isTrue();
  }

  @Test
  void nothingComparedIsNothingChecked() {
    Tensor empty = Tensor.zeros(Shape.of(0, 2), DType.F64).requiresGrad(true);
    assertThat(failure(() -> gradcheck(Tensor::sin, empty)).kind())
        .isEqualTo(Kind.GRADCHECK_NO_INPUT);
    assertThat(gradcheck(in -> List.of(in.get(0).sin(), in.get(1).sin()), List.of(empty, leaf(1))))
        .isTrue();
  }

  @Test
  void notANumberOnBothSidesIsNoAgreement() {
    GradcheckException e = failure(() -> gradcheck(x -> x.sub(2).sqrt(), leaf(1)));
    assertThat(e.kind()).isEqualTo(Kind.GRADCHECK_MISMATCH);
    assertThat(e).hasMessageContaining("Where both are NaN nothing is compared");
    assertThat(failure(() -> gradcheck(x -> x.sub(2).sqrt(), leaf(3, 1))))
        .hasMessageContaining("The function or its gradient is not finite here.");
  }

  @Test
  void pointsNearASingularityAreNoProblem() {
    assertThat(gradcheck(x -> x.log(), leaf(1e-3, 1e-5))).isTrue();
    assertThat(gradcheck(x -> x.sqrt(), leaf(1e-4, 1e6))).isTrue();
    assertThat(gradcheck(x -> x.reciprocal(), leaf(1e-3, -2e-4))).isTrue();
    assertThat(gradcheck(Tensor::relu, leaf(1e-5, -1e-5))).isTrue();
  }

  @Test
  void theOutputInputAndElementAreNamed() {
    UnaryOperator<List<Tensor>> f =
        in -> {
          Tensor a = in.get(0);
          Tensor b = in.get(2);
          b.registerHook(g -> g);
          return List.of(a.mul(2), a.matmul(b).mul(b.detach().sum()));
        };
    Tensor a = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2).requiresGrad(true);
    Tensor b = Tensor.of(new double[] {5, 6, 7, 8}, 2, 2).requiresGrad(true);
    GradcheckException e = failure(() -> gradcheck(f, List.of(a, Tensor.of(new double[] {0}), b)));
    assertThat(e.output()).isEqualTo(1);
    assertThat(e.input()).isEqualTo(2);
    assertThat(e.outputElement()).matches("\\[\\d, \\d]");
    assertThat(e.inputElement()).matches("\\[\\d, \\d]");
    assertThat(e).hasMessageContaining("output 1 (MulBackward) with respect to input 2");
    assertThat(e).hasMessageContaining("f64[2, 2] with grad, f64[1], f64[2, 2] with grad");
  }

  @Test
  void storageTypesCannotBeChecked() {
    Tensor half = Tensor.zeros(Shape.of(2), DType.F16).requiresGrad(true);
    assertThat(failure(() -> gradcheck(Tensor::sin, half)).kind()).isEqualTo(Kind.GRADCHECK_ARGS);
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    GradcheckOptions o = GradcheckOptions.DEFAULTS;
    assertThatThrownBy(() -> o.withEps(0)).hasMessage("eps: must be positive, got 0.0");
    assertThatThrownBy(() -> o.withEps(Double.NaN)).hasMessage("eps: must be positive, got NaN");
    assertThatThrownBy(() -> o.withAtol(-1)).hasMessage("atol: must be zero or more, got -1.0");
    assertThatThrownBy(() -> o.withRtol(Double.NaN))
        .hasMessage("rtol: must be zero or more, got NaN");
    assertThat(failure(() -> o.withNondetTol(-1)).kind()).isEqualTo(Kind.GRADCHECK_ARGS);
  }

  @Test
  void tolerancesAreKept() {
    UnaryOperator<Tensor> offByOneInThousand =
        x -> {
          Tensor y = x.clone();
          y.registerHook(g -> g.mul(1.001));
          return y.mul(2);
        };
    GradcheckOptions o = GradcheckOptions.DEFAULTS;
    assertThat(failure(() -> gradcheck(offByOneInThousand, leaf(1))).kind())
        .isEqualTo(Kind.GRADCHECK_MISMATCH);
    assertThat(gradcheck(offByOneInThousand, leaf(1), o.withRtol(2e-3))).isTrue();
    assertThat(gradcheck(offByOneInThousand, leaf(1), o.withAtol(3e-3))).isTrue();
    // With a step of one's own the tolerances are PyTorch's.
    assertThat(gradcheck(offByOneInThousand, leaf(1), o.withEps(1e-6))).isTrue();
    assertThat(gradcheck(offByOneInThousand, leaf(1), o.withEps(1e-6).withRaiseException(false)))
        .isTrue();
  }

  @Test
  void oneSeedGivesOneAnswer() {
    GradcheckOptions fast = GradcheckOptions.DEFAULTS.withFastMode(true);
    UnaryOperator<Tensor> f = x -> x.mul(x.detach());
    String first = failure(() -> gradcheck(f, leaf(1, 2), fast.withSeed(7))).getMessage();
    assertThat(failure(() -> gradcheck(f, leaf(1, 2), fast.withSeed(7)))).hasMessage(first);
    assertThat(first).contains("seed 7");
    assertThat(failure(() -> gradcheck(f, leaf(1, 2), fast.withSeed(8))).getMessage())
        .isNotEqualTo(first);
  }
}
