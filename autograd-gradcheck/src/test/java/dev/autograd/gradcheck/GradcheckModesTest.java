package dev.autograd.gradcheck;

import static dev.autograd.gradcheck.Gradcheck.gradcheck;
import static dev.autograd.gradcheck.Gradcheck.gradgradcheck;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.autograd.Tensor;
import dev.autograd.functional.TensorFunction;
import dev.autograd.gradcheck.Finding.Kind;
import dev.autograd.gradcheck.planted.Right;
import dev.autograd.gradcheck.planted.WrongFunctions;
import java.util.List;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Test;

/// Forward mode, batches, and which modes second derivatives are taken by.
class GradcheckModesTest {
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

  @Test
  void n15_aWrongTangentRuleIsAMismatchOfForwardMode() {
    UnaryOperator<Tensor> f = x -> new WrongFunctions.WrongTangent().apply(x);

    assertThat(gradcheck(f, leaf(1, 2))).isTrue();
    for (GradcheckOptions o : List.of(SLOW, FAST)) {
      GradcheckException e = failure(() -> gradcheck(f, leaf(1, 2), o.withCheckForwardAd(true)));
      assertThat(e.kind()).isEqualTo(Kind.GRADCHECK_MISMATCH);
      assertThat(e)
          .hasMessageContaining(
              "Jacobian computed with forward mode mismatch for output 0 (WrongTangentBackward)"
                  + " with respect to input 0: analytic 3.0, numeric ")
          .hasMessageContaining("[[3.000000, 0.000000]\n [0.000000, 3.000000]]");
    }
  }

  @Test
  void n15_forwardModePassesOfWhatIsRightInSeveralInputsAndOutputs() {
    UnaryOperator<List<Tensor>> f =
        in -> {
          Tensor a = in.get(0);
          Tensor b = in.get(1);
          return List.of(a.matmul(b), a.exp().sum(1), new Right.Cube().apply(b));
        };
    List<Tensor> inputs =
        List.of(
            Tensor.of(new double[] {1, 2, 3, 4, 5, 6}, 2, 3).div(4).requiresGrad(true),
            Tensor.of(new double[] {1, -2, 3, -4, 5, -6}, 3, 2).requiresGrad(true));
    for (GradcheckOptions o : List.of(SLOW, FAST)) {
      GradcheckOptions both = o.withCheckForwardAd(true);
      assertThat(gradcheck(f, inputs, both)).isTrue();
      assertThat(gradcheck(f, inputs, both.withCheckBackwardAd(false))).isTrue();
    }
  }

  @Test
  void n15_withBackwardSwitchedOffOnlyForwardModeIsChecked() {
    GradcheckOptions forward = SLOW.withCheckForwardAd(true).withCheckBackwardAd(false);
    // Its backward is wrong, and its tangent follows from that.
    UnaryOperator<Tensor> bad = x -> new WrongFunctions.Bad().apply(x);

    assertThat(failure(() -> gradcheck(bad, leaf(1, 2), forward)))
        .hasMessageContaining("computed with forward mode");
    assertThat(gradcheck(Tensor::sin, leaf(1, 2), forward)).isTrue();
    // A backward that is wrong beside a tangent rule that is right goes unseen.
    assertThat(gradcheck(x -> new WrongFunctions.OnlyTangent().apply(x), leaf(1, 2), forward))
        .isTrue();
  }

  @Test
  void n15_anAbsentTangentIsZero() {
    BinaryOperator<Tensor> f = (a, b) -> new WrongFunctions.AbsentTangentIsOnes().apply(a, b);
    GradcheckOptions forward = SLOW.withCheckForwardAd(true);

    // Already the comparison with differences moves one input at a time.
    assertThat(failure(() -> gradcheck(f, leaf(1, 2), leaf(3, 4), forward)).kind())
        .isEqualTo(Kind.GRADCHECK_MISMATCH);
    // Where its tolerance hides that, the two kinds of nothing are still held against each other.
    Subject subject =
        new Subject(
            in -> List.of(f.apply(in.get(0), in.get(1))),
            List.of(Tensor.of(new double[] {1}), Tensor.of(new double[] {2})),
            List.of(0, 1));
    Tally tally = new Tally();
    Case c = new Case(new WrongFunctions.AbsentTangentIsOnes(), List.of(), List.of(), 0, 0);
    DerivativeRules.absentTangents(subject, 0, Tolerance.EXTRAPOLATED, tally.of(c));
    assertThat(tally.findings()).hasSize(1);
    assertThat(tally.findings().getFirst().kind()).isEqualTo(Kind.GRADCHECK_UNDEFINED);
    assertThat(tally.findings().getFirst().detail()).contains("where only input 1 moves");
  }

