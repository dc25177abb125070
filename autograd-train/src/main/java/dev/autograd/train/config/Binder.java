package dev.autograd.train.config;

import dev.autograd.train.DidYouMean;
import dev.autograd.train.InputException;
import dev.autograd.train.Place;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Checks YAML against rules, fills in what is missing, and remembers where each value came from.
final class Binder {
  private static final Pattern TIME =
      Pattern.compile("(?:(\\d+)h)?(?:(\\d+)m)?(?:(\\d+(?:\\.\\d+)?)s)?");
  private static final Set<String> YAML_1_1_TRUTHS = Set.of("yes", "no", "on", "off");
  private static final Place FALLBACK = Place.of("default");

  private final List<ConfigKey> top;
  private final Map<String, Place> sources = new LinkedHashMap<>();

  Binder(List<ConfigKey> top) {
    this.top = top;
  }

  /// Returns where each value came from, by its full name.
  Map<String, Place> sources() {
    return sources;
  }

  Settings bind(YamlNode.Mapping root) {
    return section(top, root, "", null);
  }

  private Settings section(
      List<ConfigKey> keys, YamlNode.Mapping mapping, String prefix, @Nullable String type) {
    List<String> known = new ArrayList<>(Rule.names(keys));
    if (type != null) {
      known.addFirst(Rule.Choice.TAG);
    }
    for (Map.Entry<String, YamlNode.Field> field : mapping.fields().entrySet()) {
      if (!known.contains(field.getKey())) {
        throw unknownKey(field.getKey(), prefix, known, type, field.getValue().place());
      }
    }
    Map<String, Object> values = new LinkedHashMap<>();
    if (type != null) {
      values.put(Rule.Choice.TAG, type);
    }
    for (ConfigKey key : keys) {
      YamlNode.Field field = mapping.fields().get(key.name());
      String path = prefix + key.name();
      if (field == null && key.fallback() == null) {
        throw InputException.config("missing '" + path + "'")
            .at(mapping.place())
            .expected(key.rule().expected() + ": " + key.doc())
            .build();
      }
      YamlNode node = field == null ? fallback(key) : field.value();
      sources.put(path, node.place());
      Object value =
          node instanceof YamlNode.Scalar s && s.value() == null && key.optional()
              ? null
              : value(key.rule(), node, path);
      if (value != null) {
        values.put(key.name(), value);
      }
    }
    return new Settings(values);
  }

  private static YamlNode fallback(ConfigKey key) {
    return YamlReader.readValue(String.valueOf(key.fallback()), FALLBACK);
  }

  private InputException unknownKey(
      String name, String prefix, List<String> known, @Nullable String type, Place place) {
    String suggestion = DidYouMean.nearest(name, known).map(k -> prefix + k).orElse(null);
    if (suggestion == null) {
      suggestion =
          Rule.all(top).keySet().stream()
              .filter(path -> path.endsWith("." + name) || path.equals(name))
              .findFirst()
              .orElse(null);
    }
    String section = prefix.isEmpty() ? "" : prefix.substring(0, prefix.length() - 1);
    return InputException.config(
            "unknown key '%s%s'%s"
                .formatted(prefix, name, type == null ? "" : " of type '" + type + "'"))
        .at(place)
        .didYouMean(suggestion)
        .hint(
            "keys here: "
                + (section.isEmpty()
                    ? String.join(", ", known)
                    : section + ".{" + String.join(",", known) + "}"))
        .build();
  }

  private Object value(Rule rule, YamlNode node, String path) {
    return switch (rule) {
      case Rule.WholeNumber r -> wholeNumber(r, node, path);
      case Rule.RealNumber r -> {
        Double number = asNumber(node);
        if (number == null || !r.allows(number)) {
          throw wrong(rule, node, path);
        }
        yield number;
      }
      case Rule.Truth r -> scalar(rule, node, path, Boolean.class);
      case Rule.Text r -> text(rule, node, path);
      case Rule.FilePath r -> {
        String text = text(rule, node, path);
        if (text.isBlank()) {
          throw wrong(rule, node, path);
        }
        yield node.place().resolve(text).toString();
      }
      case Rule.OneOf r -> {
        String word = text(rule, node, path);
        if (!r.words().contains(word)) {
          throw wrong(rule, node, path);
        }
        yield word;
      }
      case Rule.Time r -> time(r, node, path);
      case Rule.ListOf r -> {
        if (!(node instanceof YamlNode.Sequence list)) {
          throw wrong(rule, node, path);
        }
        List<Object> values = new ArrayList<>();
        for (int i = 0; i < list.items().size(); i++) {
          values.add(value(r.item(), list.items().get(i), path + "[" + i + "]"));
        }
        yield List.copyOf(values);
      }
      case Rule.Section r -> {
        if (!(node instanceof YamlNode.Mapping mapping)) {
          throw wrong(rule, node, path);
        }
        yield section(r.keys(), mapping, path + ".", null);
      }
      case Rule.Choice r -> choice(r, node, path);
      case Rule.Anything r -> node;
    };
  }

