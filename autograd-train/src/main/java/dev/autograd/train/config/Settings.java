package dev.autograd.train.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Checked values of a section, by key; what a rule allows to be missing is empty.
///
/// Asking for a key that the section does not have, or for another type than its rule says, is a
/// programming error and throws `IllegalArgumentException`.
public final class Settings {
  private final Map<String, Object> values;

  Settings(Map<String, Object> values) {
    this.values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
  }

  /// Returns the value of the key `type`.
  public String type() {
    return text("type");
  }

  /// Tells whether there is a value.
  public boolean has(String key) {
    return values.containsKey(key);
  }

  /// Returns a whole number.
  public long wholeNumber(String key) {
    return required(key, Long.class);
  }

  /// Returns a whole number that its rule keeps in the range of an int.
  public int integer(String key) {
    return Math.toIntExact(wholeNumber(key));
  }

  /// Returns a number.
  public double number(String key) {
    return required(key, Double.class);
  }

  /// Returns a number, if there is one.
  public Optional<Double> maybeNumber(String key) {
    return Optional.ofNullable(value(key, Double.class));
  }

  /// Returns a truth value.
  public boolean truth(String key) {
    return required(key, Boolean.class);
  }

  /// Returns a text.
  public String text(String key) {
    return required(key, String.class);
  }

  /// Returns a text, if there is one.
  public Optional<String> maybeText(String key) {
    return Optional.ofNullable(value(key, String.class));
  }

  /// Returns a span of time, if there is one.
  public Optional<Duration> maybeTime(String key) {
    return Optional.ofNullable(value(key, Duration.class));
  }

  /// Returns a list of texts.
  public List<String> texts(String key) {
    List<String> texts = new ArrayList<>();
    for (Object text : required(key, List.class)) {
      texts.add((String) text);
    }
    return texts;
  }

  /// Returns a section below.
  public Settings section(String key) {
    return required(key, Settings.class);
  }

  /// Returns a section below, if there is one.
  public Optional<Settings> maybeSection(String key) {
    return Optional.ofNullable(value(key, Settings.class));
  }

  /// Returns the piece of YAML that others read.
  public YamlNode node(String key) {
    return required(key, YamlNode.class);
  }

  /// Returns these values with another one.
  Settings with(String key, Object value) {
    Map<String, Object> changed = new LinkedHashMap<>(values);
    changed.put(key, value);
    return new Settings(changed);
  }

  Set<String> names() {
    return values.keySet();
  }

  @Nullable Object raw(String key) {
    return values.get(key);
  }

  private <T> @Nullable T value(String key, Class<T> type) {
    Object value = values.get(key);
    if (value != null && !type.isInstance(value)) {
      throw new IllegalArgumentException(
          "setting " + key + " is " + value.getClass().getSimpleName() + ", not " + type);
    }
    return type.cast(value);
  }

  private <T> T required(String key, Class<T> type) {
    T value = value(key, type);
    if (value == null) {
      throw new IllegalArgumentException("no setting " + key + " among " + values.keySet());
    }
    return value;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Settings s && s.values.equals(values);
  }

  @Override
  public int hashCode() {
    return values.hashCode();
  }

  @Override
  public String toString() {
    return values.toString();
  }
}
