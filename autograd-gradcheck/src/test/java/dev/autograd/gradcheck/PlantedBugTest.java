package dev.autograd.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.Operation;
import dev.autograd.gradcheck.Finding.Kind;
import dev.autograd.gradcheck.planted.WrongContracts;
import dev.autograd.gradcheck.planted.WrongOrders;
import dev.autograd.gradcheck.planted.WrongTransforms;
import dev.autograd.gradcheck.planted.WrongValues;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.DoubleBinaryOperator;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Every mistake that is planted is found: what, where, with which numbers, and again from its
/// seed.
class PlantedBugTest {
  private static final OperationCheckOptions OPTIONS =
      OperationCheckOptions.DEFAULTS.withSeed(20261123);

  /// A mistake and what must be said about it.
  ///
  /// @param input the input that is blamed, −1 where none can be
  /// @param elements how many indices the element's place has, −1 where there is none
  /// @param misfit zero of the two values, if they are known that well
  record Bug(
      Operation operation,
      Kind kind,
      int input,
      int elements,
      @Nullable DoubleBinaryOperator misfit) {
    @Override
    public String toString() {
      return operation.getClass().getSimpleName() + " -> " + kind;
    }
  }

  private static Bug wrong(
      Operation operation, int input, int elements, @Nullable DoubleBinaryOperator misfit) {
    return new Bug(operation, Kind.GRADCHECK_MISMATCH, input, elements, misfit);
  }

  private static double twoThirds(double analytic, double numeric) {
    return analytic / numeric - 2.0 / 3;
  }

  private static Bug second(
      Operation operation, int input, int elements, @Nullable DoubleBinaryOperator misfit) {
    return new Bug(operation, Kind.GRADGRADCHECK_MISMATCH, input, elements, misfit);
  }

  private static Bug contract(Operation operation, Kind kind, int input, int elements) {
    return new Bug(operation, kind, input, elements, null);
  }

  static Stream<Bug> bugs() {
    return Stream.of(
        wrong(new WrongValues.Sign(), 0, 2, (a, n) -> a + n),
        wrong(new WrongValues.Constant(), 0, 1, PlantedBugTest::twoThirds),
        wrong(new WrongValues.Reduction(), 1, 1, null),
        wrong(new WrongValues.Swapped(), 0, 1, null),
        wrong(new WrongValues.Swapped(), 1, 1, null),
        wrong(new WrongValues.Transposed(), 1, 2, null),
        wrong(new WrongValues.Upstream(), 0, 2, null),
        contract(new WrongValues.Upstream(), Kind.GRADCHECK_NOT_LINEAR, 0, 2),
        wrong(new WrongValues.Forgotten(), 1, 1, (a, _) -> a),
        wrong(new WrongValues.OneElement(), 0, 2, (a, n) -> a / n - 1.001),
        wrong(new WrongValues.Alone(), 0, 1, null),
        second(new WrongOrders.Detached(), 0, 1, (a, _) -> a),
        second(new WrongOrders.HalfDetached(), 0, 1, (a, n) -> a / n - 0.5),
        second(new WrongOrders.UpstreamDetached(), 1, 1, (a, _) -> a),
        contract(
            new WrongContracts.UnstableBackward(new AtomicInteger()), Kind.GRADCHECK_NONDET, 0, 1),
        contract(
            new WrongContracts.UnstableForward(new AtomicInteger()), Kind.GRADCHECK_NONDET, -1, 1),
        contract(new WrongContracts.WrongShape(), Kind.GRADCHECK_SHAPE, 1, -1),
        contract(new WrongContracts.WrongType(), Kind.GRADCHECK_DTYPE, 0, -1),
        contract(new WrongContracts.WrongCount(), Kind.FAILED, -1, -1),
        new Bug(
            new WrongContracts.WritesInput(),
            Kind.INPUT_CHANGED,
            1,
            1,
            (now, was) -> now - 2 * was),
        new Bug(new WrongContracts.WritesArray(), Kind.INPUT_CHANGED, 0, 1, (now, _) -> now - 7),
        contract(new WrongContracts.WritesSame(), Kind.INPUT_CHANGED, 0, -1),
        contract(new WrongContracts.WritesUpstream(), Kind.INPUT_CHANGED, -1, -1),
        contract(new WrongContracts.WritesSaved(), Kind.INPUT_CHANGED, 0, 1),
        new Bug(new WrongContracts.HiddenOutput(), Kind.GRADCHECK_NONDIFF, 0, 1, (a, _) -> a),
        wrong(new WrongContracts.ForgottenOutput(), 0, 1, null),
        new Bug(
            new WrongContracts.SinglePrecision(),
            Kind.SINGLE_PRECISION,
            -1,
            1,
            (a, b) -> Math.rint((a / b - 1.01) * 1e5)),
        new Bug(
            new WrongTransforms.WrongTangent(),
            Kind.FORWARD_MISMATCH,
            0,
            1,
            PlantedBugTest::twoThirds),
        new Bug(new WrongTransforms.ForgottenTangent(), Kind.FORWARD_MISMATCH, 1, 1, (a, _) -> a),
        contract(new WrongTransforms.OneTangentAtATime(), Kind.FORWARD_MISMATCH, -1, -1),
        contract(new WrongTransforms.UnsignedTangent(), Kind.FORWARD_MISMATCH, 0, -1),
        contract(new WrongTransforms.FalselyLinear(), Kind.FORWARD_MISMATCH, 0, 1),
        new Bug(new WrongTransforms.LostTangents(), Kind.FORWARD_MISMATCH, 0, 1, (a, _) -> a),
        contract(new WrongTransforms.BatchLast(), Kind.BATCH_SHAPE, -1, -1),
        contract(new WrongTransforms.BatchLastOfTwo(), Kind.BATCH_MISMATCH, -1, 1),
        contract(new WrongTransforms.SumsTheBatch(), Kind.BATCH_SHAPE, -1, -1),
        contract(new WrongTransforms.FirstForAll(), Kind.BATCH_MISMATCH, -1, 2),
        contract(new WrongTransforms.Misaligned(), Kind.BATCH_MISMATCH, -1, -1),
        new Bug(new WrongTransforms.CutOffBatch(), Kind.BATCH_MISMATCH, 0, 1, (a, _) -> a),
        contract(new WrongTransforms.CoarseBatch(), Kind.BATCH_MISMATCH, -1, 1),
        contract(new WrongContracts.Fails(), Kind.FAILED, -1, -1),
        contract(new WrongContracts.Accepts(), Kind.NOT_REJECTED, -1, -1),
        contract(new WrongContracts.NoSamples(), Kind.NO_SAMPLES, -1, -1),
        contract(new WrongContracts.EmptySamples(), Kind.NO_SAMPLES, -1, -1));
  }

