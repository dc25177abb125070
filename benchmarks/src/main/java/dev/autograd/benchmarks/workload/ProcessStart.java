package dev.autograd.benchmarks.workload;

import dev.autograd.kernel.parallel.Workers;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.StringTokenizer;
import java.util.function.ToDoubleFunction;

/// W8: a whole process that takes 100 steps of W2 at batch 64, from before it is started.
public final class ProcessStart {
  static final String NAME = "W8_mlp_b64";

  private static final int STEPS = 100;
  private static final int STARTS = 6;

  private ProcessStart() {}

  /// Runs one such process: `ProcessStart THREADS NANOS`, the time at which it was started, since
  /// 1970.
  public static void main(String[] args) throws IOException {
    Workers.threads(Integer.parseInt(args[0]));
    long start = Long.parseLong(args[1]);
    Runnable step = Models.mlp(64);
    step.run();
    double first = millisSince(start);
    for (int i = 1; i < STEPS; i++) {
      step.run();
    }
    System.out.println(first + " " + millisSince(start) + " " + peakMebibytes());
  }

  /// Starts the process six times, and once before to fill the caches.
  static void measure(String system, int threads, PrintStream out) {
    try {
      start(threads);
      List<double[]> starts = new ArrayList<>();
      for (int i = 0; i < STARTS; i++) {
        starts.add(start(threads));
      }
      print(out, system, threads, "start_to_first_step_ms", starts, v -> v[0]);
      print(out, system, threads, "start_to_100_steps_ms", starts, v -> v[1]);
      print(out, system, threads, "max_rss_MiB", starts, v -> v[2]);
      print(out, system, threads, "wall_of_process_s", starts, v -> v[3]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void print(
      PrintStream out,
      String system,
      int threads,
      String metric,
      List<double[]> starts,
      ToDoubleFunction<double[]> value) {
    double[] values = starts.stream().mapToDouble(value).toArray();
    Workloads.print(out, NAME, system, threads, metric, values);
  }

  private static double[] start(int threads) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ProcessStart.class.getName(), String.valueOf(threads)));
    long start = nanos();
    command.add(String.valueOf(start));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.DISCARD).start();
    String line = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(NAME + ": the process failed: " + String.join(" ", command));
    }
    StringTokenizer numbers = new StringTokenizer(line);
    return new double[] {
      Double.parseDouble(numbers.nextToken()),
      Double.parseDouble(numbers.nextToken()),
      Double.parseDouble(numbers.nextToken()),
      millisSince(start) * 1e-3
    };
  }

  private static long nanos() {
    Instant now = Instant.now();
    return now.getEpochSecond() * 1_000_000_000L + now.getNano();
  }

  private static double millisSince(long start) {
    return (nanos() - start) * 1e-6;
  }

  /// Returns the most memory the process held, as Linux counts it; NaN elsewhere.
  private static double peakMebibytes() throws IOException {
    Path status = Path.of("/proc/self/status");
    if (!Files.exists(status)) {
      return Double.NaN;
    }
    for (String line : Files.readAllLines(status)) {
      if (line.startsWith("VmHWM:")) {
        return Double.parseDouble(line.replaceAll("[^0-9]", "")) / 1024;
      }
    }
    return Double.NaN;
  }
}
