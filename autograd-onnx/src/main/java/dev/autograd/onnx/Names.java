package dev.autograd.onnx;

import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;

/// Hands out names, each once.
final class Names {
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
    StringBuilder name = new StringBuilder(wanted.length());
    for (int i = 0; i < wanted.length(); i++) {
      char c = wanted.charAt(i);
      boolean plain =
          c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || "_./".indexOf(c) >= 0;
      name.append(plain ? c : '_');
    }
    return name.isEmpty() ? "unnamed" : name.toString();
  }
}
