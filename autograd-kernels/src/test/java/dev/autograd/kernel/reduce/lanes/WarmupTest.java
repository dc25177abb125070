package dev.autograd.kernel.reduce.lanes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.autograd.kernel.KernelForms;
import dev.autograd.kernel.Simd;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class WarmupTest {

  private static Runnable pause(AtomicInteger calls, long nanos) {
    return () -> {
      calls.incrementAndGet();
      LockSupport.parkNanos(nanos);
    };
  }

  private static void automatic() {
    assumeTrue(Simd.live() && System.getProperty("autograd.simd", "auto").equals("auto"));
  }

  private static boolean hotWithin(Warmup choice, long millis) throws InterruptedException {
    for (long end = System.currentTimeMillis() + millis; System.currentTimeMillis() < end; ) {
      if (choice.hot()) {
        return true;
      }
      Thread.sleep(5);
    }
    return false;
  }

  @Test
  void theVectorFormIsTakenOnceItWins() throws InterruptedException {
    automatic();
    var calls = new AtomicInteger();
    var choice = new Warmup("quick", () -> {}, pause(calls, 200_000));
    assertThat(calls).hasValue(0);
    assertThat(KernelForms.now()).containsEntry("quick", KernelForms.Form.UNUSED);
    assertThat(hotWithin(choice, 10_000)).isTrue();
    assertThat(calls.get()).isPositive();
    assertThat(KernelForms.now()).containsEntry("quick", KernelForms.Form.VECTOR);
  }

  @Test
  void aVectorFormThatWinsGoesBeforeThoseThatHaveLost() throws InterruptedException {
    automatic();
    List<AtomicInteger> tried = Stream.generate(AtomicInteger::new).limit(5).toList();
    for (AtomicInteger calls : tried) {
      assertThat(new Warmup("slow", pause(calls, 200_000), () -> {}).hot()).isFalse();
    }
    while (tried.stream().anyMatch(calls -> calls.get() == 0)) {
      Thread.sleep(5);
    }
    // A second turn for each of the five would take five seconds.
    var late = new Warmup("late", () -> {}, pause(new AtomicInteger(), 200_000));
    assertThat(hotWithin(late, 3_000)).isTrue();
  }

  @Test
  void aVectorFormThatLosesIsNotTaken() throws InterruptedException {
    automatic();
    var calls = new AtomicInteger();
    var choice = new Warmup("slow", pause(calls, 200_000), () -> {});
    // Other families may have their turns first.
    for (int i = 0; i < 300 && calls.get() <= 20; i++) {
      assertThat(hotWithin(choice, 100)).isFalse();
    }
    assertThat(calls.get()).isGreaterThan(20);
    assertThat(hotWithin(choice, 500)).isFalse();
    assertThat(KernelForms.now()).containsEntry("slow", KernelForms.Form.WARMING);
  }
}
