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
import java.util.stream.Stream;

/// W8: a whole process that takes 100 steps of W2 at batch 64, from before it is started.
///
/// Measured twice: with an archive of the classes, made beforehand, and without one.
public final class ProcessStart {
  static final String NAME = "W8_mlp_b64";
  private static final String WITHOUT = NAME + "_no_archive";

  /// What the line with the numbers begins with.
  private static final String MARK = NAME + "\t";

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
    System.out.println(MARK + first + "\t" + millisSince(start) + "\t" + peakMebibytes());
  }

  /// Starts the process six times with and without an archive, and once before to make it and to
  /// fill the caches.
  static void measure(String system, int threads, PrintStream out) {
    try {
      Path folder = Files.createTempDirectory("autograd-start");
      Path archive = folder.resolve("classes.jsa");
      List<String> archived =
          List.of("-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + archive);
      try {
        measure(system, NAME, threads, archived, out);
      } finally {
        Files.deleteIfExists(archive);
        Files.delete(folder);
      }
      measure(system, WITHOUT, threads, List.of(), out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void measure(
      String system, String name, int threads, List<String> flags, PrintStream out)
      throws IOException, InterruptedException {
    start(threads, flags);
    List<double[]> starts = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      starts.add(start(threads, flags));
    }
    String[] metrics = {
      "start_to_first_step_ms", "start_to_100_steps_ms", "max_rss_MiB", "wall_of_process_s"
    };
    for (int m = 0; m < metrics.length; m++) {
      int metric = m;
      double[] values = starts.stream().mapToDouble(v -> v[metric]).toArray();
      Workloads.print(out, name, system, threads, metrics[m], values);
    }
  }

  /// Starts one process; returns what it tells, and its whole time.
  static double[] start(int threads, List<String> flags) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.addAll(flags);
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(ProcessStart.class.getName(), String.valueOf(threads)));
    long start = nanos();
    command.add(String.valueOf(start));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    List<String> numbers =
        said.lines()
            .filter(line -> line.startsWith(MARK))
            .flatMap(line -> Stream.of(line.split("\t", -1)).skip(1))
            .toList();
    if (process.waitFor() != 0 || numbers.size() != 3) {
      throw new IOException(
          NAME + ": the process failed: " + String.join(" ", command) + "\n" + said);
    }
    return new double[] {
      Double.parseDouble(numbers.get(0)),
      Double.parseDouble(numbers.get(1)),
      Double.parseDouble(numbers.get(2)),
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
