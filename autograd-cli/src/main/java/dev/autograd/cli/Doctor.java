package dev.autograd.cli;

import dev.autograd.kernel.KernelForms.Form;
import dev.autograd.kernel.Simd;
import dev.autograd.kernel.parallel.Workers;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// Judges what decides how fast it runs.
final class Doctor {
  private static final String SIMD = "autograd.simd";
  private static final String THREADS = "autograd.threads";

  /// Something that is off.
  ///
  /// @param about what it is
  /// @param todo the next step
  record Advice(String about, String todo) {}

  private final Processor processor;
  private final Map<String, Form> kernels;
  private final boolean threadsAsked;

  Doctor(Processor processor, Map<String, Form> kernels, boolean threadsAsked) {
    this.processor = processor;
    this.kernels = kernels;
    this.threadsAsked = threadsAsked;
  }

  /// Returns what is so, by name.
  Map<String, String> facts() {
    Map<String, String> facts = new LinkedHashMap<>();
    facts.put("processor", processorLine());
    facts.put(
        "vector module",
        Simd.available()
            ? "present; the widest vectors of this virtual machine have " + Simd.widest() + " bits"
            : "absent");
    facts.put("vector loops", Simd.description());
    facts.put(
        "compiler",
        VmFlag.optimising() ? "optimising (C2)" : "NOT optimising: vectors cannot become fast");
    facts.put("flags", flagsLine());
    facts.put("threads", Workers.threads() + ": " + threadsReason());
    facts.put("processors", String.valueOf(Runtime.getRuntime().availableProcessors()));
    facts.put(
        "memory",
        "%d MiB at most, %s"
            .formatted(
                Runtime.getRuntime().maxMemory() >> 20,
                VmFlag.heapSet() ? "as set" : "Java's choice, by default a quarter of all"));
    return facts;
  }

  private String processorLine() {
    return processor.model()
        + (processor.bits() == 0
            ? ", vectors unknown"
            : ", vectors of up to %d bits (%s)"
                .formatted(processor.bits(), String.join(" ", processor.vectors())));
  }

  private static String flagsLine() {
    List<String> missing =
        VmFlag.recommended().stream().filter(f -> !f.set()).map(VmFlag::flag).toList();
    return missing.isEmpty() ? "as recommended" : "missing " + String.join(" ", missing);
  }

  private String threadsReason() {
    if (threadsAsked) {
      return "set by --threads";
    }
    return Integer.getInteger(THREADS) == null
        ? "one for each processor that Java may use"
        : "set by " + THREADS;
  }

  /// Returns what is off, the worst first; empty if all is well.
  List<Advice> advice() {
    List<Advice> all = new ArrayList<>();
    vectors(all);
    if (!VmFlag.optimising()) {
      all.add(
          new Advice(
              "the optimising compiler is off", "Leave out -Xint and -XX:TieredStopAtLevel."));
    }
    for (VmFlag flag : VmFlag.recommended()) {
      if (!flag.set()) {
        all.add(new Advice("a flag is missing: " + flag.why(), "Add " + flag.flag()));
      }
    }
    int processors = Runtime.getRuntime().availableProcessors();
    if (Workers.threads() > processors) {
      all.add(
          new Advice(
              "%d threads share %d processors".formatted(Workers.threads(), processors),
              "Leave out --threads and " + THREADS + ", or name at most " + processors + "."));
    }
    return all;
  }

  private void vectors(List<Advice> all) {
    if (!Simd.available()) {
      all.add(
          new Advice(
              "the vector module is absent: kernels are plain Java, five to twenty times slower",
              "Add --add-modules jdk.incubator.vector"));
      return;
    }
    if (!Simd.live()) {
      all.add(
          new Advice(
              "vectors are switched off",
              "Leave out --simd off and -D" + SIMD + "=off, unless plain Java is what you test."));
      return;
    }
    if (Simd.bits() > Simd.widest()) {
      all.add(
          new Advice(
              "vectors of %d bits are emulated, slower than plain Java".formatted(Simd.bits()),
              "Leave out --simd and -D" + SIMD + ", or name at most " + Simd.widest() + "."));
    } else if (Simd.bits() < Simd.widest()) {
      all.add(
          new Advice(
              "vectors have %d bits where %d are there".formatted(Simd.bits(), Simd.widest()),
              "Compare both with benchmarks/species before you leave it so."));
    } else if (processor.bits() > Simd.widest()) {
      all.add(
          new Advice(
              "the virtual machine uses %d of the processor's %d bits"
                  .formatted(Simd.widest(), processor.bits()),
              "Leave out -XX:UseAVX and -XX:MaxVectorSize; on some processors it is Java's choice,"
                  + " and no loss."));
    }
    String waiting = families(Form.WARMING, Form.UNUSED);
    if (!waiting.isEmpty()) {
      all.add(
          new Advice(
              "vectors have not proved faster than plain Java yet: " + waiting,
              "Wait longer with --wait 60; on a busy machine it takes its time."));
    }
    String refused = families(Form.REFUSED);
    if (!refused.isEmpty()) {
      all.add(
          new Advice(
              "vectors never proved faster than plain Java, which stays: " + refused,
              "Set the width by hand with --simd " + Simd.widest() + " and compare."));
    }
  }

  private String families(Form... forms) {
    return kernels.entrySet().stream()
        .filter(e -> List.of(forms).contains(e.getValue()))
        .map(Map.Entry::getKey)
        .sorted()
        .collect(Collectors.joining("; "));
  }
}
