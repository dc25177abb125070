package dev.autograd.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import org.junit.jupiter.api.Test;

class ComparisonTest {
  private static final double TOLERANCE = 0.15;

  private static String row(String metric, double median, double min, double max) {
    return String.join("\t", "W1", "autograd", "1", metric, "" + median, "" + min, "" + max);
  }

  private static List<String> worse(String before, String after) {
    return Comparison.worse(List.of(before), List.of(after), TOLERANCE);
  }

  @Test
  void a_cost_that_grew_beyond_the_tolerance_is_worse() {
    assertThat(worse(row("ms", 10, 9, 11), row("ms", 12, 11.5, 13)))
        .singleElement()
        .asString()
        .contains("W1\tautograd\t1\tms", "10.000 [9.0000, 11.000]", "1.20 times as bad");
  }

  @Test
  void a_cost_that_shrank_is_not_worse() {
    assertThat(worse(row("ms", 10, 9, 11), row("ms", 5, 4, 6))).isEmpty();
  }

  @Test
  void a_rate_that_fell_beyond_the_tolerance_is_worse() {
    assertThat(worse(row("GFLOP/s", 60, 58, 61), row("GFLOP/s", 50, 49, 51))).hasSize(1);
  }

  @Test
  void a_rate_that_rose_is_not_worse() {
    assertThat(worse(row("GFLOP/s", 50, 49, 51), row("GFLOP/s", 90, 89, 91))).isEmpty();
  }

  @Test
  void within_the_tolerance_nothing_is_worse() {
    assertThat(worse(row("ms", 10, 10, 10), row("ms", 11.4, 11.4, 11.4))).isEmpty();
    assertThat(worse(row("ms", 10, 10, 10), row("ms", 11.6, 11.6, 11.6))).hasSize(1);
  }

  @Test
  void within_the_range_of_the_baseline_nothing_is_worse() {
    assertThat(worse(row("ms", 10, 9, 13), row("ms", 12, 11.9, 12.1))).isEmpty();
  }

  @Test
  void where_the_baseline_is_within_the_new_range_nothing_is_worse() {
    assertThat(worse(row("ms", 10, 9.9, 10.1), row("ms", 12, 9, 15))).isEmpty();
  }

  @Test
  void what_is_no_longer_measured_is_told() {
    assertThat(Comparison.worse(List.of(row("ms", 10, 9, 11)), List.of(), TOLERANCE))
        .containsExactly("W1\tautograd\t1\tms\tmissing");
  }

  @Test
  void what_is_new_is_not_worse() {
    assertThat(Comparison.worse(List.of(), List.of(row("ms", 10, 9, 11)), TOLERANCE)).isEmpty();
  }

  @Test
  void unknown_memory_is_not_worse() {
    String unknown = row("max_rss_MiB", Double.NaN, Double.NaN, Double.NaN);
    assertThat(worse(unknown, row("max_rss_MiB", 100, 99, 101))).isEmpty();
  }

  @Test
  void rows_that_cannot_be_read_are_refused() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> worse("W1\tautograd\t1\tms\t10", row("ms", 1, 1, 1)))
        .withMessageContaining("7 columns, got 5");
    assertThatIllegalArgumentException()
        .isThrownBy(() -> worse(row("ms", 1, 1, 1), "W1\ta\t1\tms\tx\t1\t1"))
        .withMessageContaining("'x'");
    String twice = row("ms", 1, 1, 1);
    assertThatIllegalArgumentException()
        .isThrownBy(() -> Comparison.worse(List.of(twice, twice), List.of(), TOLERANCE))
        .withMessageContaining("twice");
  }
}
