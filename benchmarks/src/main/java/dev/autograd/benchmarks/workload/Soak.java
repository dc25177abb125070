package dev.autograd.benchmarks.workload;

import static dev.autograd.ops.loss.MseLoss.mseLoss;

import dev.autograd.Generator;
import dev.autograd.Tensor;
import dev.autograd.kernel.expr.PointwiseKernel;
import dev.autograd.nn.Linear;
import dev.autograd.optim.Adam;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/// Takes very many steps and tells whether they become slower or keep more and more memory.
///
/// The steps are cut into ten windows. After each, a row with tabs: workload, window, steps, median
/// and mean milliseconds of a step, bytes alive after a full collection, pointwise kernels known,
/// classes loaded.
///
/// Usage: `Soak [STEPS [PATTERN]]`. Exit status 1 if the last window's median is more than a tenth
/// above the best earlier one, or if memory, kernels or classes have grown since the middle.
public final class Soak {
  static final int WINDOWS = 10;
  private static final int STEPS = 100_000;
  private static final double SLOWER = 1.1;

  /// What the virtual machine itself may come to hold between two windows.
  private static final long SLACK_BYTES = 256 * 1024;

  private static final long SLACK_CLASSES = 20;
  private static final Pattern TOTAL = Pattern.compile("(?m)^Total +\\d+ +(\\d+)$");

  private Soak() {}

  /// What is known after a window.
  record Window(
      int steps, double medianMillis, double meanMillis, long live, int kernels, long classes) {}

  /// Runs the program.
  public static void main(String[] args) {
    if (args.length > 2 || (args.length > 0 && !args[0].matches("[1-9][0-9]{1,8}"))) {
      System.err.println("usage: [STEPS [PATTERN]], at least " + WINDOWS + " steps");
      System.exit(2);
    }
    int steps = args.length > 0 ? Integer.parseInt(args[0]) : STEPS;
    Pattern wanted = Pattern.compile(args.length > 1 ? args[1] : "");
    boolean known = false;
    boolean failed = false;
    System.out.println("workload\twindow\tsteps\tmedian-ms\tmean-ms\tlive-bytes\tkernels\tclasses");
    for (var workload : all().entrySet()) {
      if (wanted.matcher(workload.getKey()).find()) {
        known = true;
        Generator.global().manualSeed(1);
        List<Window> windows = run(workload.getKey(), workload.getValue().get(), steps, System.out);
        for (String fault : faults(windows, true)) {
          failed = true;
          System.err.println(workload.getKey() + ": " + fault);
        }
      }
    }
    if (!known) {
      System.err.println("no workload has " + wanted + " in its name: " + all().keySet());
      System.exit(2);
    }
    System.exit(failed ? 1 : 0);
  }

  /// Returns the workloads: W2, and one whose graph is another in every step.
  static Map<String, Supplier<Runnable>> all() {
    Map<String, Supplier<Runnable>> all = new LinkedHashMap<>();
    all.put("W2_mlp_b64", () -> Models.mlp(64));
    all.put("changing_shapes", ChangingShapes::new);
    return all;
  }

  /// Takes the steps and prints a row for each window.
  static List<Window> run(String name, Runnable step, int steps, PrintStream out) {
    List<Window> windows = new ArrayList<>();
    int each = steps / WINDOWS;
    for (int w = 1; w <= WINDOWS; w++) {
      long[] nanos = new long[each];
      for (int i = 0; i < each; i++) {
        long begin = System.nanoTime();
        step.run();
        nanos[i] = System.nanoTime() - begin;
      }
      double mean = Arrays.stream(nanos).average().orElse(Double.NaN) / 1e6;
      Arrays.sort(nanos);
      Window window =
          new Window(
              each,
              nanos[each / 2] / 1e6,
              mean,
              live(),
              PointwiseKernel.census().kernels(),
              ManagementFactory.getClassLoadingMXBean().getLoadedClassCount());
      windows.add(window);
      out.printf(
          Locale.ROOT,
          "%s\t%d\t%d\t%.4g\t%.4g\t%d\t%d\t%d%n",
          name,
          w,
          window.steps,
          window.medianMillis,
          window.meanMillis,
          window.live,
          window.kernels,
          window.classes);
    }
    return windows;
  }

  /// Returns what is wrong, in words.
  ///
  /// @param timing whether the time of a step counts too
  static List<String> faults(List<Window> windows, boolean timing) {
    List<String> faults = new ArrayList<>();
    Window middle = windows.get(windows.size() / 2 - 1);
    Window last = windows.getLast();
    double best =
        windows.subList(0, windows.size() - 1).stream()
            .mapToDouble(Window::medianMillis)
            .min()
            .orElse(Double.NaN);
    if (timing && last.medianMillis > best * SLOWER) {
      faults.add(
          String.format(
              Locale.ROOT,
              "a step takes %.4g ms in the last window, %.4g ms in the best one",
              last.medianMillis,
              best));
    }
    grown(faults, "bytes alive", middle.live, last.live, SLACK_BYTES);
    grown(faults, "pointwise kernels", middle.kernels, last.kernels, 0);
    grown(faults, "classes", middle.classes, last.classes, SLACK_CLASSES);
    return faults;
  }

  private static void grown(List<String> faults, String what, long middle, long last, long slack) {
    if (last > middle + slack) {
      faults.add("%s have grown from %d in the middle to %d".formatted(what, middle, last));
    }
  }

  /// Returns how much is alive: what a histogram counts, since a collector may leave some of the
  /// dead where they lie.
  private static long live() {
    try {
      String histogram =
          (String)
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      "gcClassHistogram",
                      new Object[] {new String[0]},
                      new String[] {String[].class.getName()});
      Matcher total = TOTAL.matcher(histogram);
      if (!total.find()) {
        throw new IllegalStateException("soak: a histogram without a total: " + histogram);
      }
      return Long.parseLong(total.group(1));
    } catch (JMException e) {
      throw new IllegalStateException("soak: this virtual machine makes no histograms", e);
    }
  }

  /// A training whose batch, width and depth change with every step, and return after some.
  private static final class ChangingShapes implements Runnable {
    private static final int MOST_LAYERS = 4;
    private static final int BATCHES = 7;
    private static final int CHAINS = 3;
    private static final int SIZE = 32;

    private final List<Linear> layers = new ArrayList<>();
    private final Adam optimizer;
    private int step;

    ChangingShapes() {
      Map<String, Tensor> parameters = new LinkedHashMap<>();
      for (int i = 0; i < MOST_LAYERS; i++) {
        Linear layer = new Linear(SIZE, SIZE);
        layers.add(layer);
        int n = i;
        layer.namedParameters().forEach((name, p) -> parameters.put(n + "." + name, p));
      }
      optimizer = Adam.adam(parameters, 1e-3, Adam.Options.DEFAULTS);
    }

    @Override
    public void run() {
      int batch = 1 + step % BATCHES * 5;
      int depth = 1 + step % MOST_LAYERS;
      int chain = 1 + step % CHAINS;
      // No constant of a formula is ever the same.
      double factor = 1 + 1e-6 * step++;
      Tensor x = Tensor.randn(batch, SIZE);
      Tensor y = x;
      for (Linear layer : layers.subList(0, depth)) {
        y = layer.forward(y);
        for (int i = 0; i < chain; i++) {
          y = y.mul(factor).tanh();
        }
      }
      optimizer.zeroGrad();
      mseLoss(y, x).backward();
      optimizer.step();
    }
  }
}
