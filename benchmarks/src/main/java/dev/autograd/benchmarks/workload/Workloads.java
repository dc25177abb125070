package dev.autograd.benchmarks.workload;

import dev.autograd.Generator;
import dev.autograd.kernel.parallel.Workers;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Times the workloads and prints a row for each number: `workload, system, threads, metric,
/// median, min, max`, with tabs between.
///
/// Usage: `Workloads THREADS [PATTERN]`; the pattern is a regular expression that the start of a
/// workload's name must match.
public final class Workloads {
  private static final String SYSTEM = "autograd";
  private static final long WARM_UP_NANOS = 4_000_000_000L;
  private static final long WARM_UP_AT_MOST_NANOS = 30_000_000_000L;
  private static final int WARM_UP_STEPS = 10;

  /// A step counts as faster than all before if it takes less than this share of their best.
  private static final double STEADY = 0.97;

  private static final long TIMED_NANOS = 2_000_000_000L;
  private static final int TIMED_STEPS_AT_LEAST = 20;
  private static final int TIMED_STEPS_AT_MOST = 1000;

  private Workloads() {}

  /// Runs the program.
  public static void main(String[] args) {
    if (args.length < 1 || args.length > 2 || !args[0].matches("[1-9][0-9]{0,3}")) {
      System.err.println("usage: THREADS [PATTERN]");
      System.exit(2);
    }
    Workers.threads(Integer.parseInt(args[0]));
    Pattern wanted = Pattern.compile("^(" + (args.length > 1 ? args[1] : "") + ")");
    List<Workload> all = all().filter(w -> wanted.matcher(w.name()).find()).toList();
    if (wanted.matcher(ProcessStart.NAME).find()) {
      ProcessStart.measure(SYSTEM, Workers.threads(), System.out);
    } else if (all.isEmpty()) {
      System.err.println("no workload's name begins with " + wanted);
      System.exit(2);
    }
    all.forEach(w -> measure(w, System.out));
  }

  /// Returns every workload but W8, which is a process of its own.
  static Stream<Workload> all() {
    return Stream.of(Chains.all(), Models.all(), Products.all(), Passes.all()).flatMap(s -> s);
  }

  private static void measure(Workload w, PrintStream out) {
    Generator.global().manualSeed(1);
    Workload.Step step = w.setup().prepare();
    warmUp(step);
    List<double[]> taken = new ArrayList<>();
    long start = System.nanoTime();
    while (taken.size() < TIMED_STEPS_AT_LEAST
        || (System.nanoTime() - start < TIMED_NANOS && taken.size() < TIMED_STEPS_AT_MOST)) {
      taken.add(step.run());
    }
    for (int m = 0; m < w.metrics().size(); m++) {
      int metric = m;
      double[] values =
          taken.stream()
              .mapToDouble(t -> w.rate() ? w.unit() / t[metric] : t[metric] * w.unit())
              .toArray();
      print(out, w.name(), SYSTEM, Workers.threads(), w.metrics().get(m), values);
    }
  }

  /// Runs until steps have become no faster for a while: the virtual machine compiles as it goes.
  private static void warmUp(Workload.Step step) {
    long start = System.nanoTime();
    long best = Long.MAX_VALUE;
    long improved = start;
    for (int i = 0; ; i++) {
      long begin = System.nanoTime();
      boolean steady = i >= WARM_UP_STEPS && begin - improved > WARM_UP_NANOS;
      if (steady || begin - start > WARM_UP_AT_MOST_NANOS) {
        return;
      }
      step.run();
      long taken = System.nanoTime() - begin;
      if (taken < best * STEADY) {
        best = taken;
        improved = System.nanoTime();
      }
    }
  }

  static void print(
      PrintStream out, String workload, String system, int threads, String metric, double[] all) {
    double[] v = all.clone();
    Arrays.sort(v);
    out.printf(
        Locale.ROOT,
        "%s\t%s\t%d\t%s\t%.5g\t%.5g\t%.5g%n",
        workload,
        system,
        threads,
        metric,
        v[v.length / 2],
        v[0],
        v[v.length - 1]);
  }
}
