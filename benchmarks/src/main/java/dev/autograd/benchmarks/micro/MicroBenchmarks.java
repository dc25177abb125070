package dev.autograd.benchmarks.micro;

import java.io.PrintStream;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/// Times single operations and prints a row for each: `benchmark, params, threads, ns/op, GFLOP/s,
/// GB/s, share-of-limit, min-ns/op, max-ns/op, B/op`, with tabs between; `-` where nothing is
/// counted.
///
/// The time is the median of the iterations; B/op is what was allocated on the heap. A share above
/// 1 says that the data stayed in the caches, or that an algorithm does with less arithmetic.
///
/// Usage: `MicroBenchmarks [PATTERN [THREADS ...]]`; the pattern is a regular expression that must
/// be found in a benchmark's name and parameters. Each benchmark runs in a process of its own, with
/// the flags of this one, for about seven seconds.
public final class MicroBenchmarks {
  /// The vector loops of a large product are compiled after a few seconds.
  private static final int WARM_UP_ITERATIONS = 20;

  /// The program waits for the compiler, so that on a busy machine too the warm-up is one.
  private static final String WARM_UP_WHOLLY = "-XX:-BackgroundCompilation";

  private static final int ITERATIONS = 6;
  private static final TimeValue ITERATION = TimeValue.milliseconds(250);

  private MicroBenchmarks() {}

  /// Runs the program.
  public static void main(String[] args) throws RunnerException {
    List<String> threads =
        args.length > 1 ? Arrays.asList(args).subList(1, args.length) : List.of("1");
    if (!threads.stream().allMatch(t -> t.matches("[1-9][0-9]{0,3}"))) {
      System.err.println("usage: [PATTERN [THREADS ...]]");
      System.exit(2);
    }
    Pattern wanted = Pattern.compile(args.length > 0 ? args[0] : "");
    List<Case> cases =
        Case.all().stream().filter(c -> wanted.matcher(c.name() + " " + c.label()).find()).toList();
    if (cases.isEmpty()) {
      System.err.println("no benchmark has " + wanted + " in its name and parameters");
      System.exit(2);
    }
    PrintStream rows = System.out;
    System.setOut(System.err); // JMH passes on what the processes say.
    rows.println(
        "benchmark\tparams\tthreads\tns/op\tGFLOP/s\tGB/s\tshare-of-limit\tmin-ns/op\tmax-ns/op"
            + "\tB/op");
    for (String text : threads) {
      int count = Integer.parseInt(text);
      Limits limits = Limits.measure(count);
      System.err.printf(
          Locale.ROOT,
          "limits on %d threads: %.4g GFLOP/s f32, %.4g f64, read %.4g GB/s, copy %.4g GB/s%n",
          count,
          limits.flopsF32() * 1e-9,
          limits.flopsF64() * 1e-9,
          limits.read() * 1e-9,
          limits.copy() * 1e-9);
      for (Case c : cases) {
        print(rows, c, count, limits, run(c, count));
      }
    }
  }

  private static RunResult run(Case c, int threads) throws RunnerException {
    var options =
        new OptionsBuilder()
            .include("^" + Pattern.quote(c.family() + "." + c.method()) + "$")
            .mode(Mode.AverageTime)
            .timeUnit(TimeUnit.NANOSECONDS)
            .forks(1)
            .warmupIterations(WARM_UP_ITERATIONS)
            .warmupTime(ITERATION)
            .measurementIterations(ITERATIONS)
            .measurementTime(ITERATION)
            .jvmArgsAppend("-Dautograd.threads=" + threads, WARM_UP_WHOLLY)
            .addProfiler(GCProfiler.class)
            .shouldFailOnError(true)
            .verbosity(VerboseMode.SILENT);
    c.params().forEach(options::param);
    return new Runner(options.build()).runSingle();
  }

  private static void print(PrintStream out, Case c, int threads, Limits limits, RunResult result) {
    double[] nanos =
        result.getBenchmarkResults().stream()
            .flatMap(r -> r.getIterationResults().stream())
            .mapToDouble(i -> i.getPrimaryResult().getScore())
            .sorted()
            .toArray();
    double median = (nanos[(nanos.length - 1) / 2] + nanos[nanos.length / 2]) / 2;
    Work work = c.open().work(c.method());
    String rates =
        work.counted()
            ? String.format(
                Locale.ROOT,
                "%.4g\t%.4g\t%.3f",
                work.flops() / median,
                work.bytes() / median,
                work.secondsAt(limits) * 1e9 / median)
            : "-\t-\t-";
    out.printf(
        Locale.ROOT,
        "%s\t%s\t%d\t%.5g\t%s\t%.5g\t%.5g\t%.4g%n",
        c.name(),
        c.label(),
        threads,
        median,
        rates,
        nanos[0],
        nanos[nanos.length - 1],
        allocated(result));
  }

  private static double allocated(RunResult result) {
    var bytes = result.getSecondaryResults().get("gc.alloc.rate.norm");
    return bytes == null ? Double.NaN : bytes.getScore(); // No number, where the JVM counts none.
  }
}
