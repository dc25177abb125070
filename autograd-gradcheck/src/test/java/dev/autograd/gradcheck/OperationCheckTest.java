package dev.autograd.gradcheck;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.GradMode;
import dev.autograd.Operation;
import dev.autograd.gradcheck.planted.Right;
import dev.autograd.gradcheck.planted.WrongValues;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class OperationCheckTest {
  static Stream<Operation> right() {
    return Stream.of(
        new Right.Cube(),
        new Right.CubeOnce(),
        new Right.Product(),
        new Right.Matmul(),
        new Right.RoundAndSquare(),
        new Right.Narrow(),
        new Right.Positive(),
        new Right.Refuses());
  }

  @ParameterizedTest
  @MethodSource("right")
  void findsNoFaultWithWhatIsRight(Operation operation) {
    OperationReport report = OperationCheck.check(operation, OperationCheckOptions.DEFAULTS);

    assertThat(report.findings()).isEmpty();
    assertThat(report.passed()).isTrue();
    assertThat(report.name()).isEqualTo(operation.name());
    assertThat(report.differentiable()).isEqualTo(operation.differentiable());
    assertThat(report.comparisons()).isPositive();
    assertThat(report.worstError()).isLessThan(1e-6);
  }

  @Test
  void comparesEveryElementOfEveryInput() {
    // Two inputs of 6 and 3 elements, and what single precision and second runs add to that.
    OperationReport report =
        OperationCheck.check(
            new Right.Product(), OperationCheckOptions.DEFAULTS.withRounds(1).withOrder(1));

    assertThat(report.samples()).isEqualTo(3);
    assertThat(report.comparisons()).isGreaterThan((6 + 3) + (2 + 3) + (1 + 2));
  }

  @Test
  void secondOrderComparesMore() {
    OperationCheckOptions first = OperationCheckOptions.DEFAULTS.withOrder(1);
    assertThat(OperationCheck.check(new Right.Cube(), first.withOrder(2)).comparisons())
        .isGreaterThan(OperationCheck.check(new Right.Cube(), first).comparisons());
  }

  @Test
  void oneSeedGivesOneReport() {
    OperationCheckOptions options = OperationCheckOptions.DEFAULTS.withSeed(42);
    OperationReport a = OperationCheck.check(new WrongValues.Swapped(), options);
    OperationReport b = OperationCheck.check(new WrongValues.Swapped(), options);
    OperationReport c = OperationCheck.check(new WrongValues.Swapped(), options.withSeed(43_000));

    assertThat(a.findings()).isEqualTo(b.findings()).isNotEqualTo(c.findings());
    assertThat(a.comparisons()).isEqualTo(b.comparisons());
  }

  @Test
  void theWorstErrorOfAWrongGradientIsLarge() {
    OperationReport report =
        OperationCheck.check(new WrongValues.Sign(), OperationCheckOptions.DEFAULTS);
    assertThat(report.worstError()).isGreaterThan(0.1);
  }

  @Test
  void worksWhereRecordingIsOffAndLeavesItSo() {
    try (var _ = GradMode.noGrad()) {
      assertThat(OperationCheck.check(new Right.Cube(), OperationCheckOptions.DEFAULTS).findings())
          .isEmpty();
      assertThat(
              OperationCheck.check(new WrongValues.Sign(), OperationCheckOptions.DEFAULTS).passed())
          .isFalse();
      assertThat(GradMode.isEnabled()).isFalse();
    }
  }

  @Test
  void optionsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> OperationCheckOptions.DEFAULTS.withOrder(3))
        .hasMessage("order: must be 1 or 2, got 3");
    assertThatThrownBy(() -> OperationCheckOptions.DEFAULTS.withRounds(0))
        .hasMessage("rounds: must be at least 1, got 0");
  }

  @Test
  void tolerancesKnowWhatIsNotFinite() {
    Tolerance t = new Tolerance(0.1, 0.01);
    double inf = Double.POSITIVE_INFINITY;
    assertThat(t.accepts(0, 0.1)).isTrue();
    assertThat(t.accepts(0, 0.11)).isFalse();
    assertThat(t.accepts(100, 101)).isTrue();
    assertThat(t.accepts(100, 102)).isFalse();
    assertThat(t.accepts(Double.NaN, Double.NaN)).isTrue();
    assertThat(t.accepts(Double.NaN, 0)).isFalse();
    assertThat(t.accepts(inf, inf)).isTrue();
    assertThat(t.accepts(inf, -inf)).isFalse();
    assertThat(t.accepts(inf, 1e300)).isFalse();
  }
}
