package dev.autograd.benchmarks.workload;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What is measured in processes of its own.
class ProcessesTest {

  @Test
  void a_start_tells_first_step_and_all_steps_and_memory_and_its_whole_time()
      throws IOException, InterruptedException {
    double[] told = ProcessStart.start(1, List.of());
    assertThat(told).hasSize(4).doesNotContain(0);
    assertThat(told[0]).isPositive().isLessThan(told[1]);
    assertThat(told[1] * 1e-3).isLessThan(told[3]);
  }

  @Test
  void a_program_runs_in_a_heap_that_is_large_enough_only()
      throws IOException, InterruptedException {
    assertThat(Memory.runs(Memory.NOTHING, "1", 32)).isTrue();
    assertThat(Memory.runs("W2_mlp_b64", "1", 4)).isFalse();
  }
}
