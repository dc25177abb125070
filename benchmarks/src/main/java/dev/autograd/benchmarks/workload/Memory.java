package dev.autograd.benchmarks.workload;

import dev.autograd.Generator;
import dev.autograd.Tensor;
import dev.autograd.kernel.parallel.Workers;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/// Finds how much memory training takes at its peak: the smallest heap in which some steps run.
///
/// Each try is a process with the serial collector, which compacts, and almost no young generation,
/// so that nothing but what is alive takes room; the answer is exact to one mebibyte. What a
/// program takes that only computes with one element is taken off: `growth`.
///
/// Rows with tabs as of the other workloads: `workload, system, threads, metric, median, min, max`.
///
/// Usage: `Memory [PATTERN [THREADS]]`
public final class Memory {
  private static final String SYSTEM = "autograd";
  static final String NOTHING = "nothing";
  private static final String KINDS = "W[234].*";
  private static final int STEPS = 5;
  private static final int YOUNG = 1;
  private static final int MOST = 8192;

  /// What a process ends with whose heap is too small.
  private static final int TOO_SMALL = 3;

  private Memory() {}

  /// Runs the program, or with `--steps WORKLOAD THREADS` some steps of a workload.
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length == 3 && args[0].equals("--steps")) {
      Workers.threads(Integer.parseInt(args[2]));
      take(args[1]);
      return;
    }
    if (args.length > 2 || (args.length == 2 && !args[1].matches("[1-9][0-9]{0,3}"))) {
      System.err.println("usage: [PATTERN [THREADS]]");
      System.exit(2);
    }
    Pattern wanted = Pattern.compile("^(" + (args.length > 0 ? args[0] : "") + ")");
    String threads = args.length > 1 ? args[1] : "1";
    List<String> names =
        Workloads.all()
            .map(Workload::name)
            .filter(name -> name.matches(KINDS) && wanted.matcher(name).find())
            .toList();
    if (names.isEmpty()) {
      System.err.println("no workload of W2 to W4 begins with " + wanted);
      System.exit(2);
    }
    int base = smallest(NOTHING, threads);
    print(NOTHING, threads, "smallest_heap_MiB", base);
    for (String name : names) {
      int heap = smallest(name, threads);
      print(name, threads, "smallest_heap_MiB", heap);
      print(name, threads, "growth_MiB", heap - base);
    }
  }

  private static void print(String name, String threads, String metric, int value) {
    System.out.printf(
        Locale.ROOT,
        "%s\t%s\t%s\t%s\t%d\t%d\t%d%n",
        name,
        SYSTEM,
        threads,
        metric,
        value,
        value,
        value);
  }

  private static void take(String name) {
    try {
      Generator.global().manualSeed(1);
      if (name.equals(NOTHING)) {
        Tensor x = Tensor.ones(1).requiresGrad(true);
        x.mul(2).sum().backward();
        return;
      }
      Workload workload =
          Workloads.all().filter(w -> w.name().equals(name)).findFirst().orElseThrow();
      Workload.Step step = workload.setup().prepare();
      for (int i = 0; i < STEPS; i++) {
        step.run();
      }
    } catch (OutOfMemoryError _) {
      // Nothing may be allocated any more.
      Runtime.getRuntime().halt(TOO_SMALL);
    }
  }

  /// Returns the mebibytes of the smallest heap.
  private static int smallest(String name, String threads)
      throws IOException, InterruptedException {
    int tooSmall = 2;
    int enough = 8;
    while (!runs(name, threads, enough)) {
      tooSmall = enough;
      enough *= 2;
      if (enough > MOST) {
        throw new IOException("memory: " + name + " does not run in " + MOST + " MiB");
      }
    }
    while (enough - tooSmall > 1) {
      int middle = (enough + tooSmall) / 2;
      if (runs(name, threads, middle)) {
        enough = middle;
      } else {
        tooSmall = middle;
      }
    }
    return enough;
  }

  /// Tells whether the steps run in a heap of so many mebibytes.
  static boolean runs(String name, String threads, int mebibytes)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    for (String flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
      if (!flag.matches("-XX:[+]Use\\w+GC|-Xm[snx].*")) {
        command.add(flag);
      }
    }
    command.addAll(List.of("-XX:+UseSerialGC", "-Xmn" + YOUNG + "m", "-Xms" + mebibytes + "m"));
    command.addAll(List.of("-Xmx" + mebibytes + "m", "-Dautograd.simd=off"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.addAll(List.of(Memory.class.getName(), "--steps", name, threads));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    int status = process.waitFor();
    if (status == 0) {
      return true;
    }
    if (status == TOO_SMALL || said.contains("OutOfMemoryError") || said.contains("Too small")) {
      return false;
    }
    throw new IOException("memory: the process failed: " + String.join(" ", command) + "\n" + said);
  }
}
