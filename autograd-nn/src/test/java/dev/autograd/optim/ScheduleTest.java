package dev.autograd.optim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.autograd.AutogradException;
import org.junit.jupiter.api.Test;

class ScheduleTest {
  private static double[] first(Schedule s, int steps) {
    double[] factors = new double[steps];
    for (int i = 0; i < steps; i++) {
      factors[i] = s.factor(i);
    }
    return factors;
  }

  @Test
  void constantStays() {
    assertThat(first(Schedule.constant(), 3)).containsOnly(1);
    assertThat(Schedule.constant().factor(Long.MAX_VALUE)).isEqualTo(1);
  }

  @Test
  void stepFallsAtEveryMultiple() {
    assertThat(first(Schedule.step(2, 0.5), 7)).containsExactly(1, 1, .5, .5, .25, .25, .125);
  }

  @Test
  void linearFallsToItsEndAndStays() {
    assertThat(first(Schedule.linear(4, 0.2), 7))
        .containsExactly(new double[] {1, .8, .6, .4, .2, .2, .2}, within(1e-15));
  }

  @Test
  void cosineFallsAlongHalfAWaveAndStays() {
    Schedule s = Schedule.cosine(4, 0.1);
    double half = Math.sqrt(0.5);
    assertThat(first(s, 7))
        .containsExactly(
            new double[] {
              1, .1 + .9 * (1 + half) / 2, .1 + .9 / 2, .1 + .9 * (1 - half) / 2, .1, .1, .1
            },
            within(1e-12));
  }

  @Test
  void warmUpRisesThenFollowsTheOtherFromItsBeginning() {
    Schedule s = Schedule.warmUp(3, Schedule.step(2, 0.5));
    assertThat(first(s, 8))
        .containsExactly(new double[] {.25, .5, .75, 1, 1, .5, .5, .25}, within(1e-15));
    assertThat(first(Schedule.warmUp(0, Schedule.step(2, 0.5)), 3)).containsExactly(1, 1, .5);
  }

  @Test
  void neverNeedsThePast() {
    Schedule s = Schedule.warmUp(10, Schedule.cosine(1000, 0));
    double late = s.factor(700);
    s.factor(3);
    assertThat(s.factor(700)).isEqualTo(late);
  }

  @Test
  void lengthsArePositive() {
    for (Runnable r :
        new Runnable[] {
          () -> Schedule.step(0, 0.5), () -> Schedule.cosine(-1, 0), () -> Schedule.linear(0, 0)
        }) {
      assertThatThrownBy(r::run)
          .isInstanceOf(AutogradException.class)
          .hasMessageContaining("must be positive");
    }
    assertThatThrownBy(() -> Schedule.warmUp(-1, Schedule.constant()))
        .isInstanceOf(AutogradException.class)
        .hasMessageContaining("got -1");
  }
}