  @ParameterizedTest
  @MethodSource("bugs")
  void isFoundWhereItIs(Bug bug) {
    OperationReport report = OperationCheck.check(bug.operation(), OPTIONS);

    assertThat(report.passed()).isFalse();
    Finding f = finding(report, bug);
    assertThat(f.operation()).startsWith(bug.operation().getClass().getSimpleName() + "[");
    assertThat(f.seed()).isBetween(OPTIONS.seed(), OPTIONS.seed() + OPTIONS.rounds() - 1);
    if (bug.elements() < 0) {
      assertThat(f.element()).isNull();
      return;
    }
    assertThat(f.element()).isNotNull();
    assertThat(f.element().split(",")).hasSize(bug.elements());
    assertThat(f.analytic()).isNotEqualTo(f.numeric()).isFinite();
    assertThat(f.numeric()).isFinite();
    if (bug.misfit() != null) {
      assertThat(bug.misfit().applyAsDouble(f.analytic(), f.numeric()))
          .as("analytic %s, numeric %s", f.analytic(), f.numeric())
          .isCloseTo(0, within(1e-6));
    }
    assertThat(f.describe())
        .contains(f.kind().name(), f.element(), String.valueOf(f.analytic()), f.detail())
        .contains(String.valueOf(f.numeric()));
  }

  /// What is unstable has other numbers each time.
  static Stream<Bug> stableBugs() {
    return bugs().filter(bug -> bug.kind() != Kind.GRADCHECK_NONDET);
  }

  @ParameterizedTest
  @MethodSource("stableBugs")
  void isFoundAgainFromItsSeed(Bug bug) {
    Finding first = finding(OperationCheck.check(bug.operation(), OPTIONS), bug);

    OperationCheckOptions replay =
        OperationCheckOptions.DEFAULTS.withSeed(first.seed()).withRounds(1);
    assertThat(OperationCheck.check(bug.operation(), replay).findings()).contains(first);
  }

  @Test
  void theElementIsTheOneThatIsWrong() {
    Finding f = only(OperationCheck.check(new WrongValues.OneElement(), OPTIONS.withRounds(1)));

    assertThat(f.element()).isEqualTo("[1, 2]");
    assertThat(f.detail()).contains("1 of 6 elements differ").contains("f64[2, 3]");
  }

