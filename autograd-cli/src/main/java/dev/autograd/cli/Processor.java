package dev.autograd.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/// What the operating system tells of the processor; Linux does, others leave it unknown.
///
/// @param model its name
/// @param vectors its instruction sets for vectors, narrowest first
/// @param bits the width of its widest vectors, 0 if unknown
record Processor(String model, List<String> vectors, int bits) {
  private static final Path FILE = Path.of("/proc/cpuinfo");

  /// Returns that of this machine.
  static Processor ofThisMachine() {
    try {
      return Files.isReadable(FILE) ? of(Files.readAllLines(FILE)) : of(List.of());
    } catch (IOException _) {
      return of(List.of());
    }
  }

  /// Reads lines `name : value`.
  static Processor of(List<String> lines) {
    String model = value(lines, "model name");
    // x86 calls them flags, ARM features.
    Set<String> flags = Set.copyOf(List.of(value(lines, "flags").split(" +", -1)));
    if (flags.size() <= 1) {
      flags = Set.copyOf(List.of(value(lines, "Features").split(" +", -1)));
    }
    List<String> vectors = new ArrayList<>();
    int bits = 0;
    for (Known known : KNOWN) {
      if (flags.contains(known.name)) {
        vectors.add(known.name);
        bits = Math.max(bits, known.bits);
      }
    }
    return new Processor(
        model.isEmpty() ? System.getProperty("os.arch") : model, List.copyOf(vectors), bits);
  }

  /// An instruction set.
  private record Known(String name, int bits) {}

  private static final List<Known> KNOWN =
      List.of(
          new Known("sse4_2", 128),
          new Known("asimd", 128),
          new Known("sve", 128),
          new Known("avx", 256),
          new Known("avx2", 256),
          new Known("fma", 256),
          new Known("avx512f", 512));

  private static String value(List<String> lines, String name) {
    return lines.stream()
        .filter(line -> line.startsWith(name))
        .map(line -> line.substring(line.indexOf(':') + 1).trim())
        .findFirst()
        .orElse("");
  }
}
