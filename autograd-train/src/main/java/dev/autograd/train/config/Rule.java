package dev.autograd.train.config;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/// What may stand at a place of the configuration.
public sealed interface Rule {
  /// Says what is expected, for a message.
  String expected();

  /// A whole number of a range, both ends included.
  record WholeNumber(long least, long most) implements Rule {
    @Override
    public String expected() {
      return "a whole number"
          + (most == Long.MAX_VALUE
              ? least == Long.MIN_VALUE ? "" : " of at least " + least
              : " from " + least + " to " + most);
    }
  }

  /// A finite number of a range.
  ///
  /// @param aboveLeast whether `least` itself is excluded
  /// @param belowMost whether `most` itself is excluded
  record RealNumber(double least, boolean aboveLeast, double most, boolean belowMost)
      implements Rule {
    boolean allows(double value) {
      return Double.isFinite(value)
          && (aboveLeast ? value > least : value >= least)
          && (belowMost ? value < most : value <= most);
    }

    @Override
    public String expected() {
      String from =
          least == Double.NEGATIVE_INFINITY
              ? ""
              : (aboveLeast ? " above " : " of at least ") + least;
      String to =
          most == Double.POSITIVE_INFINITY ? "" : (belowMost ? " below " : " of at most ") + most;
      return "a number" + from + (from.isEmpty() || to.isEmpty() ? "" : " and") + to;
    }
  }

  /// `true` or `false`.
  record Truth() implements Rule {
    @Override
    public String expected() {
      return "true or false";
    }
  }

  /// Any text.
  record Text() implements Rule {
    @Override
    public String expected() {
      return "a text";
    }
  }

  /// A path; relative ones start at the folder of the file they stand in, or the working directory.
  record FilePath() implements Rule {
    @Override
    public String expected() {
      return "a path";
    }
  }

  /// One of some words.
  record OneOf(List<String> words) implements Rule {
    @Override
    public String expected() {
      return "one of " + String.join(", ", words);
    }
  }

  /// A span of time: seconds, or `90s`, `10m`, `1h30m`.
  record Time() implements Rule {
    @Override
    public String expected() {
      return "a time such as 90s, 10m or 1h30m";
    }
  }

  /// A list, each item by the same rule.
  record ListOf(Rule item) implements Rule {
    @Override
    public String expected() {
      return "a list, each item " + item.expected();
    }
  }

  /// Keys with values.
  record Section(List<ConfigKey> keys) implements Rule {
    @Override
    public String expected() {
      return "a section with keys";
    }
  }

  /// A section whose key `type` decides which other keys there are. The type alone may stand in its
  /// place.
  ///
  /// @param shared keys that all types have
  /// @param variants the further keys of each type
  record Choice(List<ConfigKey> shared, Map<String, List<ConfigKey>> variants) implements Rule {
    static final String TAG = "type";

    @Override
    public String expected() {
      return "one of " + String.join(", ", variants.keySet());
    }

    List<ConfigKey> keysOf(String type) {
      List<ConfigKey> own = variants.getOrDefault(type, List.of());
      return Stream.concat(own.stream(), shared.stream()).toList();
    }
  }

  /// Whatever stands there; read by others.
  record Anything(String expected) implements Rule {}

  /// Finds a key by its full name, such as `optimizer.lr`.
  static Optional<ConfigKey> find(List<ConfigKey> top, String path) {
    return Optional.ofNullable(all(top).get(path));
  }

  /// Lists all keys by their full names; the types of a choice share their keys.
  static Map<String, ConfigKey> all(List<ConfigKey> top) {
    Map<String, ConfigKey> found = new LinkedHashMap<>();
    collect(top, "", found);
    return found;
  }

  private static void collect(List<ConfigKey> keys, String prefix, Map<String, ConfigKey> found) {
    for (ConfigKey key : keys) {
      found.putIfAbsent(prefix + key.name(), key);
      String below = prefix + key.name() + ".";
      switch (key.rule()) {
        case Section s -> collect(s.keys, below, found);
        case Choice c -> c.variants.keySet().forEach(type -> collect(c.keysOf(type), below, found));
        case WholeNumber r -> {}
        case RealNumber r -> {}
        case Truth r -> {}
        case Text r -> {}
        case FilePath r -> {}
        case OneOf r -> {}
        case Time r -> {}
        case ListOf r -> {}
        case Anything r -> {}
      }
    }
  }

  /// Lists the names of keys.
  static List<String> names(List<ConfigKey> keys) {
    return keys.stream().map(ConfigKey::name).toList();
  }
}
