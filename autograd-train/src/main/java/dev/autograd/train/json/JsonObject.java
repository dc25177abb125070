package dev.autograd.train.json;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A JSON object in memory: fields in the order they were put.
///
/// Values are `JsonObject`, `List`, `String`, `Long`, `Double`, `Boolean`, or [#NULL]. The readers
/// that take a [Place] throw an [InputException] of kind DATA when a field is missing or of another
/// type.
public final class JsonObject {
  /// Stands for JSON's `null`.
  public static final Object NULL = Absence.NULL;

  private enum Absence {
    NULL;

    @Override
    public String toString() {
      return "null";
    }
  }

  private final Map<String, Object> fields = new LinkedHashMap<>();

  /// Makes an empty object.
  public JsonObject() {}

  /// Sets a text.
  public JsonObject put(String name, String value) {
    return set(name, value);
  }

  /// Sets a whole number.
  public JsonObject put(String name, long value) {
    return set(name, value);
  }

  /// Sets a number; NaN and the infinities are written as texts.
  public JsonObject put(String name, double value) {
    return set(name, value);
  }

  /// Sets a truth value.
  public JsonObject put(String name, boolean value) {
    return set(name, value);
  }

  /// Sets an object.
  public JsonObject put(String name, JsonObject value) {
    return set(name, value);
  }

  /// Sets a list, whose items are what values may be.
  public JsonObject put(String name, List<?> values) {
    return set(name, List.copyOf(values));
  }

  JsonObject set(String name, Object value) {
    fields.put(name, value);
    return this;
  }

  /// Sets an empty object and returns it, to be filled.
  public JsonObject putObject(String name) {
    JsonObject value = new JsonObject();
    put(name, value);
    return value;
  }

  /// Returns the names of the fields in their order.
  public Set<String> names() {
    return Collections.unmodifiableSet(fields.keySet());
  }

  /// Tells whether there is such a field.
  public boolean has(String name) {
    return fields.containsKey(name);
  }

  /// Returns a value, or null when there is no such field.
  public @Nullable Object get(String name) {
    return fields.get(name);
  }

  /// Reads a required text.
  public String text(String name, Place place) {
    return field(name, String.class, "a text", place);
  }

  /// Reads a required whole number.
  public long integer(String name, Place place) {
    return field(name, Long.class, "a whole number", place);
  }

  /// Reads a required whole number from 0 on that fits an int.
  public int count(String name, Place place) {
    long value = integer(name, place);
    if (value < 0 || value > Integer.MAX_VALUE) {
      throw InputException.data("field '%s' is %d".formatted(name, value))
          .at(place)
          .expected("a whole number from 0 to " + Integer.MAX_VALUE)
          .build();
    }
    return (int) value;
  }

  /// Reads a required number, which may be one that JSON lacks.
  public double number(String name, Place place) {
    Object value = fields.get(name);
    return switch (value) {
      case Long n -> n.doubleValue();
      case Double n -> n;
      case String s when s.equals("NaN") -> Double.NaN;
      case String s when s.equals("Infinity") -> Double.POSITIVE_INFINITY;
      case String s when s.equals("-Infinity") -> Double.NEGATIVE_INFINITY;
      case null, default -> throw wrong(name, "a number", place);
    };
  }

  /// Reads a required truth value.
  public boolean truth(String name, Place place) {
    return field(name, Boolean.class, "true or false", place);
  }

  /// Reads a required object.
  public JsonObject object(String name, Place place) {
    return field(name, JsonObject.class, "an object", place);
  }

  /// Reads a required list whose items are all of one class.
  public <T> List<T> list(String name, Class<T> type, Place place) {
    List<T> items = new ArrayList<>();
    for (Object item : field(name, List.class, "a list", place)) {
      if (!type.isInstance(item)) {
        throw InputException.data("field '%s' has the item %s".formatted(name, item))
            .at(place)
            .expected("a list of " + plural(type))
            .build();
      }
      items.add(type.cast(item));
    }
    return items;
  }

  private static String plural(Class<?> type) {
    return type == String.class
        ? "texts"
        : type == Long.class ? "whole numbers" : type == JsonObject.class ? "objects" : "numbers";
  }

  private <T> T field(String name, Class<T> type, String expected, Place place) {
    Object value = fields.get(name);
    if (!type.isInstance(value)) {
      throw wrong(name, expected, place);
    }
    return type.cast(value);
  }

  private InputException wrong(String name, String expected, Place place) {
    Object value = fields.get(name);
    String found =
        switch (value) {
          case null -> "";
          case JsonObject o -> "an object";
          case List<?> l -> "a list";
          case String s -> "a text";
          default -> value.toString();
        };
    return InputException.data(
            value == null
                ? "missing field '" + name + "'"
                : "field '%s' must be %s, got %s".formatted(name, expected, found))
        .at(place)
        .build();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof JsonObject o && o.fields.equals(fields);
  }

  @Override
  public int hashCode() {
    return fields.hashCode();
  }

  /// Writes on one line.
  @Override
  public String toString() {
    return Json.line(this);
  }
}
