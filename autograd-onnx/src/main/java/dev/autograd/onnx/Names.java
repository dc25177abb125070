package dev.autograd.onnx;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// Hands out names, each once.
final class Names {
  private static final Pattern NOT_PLAIN = Pattern.compile("[^A-Za-z0-9_./]");

  private final Set<String> taken = new HashSet<>();
  private final Map<String, Integer> next = new HashMap<>();

  /// Takes a name as it is. Tells whether it was free.
  boolean reserve(String name) {
    return taken.add(name);
  }

  /// Returns the wanted name in a spelling that every tool reads, with a number if it is taken.
  String fresh(String wanted) {
    String name = sanitized(wanted);
    if (taken.add(name)) {
      return name;
    }
    // Counting goes on from the last number, or a million equal names would take forever.
    int number = next.getOrDefault(name, 1);
    String numbered;
    do {
      numbered = name + "_" + ++number;
    } while (!taken.add(numbered));
    next.put(name, number);
    return numbered;
  }

  static String sanitized(String wanted) {
    return wanted.isEmpty() ? "unnamed" : NOT_PLAIN.matcher(wanted).replaceAll("_");
  }
}
