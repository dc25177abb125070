package dev.autograd.train.config;

import dev.autograd.train.Place;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A piece of YAML that knows where it stands.
public sealed interface YamlNode {
  /// Returns where it starts.
  Place place();

  /// Names it for a message: `text 'ten'`, `a list`.
  String describe();

  /// A single value.
  ///
  /// @param value a `Long`, `Double`, `Boolean` or `String` by the YAML 1.2 core schema, or null
  /// @param text as it was written, quotes removed
  record Scalar(@Nullable Object value, String text, Place place) implements YamlNode {
    @Override
    public String describe() {
      return switch (value) {
        case null -> "nothing";
        case String s -> "text '" + (s.length() <= 60 ? s : s.substring(0, 60) + "...") + "'";
        default -> text;
      };
    }
  }

  /// A list.
  record Sequence(List<YamlNode> items, Place place) implements YamlNode {
    public Sequence {
      items = List.copyOf(items);
    }

    @Override
    public String describe() {
      return "a list";
    }
  }

  /// Keys with values, in the order they were written.
  record Mapping(Map<String, Field> fields, Place place) implements YamlNode {
    public Mapping {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    /// Returns the value of a key, or null.
    public @Nullable YamlNode get(String key) {
      Field field = fields.get(key);
      return field == null ? null : field.value();
    }

    @Override
    public String describe() {
      return "a section with the keys " + String.join(", ", fields.keySet());
    }
  }

  /// A key with its value.
  ///
  /// @param place where the key stands
  record Field(Place place, YamlNode value) {}
}
