package dev.autograd.kernel.parallel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WorkersTest {
  private final int before = Workers.threads();

  @AfterEach
  void restoreThreads() {
    Workers.threads(before);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 8})
  void everyElementIsVisitedOnce(int threads) {
    Workers.threads(threads);
    for (int round = 0; round < 200; round++) {
      int n = round * 7 % 101;
      var visits = new AtomicIntegerArray(Math.max(1, n));
      Workers.forRange(
          n,
          1 + round % 5,
          (from, to) -> {
            for (int i = from; i < to; i++) {
              visits.incrementAndGet(i);
            }
          });
      for (int i = 0; i < n; i++) {
        assertThat(visits.get(i)).isEqualTo(1);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void theFailureOfAChunkIsThrownAndLaterLoopsRun(int threads) {
    Workers.threads(threads);
    var failure = new IllegalStateException("chunk 5");
    for (int round = 0; round < 50; round++) {
      assertThatThrownBy(
              () ->
                  Workers.forRange(
                      10,
                      1,
                      (from, _) -> {
                        if (from == 5) {
                          throw failure;
                        }
                      }))
          .isSameAs(failure);
      assertThat(sumTo(1000)).isEqualTo(499_500);
    }
  }

  @Test
  void loopsInsideChunksFinish() {
    Workers.threads(3);
    var sum = new AtomicInteger();
    Workers.forRange(20, 1, (_, _) -> sum.addAndGet(sumTo(100)));
    assertThat(sum).hasValue(20 * 4950);
  }

  @Test
  void manyCallersShareTheWorkers() throws InterruptedException {
    Workers.threads(3);
    Set<Thread> seen = ConcurrentHashMap.newKeySet();
    List<Throwable> failures = Collections.synchronizedList(new ArrayList<>());
    List<Thread> callers = new ArrayList<>();
    for (int c = 0; c < 4; c++) {
      callers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      for (int i = 0; i < 500; i++) {
                        Workers.forRange(8, 1, (_, _) -> seen.add(Thread.currentThread()));
                        assertThat(sumTo(64)).isEqualTo(2016);
                      }
                    } catch (Throwable e) {
                      failures.add(e);
                    }
                  }));
    }
    for (Thread t : callers) {
      t.join();
    }
    assertThat(failures).isEmpty();
    assertThat(seen).hasSizeLessThanOrEqualTo(4 + 2);
  }

  @Test
  void aWorkerRunsAtTheSameTimeAsTheCaller() {
    Workers.threads(2);
    meet();
  }

  private static void meet() {
    var both = new CountDownLatch(2);
    Workers.forRange(
        2,
        1,
        (_, _) -> {
          both.countDown();
          try {
            assertThat(both.await(10, TimeUnit.SECONDS)).isTrue();
          } catch (InterruptedException e) {
            throw new IllegalStateException(e);
          }
        });
  }

  @Test
  void aWorkerThatSleepsIsWoken() throws InterruptedException {
    Workers.threads(2);
    for (int round = 0; round < 20; round++) {
      meet();
      Thread.sleep(2);
    }
  }

  @Test
  void anInterruptIsKeptForTheCaller() {
    Workers.threads(2);
    Thread.currentThread().interrupt();
    assertThat(sumTo(1000)).isEqualTo(499_500);
    assertThat(Thread.interrupted()).isTrue();
  }

  @Test
  void theNumberOfThreadsChangesWhileLoopsRun() throws InterruptedException {
    Workers.threads(2);
    Thread caller =
        Thread.ofPlatform()
            .start(
                () -> {
                  for (int i = 0; i < 2000; i++) {
                    sumTo(32);
                  }
                });
    for (int i = 0; i < 50; i++) {
      Workers.threads(1 + i % 4);
      assertThat(sumTo(1000)).isEqualTo(499_500);
    }
    caller.join();
  }

  private static int sumTo(int n) {
    var sum = new AtomicInteger();
    Workers.forRange(
        n,
        3,
        (from, to) -> {
          int part = 0;
          for (int i = from; i < to; i++) {
            part += i;
          }
          sum.addAndGet(part);
        });
    return sum.get();
  }
}
