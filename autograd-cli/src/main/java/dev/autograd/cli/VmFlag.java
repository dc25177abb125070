package dev.autograd.cli;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// A flag of the virtual machine that a program which computes should have.
///
/// @param flag as it is given to `java`
/// @param why what it is good for
/// @param set whether it is in force
record VmFlag(String flag, String why, boolean set) {
  static final String PARALLEL = "-XX:+UseParallelGC";
  static final String COMPACT = "-XX:+UseCompactObjectHeaders";
  static final String EARLY =
      "-XX:CompileCommand=CompileThresholdScaling,dev/autograd/kernel/*.*,0.05";

  /// The highest tier, that of the optimising compiler.
  private static final int OPTIMISING = 4;

  /// Returns the recommended flags; the vector module is not among them.
  static List<VmFlag> recommended() {
    String command = String.valueOf(option("CompileCommand"));
    return List.of(
        new VmFlag(
            PARALLEL, "arrays that die in their step are freed soonest", on("UseParallelGC")),
        new VmFlag(
            COMPACT, "recorded operations take 15 % less memory", on("UseCompactObjectHeaders")),
        new VmFlag(
            EARLY, "vector loops are compiled early", command.contains("CompileThresholdScaling")));
  }

  /// Returns whether there is a compiler that makes vectors fast.
  static boolean optimising() {
    String last = option("TieredStopAtLevel");
    return !System.getProperty("java.vm.info", "").contains("interpreted")
        && (last == null || Integer.parseInt(last) >= OPTIMISING);
  }

  /// Returns whether the greatest size of the heap was set, not chosen.
  static boolean heapSet() {
    return ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
        .anyMatch(
            a ->
                a.startsWith("-Xmx")
                    || a.startsWith("-XX:MaxHeapSize")
                    || a.startsWith("-XX:MaxRAMPercentage"));
  }

  private static boolean on(String name) {
    return Boolean.parseBoolean(option(name));
  }

  /// Returns the value of an option of this virtual machine, if it has it.
  private static @Nullable String option(String name) {
    var hotspot = ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class);
    if (hotspot == null) {
      return null;
    }
    try {
      return hotspot.getVMOption(name).getValue();
    } catch (IllegalArgumentException _) {
      return null; // This virtual machine does not know it.
    }
  }
}
