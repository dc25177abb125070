package dev.autograd.benchmarks.workload;

import java.util.List;

/// Something whose steps are timed.
///
/// @param name the workload, such as `W2_mlp_b64`
/// @param metrics one for each number of a step, such as `ms/step`
/// @param unit what the seconds of a step are multiplied with; for a rate, what is divided by them
/// @param rate whether the metrics are rates
/// @param setup makes the data and returns the step
record Workload(String name, List<String> metrics, double unit, boolean rate, Setup setup) {

  /// Makes the data of a workload.
  @FunctionalInterface
  interface Setup {
    /// Returns the step to be repeated.
    Step prepare();
  }

  /// One step.
  @FunctionalInterface
  interface Step {
    /// Runs once; returns the seconds of each metric.
    double[] run();
  }

  /// A workload of one metric, milliseconds, whose steps are timed from outside.
  static Workload millis(String name, String metric, java.util.function.Supplier<Runnable> setup) {
    return new Workload(
        name,
        List.of(metric),
        1e3,
        false,
        () -> {
          Runnable body = setup.get();
          return () -> {
            long start = System.nanoTime();
            body.run();
            return new double[] {seconds(start, System.nanoTime())};
          };
        });
  }

  static double seconds(long from, long to) {
    return (to - from) * 1e-9;
  }
}
