package dev.autograd.cli;

import dev.autograd.kernel.KernelForms.Form;
import dev.autograd.spi.OpRegistry;
import dev.autograd.train.json.JsonObject;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Shows what decides how fast and whether it runs, what is off, and what to do about it.
@Command(
    name = "doctor",
    description = "Show versions, machine, how kernels run, and what to mend.")
final class DoctorCommand implements Runnable {
  private final RootCommand root;

  @Option(
      names = "--wait",
      paramLabel = "SECONDS",
      defaultValue = "10",
      description = "Try the kernels for so long until vectors are in use (default: 10).")
  int seconds;

  DoctorCommand(RootCommand root) {
    this.root = root;
  }

  @Override
  public void run() {
    if (seconds < 0) {
      throw new CommandException(ExitStatus.USAGE, "--wait: must not be negative, got " + seconds);
    }
    Map<String, Form> kernels = KernelTrial.run(Duration.ofSeconds(seconds));
    Doctor doctor = new Doctor(Processor.ofThisMachine(), kernels, root.threads != null);
    Map<String, String> facts = facts();
    facts.putAll(doctor.facts());
    Map<String, Integer> plugins = new TreeMap<>();
    for (OpRegistry.Entry entry : root.registry().entries()) {
      plugins.merge(entry.provider(), 1, Integer::sum);
    }
    if (root.json()) {
      print(facts, kernels, plugins, doctor.advice());
      return;
    }
    facts.forEach(this::line);
    Map<Form, List<String>> byForm = new TreeMap<>();
    kernels.forEach((name, f) -> byForm.computeIfAbsent(f, _ -> new ArrayList<>()).add(name));
    byForm.forEach((form, names) -> line("kernels", said(form) + ": " + String.join("; ", names)));
    plugins.forEach((name, count) -> line("plugin", name + ": " + count + " operations"));
    root.out.println();
    if (doctor.advice().isEmpty()) {
      root.out.println("All is well.");
    }
    for (Doctor.Advice advice : doctor.advice()) {
      root.out.printf("%s%n  %s%n", advice.about(), advice.todo());
    }
  }

  private Map<String, String> facts() {
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
    facts.put(
        "working folder",
        root.folder.toAbsolutePath().normalize()
            + (Files.isWritable(root.folder.toAbsolutePath()) ? ", writable" : ", NOT writable"));
    return facts;
  }

  private void line(String name, String value) {
    root.out.printf("%-15s %s%n", name, value);
  }

  private static String said(Form form) {
    return switch (form) {
      case PLAIN -> "plain Java";
      case UNUSED -> "not tried";
      case WARMING -> "plain Java, warming up";
      case REFUSED -> "plain Java for good";
      case VECTOR -> "vectors";
    };
  }

  private void print(
      Map<String, String> facts,
      Map<String, Form> kernels,
      Map<String, Integer> plugins,
      List<Doctor.Advice> advice) {
    JsonObject result = RootCommand.result();
    facts.forEach(result::put);
    JsonObject forms = result.putObject("kernels");
    kernels.forEach((name, form) -> forms.put(name, form.name().toLowerCase(Locale.ROOT)));
    JsonObject counts = result.putObject("operations");
    plugins.forEach((name, count) -> counts.put(name, (long) count));
    result.put(
        "advice",
        advice.stream()
            .map(a -> new JsonObject().put("about", a.about()).put("todo", a.todo()))
            .toList());
    root.print(result);
  }
}
