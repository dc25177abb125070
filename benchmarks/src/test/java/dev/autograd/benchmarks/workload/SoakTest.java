package dev.autograd.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.autograd.Generator;
import dev.autograd.benchmarks.workload.Soak.Window;
import dev.autograd.kernel.KernelForms;
import dev.autograd.kernel.KernelForms.Form;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SoakTest {
  private static final int STEPS = 400;
  private static final long WARM_UP_NANOS = 60_000_000_000L;

  static Stream<Named<Supplier<Runnable>>> workloads() {
    return Soak.all().entrySet().stream().map(e -> Named.of(e.getKey(), e.getValue()));
  }

  private static List<Window> run(Runnable step) {
    return Soak.run("test", step, STEPS, new PrintStream(new ByteArrayOutputStream()));
  }

  @ParameterizedTest
  @MethodSource("workloads")
  void many_steps_keep_no_memory_and_no_kernels(Supplier<Runnable> workload) {
    Generator.global().manualSeed(1);
    Runnable step = workload.get();
    // What warms up late loads classes late.
    long end = System.nanoTime() + WARM_UP_NANOS;
    do {
      step.run();
    } while (KernelForms.now().containsValue(Form.WARMING) && System.nanoTime() < end);
    assertThat(Soak.faults(run(step), false)).isEmpty();
  }

  @Test
  void a_step_that_keeps_memory_is_found() {
    List<long[]> kept = new ArrayList<>();
    assertThat(Soak.faults(run(() -> kept.add(new long[1024])), false))
        .singleElement()
        .asString()
        .startsWith("bytes alive have grown");
    assertThat(kept).hasSize(STEPS);
  }

  private static List<Window> windows(double... millis) {
    List<Window> windows = new ArrayList<>();
    for (double m : millis) {
      windows.add(new Window(10, m, m, 1000, 5, 100));
    }
    return windows;
  }

  @Test
  void a_last_window_slower_by_more_than_a_tenth_of_the_best_is_found() {
    assertThat(Soak.faults(windows(3, 2, 1, 1.09), true)).isEmpty();
    assertThat(Soak.faults(windows(3, 1, 2, 1.11), true))
        .singleElement()
        .asString()
        .contains("1.110 ms", "1.000 ms");
    assertThat(Soak.faults(windows(3, 1, 2, 1.11), false)).isEmpty();
  }

  @Test
  void a_kernel_more_than_in_the_middle_is_found() {
    List<Window> windows =
        windows(Collections.nCopies(10, 1.0).stream().mapToDouble(m -> m).toArray());
    windows.set(9, new Window(10, 1, 1, 1000, 6, 100));
    assertThat(Soak.faults(windows, true))
        .singleElement()
        .asString()
        .isEqualTo("pointwise kernels have grown from 5 in the middle to 6");
  }
}
