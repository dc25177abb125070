package dev.autograd.train.config;

import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The options of a model or a layer, for whoever builds it. Each method that finds something wrong
/// throws an [InputException] of kind CONFIG that names the place in the user's file.
///
/// A builder first calls [#accept] with all keys it knows, then asks for the values.
public final class Options {
  private final String owner;
  private final YamlNode.Mapping mapping;

  Options(String owner, YamlNode.Mapping mapping) {
    this.owner = owner;
    this.mapping = mapping;
  }

  static Options none(String owner, Place place) {
    return new Options(owner, new YamlNode.Mapping(Map.of(), place));
  }

  /// Checks that there are no other keys than these.
  public Options accept(String... keys) {
    List<String> known = Arrays.asList(keys);
    mapping
        .fields()
        .forEach(
            (name, field) -> {
              if (!known.contains(name)) {
                throw InputException.config("unknown option '" + name + "' of " + owner)
                    .at(field.place())
                    .didYouMean(name, known)
                    .hint(
                        known.isEmpty()
                            ? owner + " takes no options"
                            : "options here: " + String.join(", ", known))
                    .build();
              }
            });
    return this;
  }

  /// Returns the names that were given.
  public List<String> names() {
    return List.copyOf(mapping.fields().keySet());
  }

  /// Tells whether an option was given.
  public boolean has(String key) {
    return mapping.fields().containsKey(key);
  }

  /// Returns where an option stands, or where its owner does if it was not given.
  public Place place(String key) {
    YamlNode node = mapping.get(key);
    return node == null ? mapping.place() : node.place();
  }

  /// Returns an option as it was written, or null.
  public @Nullable YamlNode node(String key) {
    return mapping.get(key);
  }

  /// Returns a required whole number of at least `least`.
  public int integer(String key, int least) {
    return integer(owner + "." + key, required(key, wholeNumber(least)), least);
  }

  /// Returns a whole number of at least `least`, or the fallback.
  public int integer(String key, int least, int fallback) {
    return has(key) ? integer(key, least) : fallback;
  }

  /// Returns a list of whole numbers of at least `least`; a single number is a list of one.
  public int[] integers(String key, int least, int... fallback) {
    YamlNode node = mapping.get(key);
    return switch (node) {
      case null -> fallback.clone();
      case YamlNode.Sequence s -> {
        int[] numbers = new int[s.items().size()];
        for (int i = 0; i < numbers.length; i++) {
          numbers[i] = integer(owner + "." + key + "[" + i + "]", s.items().get(i), least);
        }
        yield numbers;
      }
      default -> new int[] {integer(owner + "." + key, node, least)};
    };
  }

  /// Returns a finite number, or the fallback.
  public double number(String key, double fallback) {
    YamlNode node = mapping.get(key);
    if (node == null) {
      return fallback;
    }
    if (node instanceof YamlNode.Scalar s
        && s.value() instanceof Number n
        && Double.isFinite(n.doubleValue())) {
      return n.doubleValue();
    }
    throw wrong(owner + "." + key, node, "a number");
  }

  /// Returns a truth value, or the fallback.
  public boolean truth(String key, boolean fallback) {
    YamlNode node = mapping.get(key);
    if (node == null) {
      return fallback;
    }
    if (node instanceof YamlNode.Scalar s && s.value() instanceof Boolean b) {
      return b;
    }
    throw wrong(owner + "." + key, node, "true or false");
  }

  /// Returns a text, or the fallback.
  public String text(String key, String fallback) {
    YamlNode node = mapping.get(key);
    if (node == null) {
      return fallback;
    }
    if (node instanceof YamlNode.Scalar s && s.value() instanceof String text) {
      return text;
    }
    throw wrong(owner + "." + key, node, "a text");
  }

  /// Returns one of some words, or the fallback.
  public String word(String key, List<String> words, String fallback) {
    String word = text(key, fallback);
    if (!words.contains(word)) {
      throw InputException.config("unknown %s.%s '%s'".formatted(owner, key, word))
          .at(place(key))
          .didYouMean(word, words)
          .expected("one of " + String.join(", ", words))
          .build();
    }
    return word;
  }

  private YamlNode required(String key, String expected) {
    YamlNode node = mapping.get(key);
    if (node == null) {
      throw InputException.config("missing option '" + key + "' of " + owner)
          .at(mapping.place())
          .expected(expected)
          .build();
    }
    return node;
  }

  static int integer(String what, YamlNode node, int least) {
    if (node instanceof YamlNode.Scalar s
        && s.value() instanceof Long n
        && n >= least
        && n <= Integer.MAX_VALUE) {
      return n.intValue();
    }
    throw wrong(what, node, wholeNumber(least));
  }

  private static String wholeNumber(int least) {
    return "a whole number of at least " + least;
  }

  private static InputException wrong(String what, YamlNode node, String expected) {
    return InputException.config(
            "'%s' must be %s, got %s".formatted(what, expected, node.describe()))
        .at(node.place())
        .build();
  }

  YamlNode.Mapping mapping() {
    return mapping;
  }

  @Override
  public String toString() {
    return owner + mapping.fields().keySet();
  }
}
