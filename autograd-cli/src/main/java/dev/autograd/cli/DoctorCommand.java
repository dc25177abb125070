package dev.autograd.cli;

import dev.autograd.kernel.Simd;
import dev.autograd.kernel.parallel.Workers;
import dev.autograd.spi.OpRegistry;
import dev.autograd.train.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;

/// Shows what decides how fast and whether it runs, for bug reports.
@Command(name = "doctor", description = "Show versions, machine, vector loops and plugins.")
final class DoctorCommand implements Runnable {
  private static final long MEBIBYTE = 1 << 20;

  private final RootCommand root;

  DoctorCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public void run() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("autograd", ProgramVersion.number());
    facts.put("java", System.getProperty("java.vm.name") + " " + Runtime.version());
    facts.put("java home", System.getProperty("java.home"));
    facts.put(
        "java flags", String.join(" ", ManagementFactory.getRuntimeMXBean().getInputArguments()));
    facts.put(
        "system",
        "%s %s, %s"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.version"),
                System.getProperty("os.arch")));
    facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put("threads", String.valueOf(Workers.threads()));
    facts.put("vector loops", Simd.description());
    facts.put("memory", Runtime.getRuntime().maxMemory() / MEBIBYTE + " MiB at most");
    facts.put(
        "working folder",
        root.folder.toAbsolutePath().normalize()
            + (Files.isWritable(root.folder.toAbsolutePath()) ? ", writable" : ", NOT writable"));
    Map<String, Integer> plugins = new TreeMap<>();
    for (OpRegistry.Entry entry : root.registry().entries()) {
      plugins.merge(entry.provider(), 1, Integer::sum);
    }
    if (root.json()) {
      JsonObject result = RootCommand.result();
      facts.forEach(result::put);
      JsonObject counts = result.putObject("operations");
      plugins.forEach((name, count) -> counts.put(name, (long) count));
      root.print(result);
      return;
    }
    facts.forEach((name, value) -> root.out.printf("%-15s %s%n", name, value));
    plugins.forEach(
        (name, count) -> root.out.printf("%-15s %s: %d operations%n", "plugin", name, count));
  }
}
