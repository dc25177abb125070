package dev.autograd;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GeneratorTest {
  @Test
  void countsTheNumbersTaken() {
    Generator g = new Generator(7);
    assertThat(g.seed()).isEqualTo(7);
    assertThat(g.take(10)).isZero();
    assertThat(g.take(5)).isEqualTo(10);
    assertThat(g.position()).isEqualTo(15);
  }

  @Test
  void startsAgainFromASeedAndContinuesFromAPosition() {
    Generator g = new Generator(7);
    g.take(3);
    g.manualSeed(8);
    assertThat(g.seed()).isEqualTo(8);
    assertThat(g.position()).isZero();
    g.position(100);
    assertThat(g.take(1)).isEqualTo(100);
  }

  @Test
  void theGlobalOneIsOne() {
    assertThat(Generator.global()).isSameAs(Generator.global());
  }

  @Test
  void threadsNeverTakeTheSameNumbers() throws Exception {
    Generator g = new Generator(1);
    Set<Long> first = new HashSet<>();
    try (var pool = Executors.newFixedThreadPool(4)) {
      for (Future<long[]> each :
          IntStream.range(0, 4)
              .mapToObj(
                  _ ->
                      pool.submit(
                          () -> IntStream.range(0, 500).mapToLong(_ -> g.take(3)).toArray()))
              .toList()) {
        for (long position : each.get()) {
          assertThat(first.add(position)).isTrue();
        }
      }
    }
    assertThat(g.position()).isEqualTo(4 * 500 * 3);
  }
}
