package dev.autograd.train;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DidYouMeanTest {
  @ParameterizedTest
  @CsvSource({
    "optimiser, optimizer, 1",
    "kitten, sitting, 3",
    "ca, ac, 1",
    "ca, abc, 2",
    "'', abc, 3",
    "abc, abc, 0",
  })
  void theDistanceCountsEditsAndSwaps(String a, String b, int expected) {
    assertThat(DidYouMean.distance(a, b)).isEqualTo(expected);
    assertThat(DidYouMean.distance(b, a)).isEqualTo(expected);
  }

  @Test
  void theNearestWordIsFound() {
    List<String> keys = List.of("epochs", "batchSize", "gradClip");
    assertThat(DidYouMean.nearest("epcohs", keys)).contains("epochs");
    assertThat(DidYouMean.nearest("batch_size", keys)).contains("batchSize");
    assertThat(DidYouMean.nearest("BATCHSIZE", keys)).contains("batchSize");
  }

  @Test
  void farWordsAreNotSuggested() {
    assertThat(DidYouMean.nearest("momentum", List.of("epochs", "lr"))).isEmpty();
    assertThat(DidYouMean.nearest("x", List.of("y"))).isEmpty();
    assertThat(DidYouMean.nearest("", List.of("lr"))).isEmpty();
  }
}
