package dev.autograd.train.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class LoaderTest {
  private static Dataset numbers(int size) {
    float[] features = new float[2 * size];
    float[] values = new float[size];
    for (int i = 0; i < size; i++) {
      features[2 * i] = i;
      features[2 * i + 1] = -i;
      values[i] = i;
    }
    return new Dataset(
        "numbers", features, new int[] {2}, new Targets.Values(values), Synthetic.encoding());
  }

  private static List<Integer> rows(Iterable<Batch> batches) {
    List<Integer> rows = new ArrayList<>();
    batches.forEach(b -> Arrays.stream(b.rows()).forEach(rows::add));
    return rows;
  }

  @Test
  void everySampleComesOncePerEpochWithItsTarget() {
    Loader loader = Loader.shuffled(numbers(103), 10, 42);
    assertThat(loader.order().batches()).isEqualTo(11);
    List<Integer> rows = rows(loader.epoch(0, 0));
    assertThat(rows)
        .hasSize(103)
        .containsExactlyInAnyOrderElementsOf(IntStream.range(0, 103).boxed().toList());
    for (Batch batch : loader.epoch(3, 0)) {
      assertThat(batch.shape()).containsExactly(batch.size(), 2);
      for (int i = 0; i < batch.size(); i++) {
        assertThat(batch.features()[2 * i]).isEqualTo(batch.rows()[i]);
        assertThat(((Targets.Values) batch.targets()).values()[i]).isEqualTo(batch.rows()[i]);
      }
    }
  }

  @Test
  void theOrderFollowsSeedAndEpochAlone() {
    Loader loader = Loader.shuffled(numbers(50), 8, 42);
    List<Integer> first = rows(loader.epoch(0, 0));
    assertThat(rows(loader.epoch(1, 0))).isNotEqualTo(first);
    assertThat(rows(loader.epoch(0, 0))).isEqualTo(first);
    assertThat(rows(Loader.shuffled(numbers(50), 8, 43).epoch(0, 0))).isNotEqualTo(first);
    assertThat(rows(Loader.shuffled(numbers(50), 25, 42).epoch(0, 0))).isEqualTo(first);
  }

  /// Fixed for good: a change would break every run that is to be resumed.
  @Test
  void theOrderNeverChangesBetweenVersions() {
    // The published test values of the reference implementation for the state 1234567.
    SplitMix64 random = new SplitMix64(1234567);
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("6457827717110365317");
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("3203168211198807973");
    assertThat(Long.toUnsignedString(random.nextLong())).isEqualTo("9817491932198370423");
    assertThat(new BatchOrder(8, 8, 42, true, false).rows(0))
        .containsExactly(6, 5, 1, 7, 4, 3, 2, 0);
  }

  @Test
  void anEpochResumesAtAnyBatch() {
    Loader loader = Loader.shuffled(numbers(50), 8, 42);
    List<Integer> all = rows(loader.epoch(2, 0));
    assertThat(rows(loader.epoch(2, 3))).isEqualTo(all.subList(24, 50));
    assertThat(loader.epoch(2, 3).iterator().next().index()).isEqualTo(3);
    assertThat(rows(loader.epoch(2, 7))).isEmpty();
    assertThatExceptionOfType(IndexOutOfBoundsException.class).isThrownBy(() -> loader.epoch(2, 8));
  }

  @Test
  void theLastBatchCanBeDroppedAndTheOrderKept() {
    Dataset data = numbers(50);
    Loader loader = new Loader(data, new BatchOrder(50, 8, 1, false, true));
    assertThat(rows(loader.epoch(0, 0))).isEqualTo(IntStream.range(0, 48).boxed().toList());
    assertThat(rows(Loader.inOrder(data, 64).epoch(5, 0)))
        .isEqualTo(IntStream.range(0, 50).boxed().toList());
    assertThat(Loader.inOrder(numbers(0), 4).epoch(0, 0)).isEmpty();
  }

  @Test
  void shufflesAreEven() {
    int[] firsts = new int[5];
    for (int epoch = 0; epoch < 5000; epoch++) {
      firsts[new BatchOrder(5, 1, 99, true, false).rows(epoch)[0]]++;
    }
    // Chi-squared with 4 degrees of freedom: 23.5 is exceeded once in 10,000.
    double chi = Arrays.stream(firsts).mapToDouble(n -> (n - 1000.0) * (n - 1000.0) / 1000).sum();
    assertThat(chi).isLessThan(23.5);
  }
}
