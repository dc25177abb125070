package dev.autograd.train.config;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Finds the keys by which two configurations differ.
final class SettingsComparison {
  private SettingsComparison() {}

  /// A key with its values.
  record Difference(String path, String before, String after) {}

  static List<Difference> of(Settings before, Settings after) {
    List<Difference> found = new ArrayList<>();
    compare("", before, after, found);
    return found;
  }

  /// Sections are nested as deep as the schema is.
  private static void compare(
      String prefix, Settings before, Settings after, List<Difference> found) {
    Set<String> names = new LinkedHashSet<>(before.names());
    names.addAll(after.names());
    for (String name : names) {
      Object a = before.raw(name);
      Object b = after.raw(name);
      if (a instanceof Settings left && b instanceof Settings right) {
        compare(prefix + name + ".", left, right, found);
      } else if (!Objects.equals(plain(a), plain(b))) {
        found.add(new Difference(prefix + name, shown(a), shown(b)));
      }
    }
  }

  /// Compares YAML by what it says, not by where it stands.
  private static @Nullable Object plain(@Nullable Object value) {
    return value instanceof YamlNode node ? ResolvedYaml.text(node) : value;
  }

  private static String shown(@Nullable Object value) {
    return switch (value) {
      case null -> "nothing";
      case YamlNode node -> node.describe();
      default -> value.toString();
    };
  }
}
