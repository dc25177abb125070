package dev.autograd.kernel.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.autograd.kernel.support.Samples;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Assertions;
import org.junit.jupiter.api.Test;

class WorkersTest {
  private static final int STEPS = 300;
  private static final int N = 37;

  @Test
  void everyStepSeesAllOfTheStepBefore() {
    var results =
        Samples.onThreads(
            () -> {
              long[][] y = new long[2][N];
              java.util.Arrays.fill(y[0], 1);
              Workers.forSteps(
                  STEPS,
                  N,
                  5,
                  (step, from, to) -> {
                    long[] before = y[step & 1];
                    for (int i = from; i < to; i++) {
                      y[(step + 1) & 1][i] = 31 * before[i] + before[N - 1 - i] + step;
                    }
                  });
              return y[STEPS & 1];
            });
    long[] expected = new long[N];
    java.util.Arrays.fill(expected, 1);
    for (int step = 0; step < STEPS; step++) {
      long[] before = expected.clone();
      for (int i = 0; i < N; i++) {
        expected[i] = 31 * before[i] + before[N - 1 - i] + step;
      }
    }
    assertThat(results).allSatisfy(y -> assertThat(y).isEqualTo(expected));
  }

  @Test
  void aFailureEndsAllStepsAndIsThrown() {
    Samples.onThreads(
        () -> {
          var later = new AtomicInteger();
          Assertions.assertTimeoutPreemptively(
              Duration.ofSeconds(20),
              () ->
                  assertThatThrownBy(
                          () ->
                              Workers.forSteps(
                                  STEPS,
                                  N,
                                  5,
                                  (step, from, _) -> {
                                    if (step == 3 && from == 10) {
                                      throw new IllegalStateException("planted");
                                    }
                                    if (step > 3) {
                                      later.incrementAndGet();
                                    }
                                  }))
                      .isInstanceOf(IllegalStateException.class)
                      .hasMessage("planted"));
          assertThat(later).hasValue(0);
          return true;
        });
  }

  @Test
  void noStepsAndNoElementsAreNoWork() {
    var calls = new AtomicInteger();
    Workers.forSteps(0, 5, 1, (_, _, _) -> calls.incrementAndGet());
    Workers.forSteps(5, 0, 1, (_, _, _) -> calls.incrementAndGet());
    assertThat(calls).hasValue(0);
  }
}
