package dev.autograd.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.autograd.train.InputException;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class DatasetsTest {
  private static final DataSpec DIGITS = new DataSpec.Digits();

  @Test
  void theDigitsAreAllThere() {
    DataSplits splits = DataSources.load(DIGITS, new SplitPlan(0.1, 0, 7));
    assertThat(splits.train().size() + splits.validation().size()).isEqualTo(1442);
    assertThat(splits.test().size()).isEqualTo(355);
    assertThat(splits.train().sampleShape()).containsExactly(1, 8, 8);
    Dataset all = Digits.all();
    assertThat(all.size()).isEqualTo(1797);
    // Row 0 of the file: 0,0,5,13,9,1,... is a 0.
    assertThat(Arrays.copyOf(all.features(), 6))
        .containsExactly(0, 0, 5 / 16f, 13 / 16f, 9 / 16f, 1 / 16f);
    int[] ids = ((Targets.Classes) all.targets()).ids();
    assertThat(ids[0]).isZero();
    int[] counts = new int[10];
    Arrays.stream(ids).forEach(id -> counts[id]++);
    // Class sizes as the UCI repository lists them for the test part.
    assertThat(counts).containsExactly(178, 182, 177, 183, 181, 182, 181, 179, 174, 180);
    for (float pixel : all.features()) {
      assertThat(pixel).isBetween(0f, 1f);
    }
  }

  @Test
  void theTestPartOfTheDigitsDoesNotDependOnTheSeed() {
    DataSplits one = DataSources.load(DIGITS, new SplitPlan(0.2, 0, 1));
    DataSplits two = DataSources.load(DIGITS, new SplitPlan(0.2, 0, 2));
    assertThat(two.test().features()).isEqualTo(one.test().features());
    assertThat(two.validation().features()).isNotEqualTo(one.validation().features());
  }

  @Test
  void splitsAreDisjointCompleteStratifiedAndRepeatable() {
    int[] ids = IntStream.range(0, 1000).map(i -> i % 10 == 0 ? 1 : 0).toArray();
    Targets targets = new Targets.Classes(ids, List.of("a", "b"));
    SplitPlan plan = new SplitPlan(0.2, 0.1, 3);
    SplitPlan.Rows rows = plan.divide(targets);
    int[] together =
        Stream.of(rows.train(), rows.validation(), rows.test())
            .flatMapToInt(Arrays::stream)
            .sorted()
            .toArray();
    assertThat(together).containsExactly(IntStream.range(0, 1000).toArray());
    assertThat(Arrays.stream(rows.validation()).filter(r -> ids[r] == 1).count()).isEqualTo(20);
    assertThat(Arrays.stream(rows.test()).filter(r -> ids[r] == 1).count()).isEqualTo(10);
    assertThat(plan.divide(targets).validation()).containsExactly(rows.validation());
    assertThat(new SplitPlan(0.2, 0.1, 4).divide(targets).validation())
        .isNotEqualTo(rows.validation());
  }

  @Test
  void aClassKeepsItsLastTrainingSample() {
    Targets targets = new Targets.Classes(new int[] {0, 0, 0, 0, 1}, List.of("a", "b"));
    SplitPlan.Rows rows = new SplitPlan(0.5, 0.45, 1).divide(targets);
    assertThat(Arrays.stream(rows.train()).filter(r -> r == 4).count()).isEqualTo(1);
    assertThat(rows.train()).hasSizeGreaterThanOrEqualTo(2);
  }

  @Test
  void fractionsThatLeaveNothingAreRefused() {
    assertThatIllegalArgumentException().isThrownBy(() -> new SplitPlan(0.6, 0.4, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new SplitPlan(-0.1, 0, 1));
    assertThatIllegalArgumentException().isThrownBy(() -> new SplitPlan(Double.NaN, 0, 1));
  }

  @Test
  void madePointsAreTheSameForASeedAndLieWhereTheyShould() {
    DataSpec.Synthetic moons = new DataSpec.Synthetic(DataSpec.Synthetic.Shape.MOONS, 200, 0);
    Dataset one = Synthetic.make(moons, 5);
    assertThat(Synthetic.make(moons, 5).features()).isEqualTo(one.features());
    assertThat(Synthetic.make(moons, 6).features()).isNotEqualTo(one.features());
    int[] ids = ((Targets.Classes) one.targets()).ids();
    for (int i = 0; i < one.size(); i++) {
      double x = one.features()[2 * i];
      double y = one.features()[2 * i + 1];
      double radius = ids[i] == 0 ? Math.hypot(x, y) : Math.hypot(x - 1, y - 0.5);
      assertThat(radius).isCloseTo(1, org.assertj.core.api.Assertions.within(1e-6));
      assertThat(ids[i] == 0 ? y : 0.5 - y).isGreaterThanOrEqualTo(-1e-6);
    }
  }

  @Test
  void aSplitThatDoesNotExistIsAUsageError() {
    DataSplits splits = DataSources.load(DIGITS, new SplitPlan(0.1, 0, 7));
    assertThat(splits.named("val")).isSameAs(splits.validation());
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(() -> splits.named("tset"))
        .withMessageContaining("did you mean 'test'?")
        .satisfies(e -> assertThat(e.exitCode()).isEqualTo(2));
  }

  @Test
  void aModelOfOtherDataIsRefused() {
    Preprocessing digits = Digits.scaling();
    assertThatExceptionOfType(InputException.class)
        .isThrownBy(
            () ->
                DataSources.load(
                    new DataSpec.Synthetic(DataSpec.Synthetic.Shape.MOONS, 10, 0), digits, true, 1))
        .withMessageContaining("trained on other data");
    assertThat(DataSources.load(DIGITS, digits, true, 1).size()).isEqualTo(1797);
  }
}