  @Test
  void n16_withNeitherModeThereIsNothingToCheck() {
    GradcheckOptions neither = SLOW.withCheckBackwardAd(false);
    for (GradcheckOptions o : List.of(neither, neither.withRaiseException(false))) {
      GradcheckException e = failure(() -> gradcheck(Tensor::sin, leaf(1), o));
      assertThat(e.kind()).isEqualTo(Kind.GRADCHECK_ARGS);
      assertThat(e)
          .hasMessage("gradcheck: at least one of backward and forward mode must be checked");
    }
    assertThat(
            failure(() -> gradgradcheck(Tensor::sin, leaf(1), SLOW.withCheckRevOverRev(false)))
                .kind())
        .isEqualTo(Kind.GRADCHECK_ARGS);
  }

  @Test
  void n16_batchesNeedTheirMode() {
    GradcheckOptions forward = SLOW.withCheckForwardAd(true).withCheckBackwardAd(false);
    assertThat(
            failure(() -> gradcheck(Tensor::sin, leaf(1), forward.withCheckBatchedGrad(true)))
                .kind())
        .isEqualTo(Kind.GRADCHECK_ARGS);
    assertThat(
            failure(() -> gradcheck(Tensor::sin, leaf(1), SLOW.withCheckBatchedForwardGrad(true)))
                .kind())
        .isEqualTo(Kind.GRADCHECK_ARGS);
  }

  @Test
  void n17_batchedGradientsPassOfWhatCanBeMapped() {
    GradcheckOptions batched = SLOW.withCheckBatchedGrad(true);
    BinaryOperator<Tensor> f = (a, b) -> a.matmul(b).softmax(0).mul(a.sum());
    Tensor a = Tensor.of(new double[] {1, 2, 3, 4}, 2, 2).requiresGrad(true);

    assertThat(gradcheck(f, a, leaf(1, -1), batched)).isTrue();
    assertThat(gradgradcheck(f, a, leaf(1, -1), batched)).isTrue();
    assertThat(
            gradcheck(
                f,
                a,
                leaf(1, -1),
                batched.withCheckForwardAd(true).withCheckBatchedForwardGrad(true)))
        .isTrue();
  }

  @Test
  void n17_aBackwardThatCannotBeMappedFails() {
    UnaryOperator<Tensor> f = x -> new WrongFunctions.ReadsGradient().apply(x);

    assertThat(gradcheck(f, leaf(1, 2))).isTrue();
    GradcheckOptions batched = SLOW.withCheckBatchedGrad(true);
    GradcheckException e = failure(() -> gradcheck(f, leaf(1, 2), batched));
    assertThat(e.kind()).isEqualTo(Kind.GRADCHECK_BATCHED);
    assertThat(e).hasMessageContaining("failed while testing batched gradients of output 0");
    assertThat(gradcheck(f, leaf(1, 2), batched.withRaiseException(false))).isFalse();
  }

  @Test
  void n17_aWrongRuleForBatchesIsFound() {
    UnaryOperator<Tensor> f = x -> new WrongFunctions.WrongBatch().apply(x);
    GradcheckOptions forward = SLOW.withCheckForwardAd(true);

    assertThat(gradcheck(f, leaf(1, 2), forward)).isTrue();
    GradcheckException backward =
        failure(() -> gradcheck(f, leaf(1, 2), SLOW.withCheckBatchedGrad(true)));
    GradcheckException tangents =
        failure(() -> gradcheck(f, leaf(1, 2), forward.withCheckBatchedForwardGrad(true)));
    for (GradcheckException e : List.of(backward, tangents)) {
      assertThat(e.kind()).isEqualTo(Kind.GRADCHECK_BATCHED);
      assertThat(e.analytic() / e.numeric()).isEqualTo(1.5);
    }
    assertThat(backward).hasMessageContaining("batched gradients of output 0 differ");
    assertThat(tangents).hasMessageContaining("batched tangents of input 0 differ");
  }

  @Test
  void n22_secondDerivativesAreTakenByTheModesThatAreChosen() {
    UnaryOperator<Tensor> cut = x -> new WrongFunctions.CutTangent().apply(x);
    GradcheckOptions forward = SLOW.withCheckFwdOverRev(true).withCheckRevOverRev(false);

    assertThat(gradgradcheck(cut, leaf(1, 2))).isTrue();
    for (GradcheckOptions o : List.of(forward, forward.withFastMode(true))) {
      GradcheckException e = failure(() -> gradgradcheck(cut, leaf(1, 2), o));
      assertThat(e.kind()).isEqualTo(Kind.GRADGRADCHECK_MISMATCH);
      assertThat(e).hasMessageContaining("computed with forward mode");
      UnaryOperator<Tensor> right = x -> new Right.Cube().apply(x).mul(x.sin());
      assertThat(gradgradcheck(right, leaf(1, 2), o)).isTrue();
    }
  }

  @Test
  void functionsOfTheFunctionalInterfaceAreTaken() {
    TensorFunction f = TensorFunction.of((Tensor a, Tensor b) -> a.mul(b).sin());
    List<Tensor> inputs = List.of(leaf(1, 2), leaf(3, 4));
    GradcheckOptions all = SLOW.withCheckForwardAd(true).withCheckFwdOverRev(true);

    assertThat(gradcheck(f, inputs, all)).isTrue();
    assertThat(gradgradcheck(f, inputs, all)).isTrue();
  }
}