  @Test
  void theSeedIsThatOfTheRoundThatFoundIt() {
    OperationCheckOptions many =
        OperationCheckOptions.DEFAULTS.withOrder(1).withSeed(100).withRounds(40);
    List<Finding> found = OperationCheck.check(new WrongValues.LargeOnly(), many).findings();

    assertThat(found).isNotEmpty().hasSizeLessThan(many.rounds());
    assertThat(found).anyMatch(f -> f.seed() > many.seed());
    for (Finding f : found) {
      OperationReport again =
          OperationCheck.check(new WrongValues.LargeOnly(), many.withSeed(f.seed()).withRounds(1));
      assertThat(again.findings()).containsExactly(f);
    }
  }

  @Test
  void oneMistakeOfFirstOrderIsOneFindingForEachSample() {
    OperationReport report = OperationCheck.check(new WrongValues.Sign(), OPTIONS);

    assertThat(report.findings()).hasSize(OPTIONS.rounds());
    assertThat(report.samples()).isEqualTo(OPTIONS.rounds());
  }

  @Test
  void anInputThatForwardChangesIsTheOnlyThingSaid() {
    OperationReport report =
        OperationCheck.check(new WrongContracts.WritesInput(), OPTIONS.withRounds(1));

    assertThat(only(report).detail()).startsWith("forward wrote into the input");
  }

  @Test
  void firstOrderAloneDoesNotSeeTheSecond() {
    assertThat(OperationCheck.check(new WrongOrders.Detached(), OPTIONS.withOrder(1)).findings())
        .isEmpty();
  }

  @Test
  void theGradientThatComesInIsNamedAsSuch() {
    OperationReport report =
        OperationCheck.check(new WrongOrders.UpstreamDetached(), OPTIONS.withRounds(1));

    assertThat(only(report).detail()).contains("with respect to gradient 0 that comes in");
  }

  @Test
  void wrongShapesAndTypesAreNamed() {
    assertThat(only(OperationCheck.check(new WrongContracts.WrongShape(), once())).detail())
        .contains("a gradient of f64[] for input 1, which has shape [2, 3]");
    assertThat(only(OperationCheck.check(new WrongContracts.WrongType(), once())).detail())
        .contains("a gradient of f32[2] for input 0, which is f64");
  }

  @Test
  void failuresKeepTheirWords() {
    assertThat(only(OperationCheck.check(new WrongContracts.Fails(), once())).detail())
        .contains("the backward's own words");
    assertThat(only(OperationCheck.check(new WrongContracts.Accepts(), once())).detail())
        .contains("'must have the same shape'")
        .contains("it was accepted");
  }

  @Test
  void wrongTangentsAreNamed() {
    assertThat(only(OperationCheck.check(new WrongTransforms.FalselyLinear(), once())).detail())
        .contains("linear() makes the operation its own rule for tangents");
    assertThat(only(OperationCheck.check(new WrongTransforms.UnsignedTangent(), once())).detail())
        .contains("is not linear in the direction");
    assertThat(only(OperationCheck.check(new WrongTransforms.OneTangentAtATime(), once())).detail())
        .contains("where all inputs have tangents");
    assertThat(
            only(OperationCheck.check(new WrongTransforms.LostTangents(), OPTIONS.withRounds(1)))
                .detail())
        .contains("the tangent of the gradient");
  }

  @Test
  void wrongBatchesAreNamed() {
    assertThat(only(OperationCheck.check(new WrongTransforms.BatchLast(), once())).detail())
        .contains("result 0 under vmap over the first dimension of input 0")
        .contains("is f64[4, 2] for two samples of f64[4]");
    assertThat(only(OperationCheck.check(new WrongTransforms.FirstForAll(), once())).detail())
        .contains("of input 1, sample 1 of two, against the sample by itself");
    assertThat(only(OperationCheck.check(new WrongTransforms.CutOffBatch(), once())).detail())
        .contains("the gradient of input 0 under vmap");
  }

  @Test
  void batchesAreTriedInTheFirstRoundOnly() {
    assertThat(OperationCheck.check(new WrongTransforms.BatchLast(), OPTIONS).findings())
        .hasSize(1);
  }

  private static OperationCheckOptions once() {
    return OPTIONS.withRounds(1).withOrder(1);
  }

  private static Finding only(OperationReport report) {
    assertThat(report.findings()).hasSize(1);
    return report.findings().getFirst();
  }

  private static Finding finding(OperationReport report, Bug bug) {
    List<Finding> fitting =
        report.findings().stream()
            .filter(f -> f.kind() == bug.kind() && f.input() == bug.input())
            .toList();
    assertThat(fitting).as("%s among %s", bug, report.findings()).isNotEmpty();
    return fitting.getFirst();
  }
}