  private Settings choice(Rule.Choice rule, YamlNode node, String path) {
    YamlNode tag =
        switch (node) {
          case YamlNode.Mapping m -> m.get(Rule.Choice.TAG);
          case YamlNode.Scalar s -> s;
          case YamlNode.Sequence s -> throw wrong(rule, s, path);
        };
    if (tag == null) {
      throw InputException.config("missing '" + path + ".type'")
          .at(node.place())
          .expected(rule.expected())
          .build();
    }
    if (!(tag instanceof YamlNode.Scalar s
        && s.value() instanceof String type
        && rule.variants().containsKey(type))) {
      String asked = tag instanceof YamlNode.Scalar s ? s.text() : "";
      throw InputException.config(
              "unknown %s '%s'".formatted(path, asked.isEmpty() ? tag.describe() : asked))
          .at(tag.place())
          .didYouMean(asked, rule.variants().keySet())
          .expected(rule.expected())
          .build();
    }
    sources.put(path + "." + Rule.Choice.TAG, tag.place());
    YamlNode.Mapping mapping =
        node instanceof YamlNode.Mapping m ? m : new YamlNode.Mapping(Map.of(), node.place());
    return section(rule.keysOf(type), mapping, path + ".", type);
  }

  /// Takes `1e3` too: what counts is the value.
  private static Long wholeNumber(Rule.WholeNumber rule, YamlNode node, String path) {
    Long value = null;
    if (node instanceof YamlNode.Scalar s) {
      if (s.value() instanceof Long n) {
        value = n;
      } else if (s.value() instanceof Double d && d == Math.rint(d) && Math.abs(d) < 0x1p53) {
        value = d.longValue();
      }
    }
    if (value == null || value < rule.least() || value > rule.most()) {
      throw wrong(rule, node, path);
    }
    return value;
  }

  private static @Nullable Double asNumber(YamlNode node) {
    if (node instanceof YamlNode.Scalar s) {
      if (s.value() instanceof Double d) {
        return d;
      } else if (s.value() instanceof Long l) {
        return l.doubleValue();
      }
    }
    return null;
  }

  /// Numbers and truth values serve as texts too: a column may be called `2024`.
  private static String text(Rule rule, YamlNode node, String path) {
    if (node instanceof YamlNode.Scalar s && s.value() != null) {
      return s.text();
    }
    throw wrong(rule, node, path);
  }

  private static Duration time(Rule.Time rule, YamlNode node, String path) {
    Double seconds = asNumber(node);
    if (seconds == null && node instanceof YamlNode.Scalar s && s.value() instanceof String text) {
      Matcher parts = TIME.matcher(text.replace(" ", ""));
      if (!text.isBlank() && parts.matches()) {
        seconds = 3600 * part(parts.group(1)) + 60 * part(parts.group(2)) + part(parts.group(3));
      }
    }
    if (seconds == null || !(seconds > 0) || seconds > 1e9) {
      throw wrong(rule, node, path);
    }
    return Duration.ofMillis(Math.round(seconds * 1000));
  }

  private static double part(@Nullable String digits) {
    return digits == null ? 0 : Double.parseDouble(digits);
  }

  private static <T> T scalar(Rule rule, YamlNode node, String path, Class<T> type) {
    if (node instanceof YamlNode.Scalar s && type.isInstance(s.value())) {
      return type.cast(s.value());
    }
    throw wrong(rule, node, path);
  }

  private static InputException wrong(Rule rule, YamlNode node, String path) {
    InputException.Builder error =
        InputException.config(
                "'%s' must be %s, got %s".formatted(path, rule.expected(), node.describe()))
            .at(node.place());
    if (node instanceof YamlNode.Scalar s && s.value() instanceof String text) {
      if (rule instanceof Rule.OneOf oneOf) {
        error.didYouMean(text, oneOf.words());
      } else if (rule instanceof Rule.Truth && YAML_1_1_TRUTHS.contains(text)) {
        error.hint("YAML 1.2 reads '" + text + "' as a text; write true or false.");
      } else if (text.matches("[\\d_]+")) {
        error.hint("Write the number without '_': " + text.replace("_", ""));
      }
    }
    return error.build();
  }
}
